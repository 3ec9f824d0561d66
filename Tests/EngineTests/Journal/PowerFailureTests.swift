import Base
import Durability
import Engine
import Glibc
import Ingest
import Query
import TestSupport
import Testing

/// The whole engine over a disk that forgets, tears, fills up and refuses: streams, saves, loads and removals, then the
/// power fails, or a call does.
@Suite("Power failures")
struct PowerFailureTests {
  @Test("nothing acknowledged is lost, nothing is doubled, nothing is invented")
  func powerFailures() throws {
    try forAll(count: Cases.count(debug: 100, optimized: 5000), seed: 90_000) {
      random, seed in
      var life = EngineLife(&random, seed)
      for _ in 0..<1 + random.below(3) {
        try life.run(&random)
        life.fail(&random)
        try life.check()
        // Recovering twice is recovering once, also when the power fails meanwhile.
        life.fail(&random)
        try life.check()
      }
    }
  }

  @Test("every call may fail, and what was acknowledged is there all the same")
  func failingCalls() throws {
    try forAll(count: Cases.count(debug: 50, optimized: 2000), seed: 91_000) { random, seed in
      var life = EngineLife(&random, seed)
      try life.runWithFaults(&random)
      if random.isHit(0.5) { life.fail(&random) } else { life.kill() }
      try life.check()
      try life.run(&random)
      life.kill()
      try life.check()
    }
  }
}

/// Lives of an engine on a simulated disk, and what was promised in them.
private struct EngineLife {
  private static let path = "/data"

  private let seed: String
  private var disk: SimulatedDisk
  private var engine: Engine?
  private var next = 0
  private var appended = Set<Int>()
  private var acknowledged = Set<Int>()

  init(_ random: inout PRNG, _ seed: String) {
    self.seed = seed
    disk = SimulatedDisk(seed: random.next())
  }

  private var configuration: Engine.Configuration {
    var configuration = Engine.Configuration(threadCount: 1)
    configuration.shard.segmentRowCountMax = 16
    return configuration
  }

  private func open() throws -> Engine {
    try Engine.openForWriting(EngineLife.path, configuration: configuration, system: disk)
  }

  // MARK: Life

  mutating func run(_ random: inout PRNG) throws {
    if engine == nil { engine = try open() }
    for _ in 0..<1 + random.below(12) { try step(&random) }
  }

  /// The same, while calls of the system fail; what is refused is not promised.
  mutating func runWithFaults(_ random: inout PRNG) throws {
    engine = try open()
    for _ in 0..<8 {
      disk.setFaults([DiskFault.random(&random, within: 40)])
      do { try step(&random) } catch is EngineError {}
    }
    disk.setFaults([])
  }

  private mutating func step(_ random: inout PRNG) throws {
    guard let engine else { return }
    switch random.below(10) {
    case 0: try engine.save()
    case 1: disk.writeBack(&random)
    case 2:
      // What was not acknowledged may be there or not.
      let stream = try engine.stream()
      try stream.append(lines(1 + random.below(30)))
    default:
      let first = next
      let stream = try engine.stream()
      for _ in 0..<1 + random.below(3) { try stream.append(lines(1 + random.below(20))) }
      _ = try stream.finish()
      acknowledged.formUnion(first..<next)
    }
  }

  private mutating func lines(_ count: Int) -> String {
    let numbers = next..<next + count
    next += count
    appended.formUnion(numbers)
    return numbers.map { LiveData.numbered($0) }.joined()
  }

  // MARK: Ends

  /// The power fails: what was not synchronized is gone, or half there.
  mutating func fail(_ random: inout PRNG) {
    engine = nil
    disk = disk.afterPowerFailure(&random)
  }

  /// The process ends: what was written is with the system.
  mutating func kill() {
    engine = nil
    disk.kill()
  }

  // MARK: What is there

  /// Opens anew and compares what is there with what was promised.
  mutating func check() throws {
    let engine = try open()
    let table = try engine.query("SELECT link, conversions FROM events GROUP BY link LIMIT 100000")
    var found = Set<Int>()
    for row in 0..<table.rowCount {
      let name = LiveData.text(table, row)
      let number = try #require(Int(name.dropFirst()), "\(seed)")
      found.insert(number)
      #expect(table.columns[1].cell(row) == .integer(1), "\(seed): \(name) is there twice")
    }
    #expect(acknowledged.subtracting(found).isEmpty, "\(seed): acknowledged and lost")
    #expect(found.subtracting(appended).isEmpty, "\(seed): never appended")
    #expect(engine.verify() == [], "\(seed)")
    self.engine = engine
  }
}

extension DiskFault {
  /// One call of the next `count` goes wrong.
  fileprivate static func random(_ random: inout PRNG, within count: Int) -> DiskFault {
    let codes = [EIO, ENOSPC, EMFILE, EINTR, EDQUOT]
    let code = codes[random.below(codes.count)]
    let effects: [Effect] = [.error(code), .halfway(code), .short(1 + random.below(100))]
    return DiskFault(effects[random.below(effects.count)], at: 1 + random.below(count))
  }
}
