import Base
import Glibc
import Testing

@Suite("Gates")
struct GateTests {
  /// Two numbers that are equal whenever somebody may look.
  private final class Pair: @unchecked Sendable {
    var left = 0
    var right = 0
  }

  @Test("who closes the gate meets nobody half-way, and nobody enters meanwhile")
  func exclusion() {
    let gate = Gate()
    let pairs = (0..<3).map { _ in Pair() }
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
            pairs[role].left += 1
            pairs[role].right += 1
          }
        } else {
          let bad = gate.close { pairs.count { $0.left != $0.right } }
          torn.update { $0 += bad }
        }
      }
    }
    #expect(torn.update { $0 } == 0)
    #expect(pairs.allSatisfy { $0.left == 2000 })
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
