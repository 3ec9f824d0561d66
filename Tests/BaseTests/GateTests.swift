import Base
import Glibc
import Testing

@Suite("Gates")
struct GateTests {
  @Test("who closes the gate meets nobody half-way, and nobody enters meanwhile")
  func exclusion() {
    let gate = Gate()
    // Two numbers for each of three threads, equal whenever somebody may look.
    let numbers = StableBuffer<Int>(capacity: 6)
    numbers.grow(by: 6).initialize(repeating: 0, count: 6)
    let roles = Monitor(0)
    let torn = Monitor(0)
    Threads.run(4) {
      let role = roles.update { role in
        role += 1
        return role - 1
      }
      for _ in 0..<2000 {
        if role < 3 {
          gate.enter {
            numbers[role * 2] += 1
            numbers[role * 2 + 1] += 1
          }
        } else {
          let bad = gate.close { (0..<3).count { numbers[$0 * 2] != numbers[$0 * 2 + 1] } }
          torn.update { $0 += bad }
        }
      }
    }
    #expect(torn.update { $0 } == 0)
    #expect((0..<6).allSatisfy { numbers[$0] == 2000 })
  }

  @Test("a wait ends when its time is over, or earlier when there is something")
  func timedWait() {
    let monitor = Monitor(0)
    #expect(monitor.wait(atMost: 1_000_000) { $0 > 0 ? $0 : nil } == nil)
    #expect(monitor.wait(atMost: 0) { $0 == 0 ? 7 : nil } == 7)
    let thread = Threads.start { monitor.update { $0 = 3 } }
    #expect(monitor.wait(atMost: 60_000_000_000) { $0 > 0 ? $0 : nil } == 3)
    thread?.join()
    #expect(thread != nil)
  }
}
