import Base
import TestSupport
import Testing

@Suite("Threads and monitors")
struct ThreadsTests {
  @Test("every index is visited once, whatever the number of threads", arguments: [0, 1, 2, 8])
  func indices(_ threadCount: Int) {
    for count in [0, 1, 2, 7, 1000] {
      let visits = Monitor([Int](repeating: 0, count: count))
      Threads.forEach(count, threadCount: threadCount) { index in
        visits.update { $0[index] += 1 }
      }
      #expect(visits.update { $0 } == [Int](repeating: 1, count: count))
    }
  }

  @Test("a body runs once on each thread, and all have ended on return")
  func run() {
    for count in 1...8 {
      let runs = Monitor(0)
      Threads.run(count) { runs.update { $0 += 1 } }
      #expect(runs.update { $0 } == count)
    }
  }

  @Test("changes are never lost, and whoever waits for one sees it")
  func monitor() {
    let (numbers, role) = (Monitor<[Int]>([]), Monitor(0))
    let sum = Monitor(0)
    Threads.run(4) {
      let isProducer = role.update { role in
        role += 1
        return role % 2 == 0
      }
      for number in 1...2000 {
        if isProducer {
          numbers.update { $0.append(number) }
        } else {
          let taken = numbers.wait { $0.popLast() }
          sum.update { $0 += taken }
        }
      }
    }
    #expect(sum.update { $0 } == 2 * 2000 * 2001 / 2)
    #expect(numbers.update { $0.isEmpty })
  }
}
