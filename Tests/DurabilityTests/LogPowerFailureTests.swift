// Whatever a power failure takes, nothing of it was acknowledged.

import Base
import Durability
import Glibc
import TestSupport
import Testing

@Suite("Power failures")
struct LogPowerFailureTests {
  @Test("what was acknowledged is there, once, and behind it a prefix of what was appended")
  func powerFailures() throws {
    try forAll(count: Cases.count(1000)) { random, place in
      let model = try LogModel(seed: random.next())
      try model.recover(place)
      for _ in 0..<3 {
        model.run(LogModel.script(5 + random.below(25), &random))
        model.failPower(&random)
        let first = try model.check(place)
        try interruptRecovery(model, first, &random, place)
        try model.recover(place)
      }
      try #require(model.refusals == 0, "\(place)")
    }
  }

  /// Begins to go on, and lets the power fail in the middle of it; the second recovery must find what the first found.
  private func interruptRecovery(
    _ model: LogModel, _ first: LogContent, _ random: inout PRNG, _ place: String
  ) throws {
    guard random.isHit(0.5) else { return }
    let fault = DiskFault(.halfway(EIO), at: 1 + random.below(6), count: Int.max)
    model.disk.setFaults([fault])
    _ = try? Log(model.folder, after: first, options: model.options)
    model.disk.setFaults([])
    model.failPower(&random)
    let second = try model.check(place)
    #expect(second.next == first.next, "\(place)")
    #expect(second.recordCount == first.recordCount, "\(place)")
  }
}
