// Every call to the disk may fail; then nothing is promised that is not kept.

import Base
import Durability
import Glibc
import TestSupport
import Testing

@Suite("Calls that fail")
struct LogFaultTests {
  /// A script that comes by everything the log does.
  private static let script: [LogModel.Step] = [
    .append, .synchronize, .appendMany, .writeBack, .append, .synchronize, .mark, .rotate, .append,
    .appendMany, .synchronize, .append, .save, .append, .reopen, .appendMany, .synchronize, .mark,
    .append, .save, .appendMany, .writeBack, .synchronize, .append, .rotate, .append, .synchronize,
  ]

  private static let effects: [DiskFault.Effect] = [
    .error(EIO), .error(ENOSPC), .error(EMFILE), .error(EDQUOT), .error(EINTR), .halfway(EIO),
    .halfway(ENOSPC), .short(1), .short(100),
  ]

  @Test("each call of a run fails in each way: no acknowledgement is wrong", arguments: 1...2)
  func everyCall(seed: UInt64) throws {
    let callCount = try Self.callCount(seed)
    #expect(callCount > 60)
    for effect in Self.effects {
      for index in 1...callCount {
        try run(seed, DiskFault(effect, at: index), "SEED=\(seed), \(effect) at \(index)")
      }
    }
  }

  @Test("from each call on the disk refuses everything", arguments: 1...2)
  func everyCallFromOneOn(seed: UInt64) throws {
    for effect in Self.effects where effect != .error(EINTR) {
      for index in 1...(try Self.callCount(seed)) {
        let fault = DiskFault(effect, at: index, count: Int.max)
        try run(seed, fault, "SEED=\(seed), \(effect) from \(index) on")
      }
    }
  }

  @Test("two calls fail")
  func pairs() throws {
    try forAll(count: Cases.count(500)) { random, place in
      let count = try Self.callCount(1)
      let faults = (0..<2).map { _ in
        DiskFault(random.pick(Self.effects), at: 1 + random.below(count))
      }
      try run(1, faults, "\(place), \(faults)")
    }
  }

  private static func callCount(_ seed: UInt64) throws -> Int {
    let model = try LogModel(seed: seed)
    try model.recover()
    let before = model.disk.callCount
    model.run(script)
    #expect(model.refusals == 0)
    return model.disk.callCount - before
  }

  private func run(_ seed: UInt64, _ fault: DiskFault, _ place: String) throws {
    let refusals = try run(seed, [fault], place)
    switch fault.effect {
    case .error(EINTR), .short: #expect(refusals == 0, "\(place)")
    default: break
    }
  }

  @discardableResult
  private func run(_ seed: UInt64, _ faults: [DiskFault], _ place: String) throws -> Int {
    let model = try LogModel(seed: seed)
    try model.recover(place)
    model.disk.setFaults(faults)
    model.run(Self.script)
    model.disk.setFaults([])
    model.synchronize(through: UInt64(model.appended.count))
    var random = PRNG(seed: seed)
    let refusals = model.refusals
    if faults[0].index % 2 == 0 { try model.reopen() }
    model.failPower(&random)
    try model.recover(place)
    model.run([.append, .synchronize])
    #expect(model.refusals == refusals, "\(place)")
    model.failPower(&random)
    try model.check(place)
    return refusals
  }
}
