import Base
import Columnar
import Engine
import Glibc
import Ingest
import Query
import TestSupport
import Testing

@Suite("What is removed")
struct RemovalTests {
  private let folder = TemporaryFolder()
  private var data: String { folder.path + "/data" }

  private func open() throws -> Engine {
    try EngineSetup(name: "removal", segmentRowCountMax: 64).open(in: folder)
  }

  private func stream(_ text: String, into engine: Engine) throws -> LineTally {
    let stream = try engine.stream()
    try stream.append(text)
    return try stream.finish()
  }

  private static let count = "SELECT conversions FROM events"

  private static func conversion(
    _ recipient: String, day: Int = 14, id: String? = nil
  ) -> String {
    let id = id.map { ",\"id\":\"\($0)\"" } ?? ""
    return "{\"time\":\"2026-03-\(day)\",\"kind\":\"converted\",\"campaign\":\"c\","
      + "\"recipient\":\"\(recipient)\"\(id)}\n"
  }

  /// Recipients of one shard.
  private static let neighbours: [String] = (0..<400).map { "r\($0)@x.example" }.filter {
    Sharding.shard(of: Hash.of($0)) == 5
  }

  // MARK: Files

  /// The files, or sections of files, in which `key` stands.
  private func places(of key: String) throws -> [String] {
    let key = Array(key.utf8)
    return try TemporaryFolder.names(in: data).flatMap { name -> [String] in
      let bytes = TemporaryFolder.read("\(data)/\(name)")
      let kind: SectionFileKind? =
        name == "manifest"
        ? .manifest
        : name.contains("-shared")
          ? .shared : name.contains("-shard") ? .shard : name.contains("-segment") ? .segment : nil
      let sections = try kind.map { try Dissection(bytes, $0).sections } ?? []
      return (RemovalTests.contains(key, in: bytes) ? [name] : [])
        + sections.filter { RemovalTests.contains(key, in: $0.payload) }.map { "\(name) \($0.id)" }
    }
  }

  private static func contains(_ key: [UInt8], in bytes: [UInt8]) -> Bool {
    bytes.indices.dropLast(key.count - 1).contains { start in
      bytes[start] == key[0] && bytes[start..<start + key.count].elementsEqual(key)
    }
  }

  @Test("a forgotten recipient is in no file, and its neighbours are where they were")
  func files() throws {
    let engine = try open()
    let lines = RemovalTests.neighbours.map { RemovalTests.conversion($0) }.joined()
    let table = RenderedFile(
      name: "recipients.csv",
      bytes: Array(
        ("recipient,plan\n" + RemovalTests.neighbours.map { "\($0),gold\n" }.joined()).utf8))
    try EngineSetup.load(
      [RenderedFile(name: "a.ndjson", bytes: Array(lines.utf8)), table], into: engine, in: folder)
    let (gone, other) = (RemovalTests.neighbours[3], RemovalTests.neighbours[4])
    #expect(try places(of: gone).isEmpty == false)
    #expect(
      try engine.forget([Array(gone.utf8)])
        == RemovalCounts(events: 1, messages: 1, recipients: 1))
    let left = try places(of: gone)
    #expect(left == [])
    #expect(try places(of: other).count == 1)
    for engine in [engine, try Engine.open(data)] {
      let rest = try engine.query("SELECT recipient, recipient.plan FROM recipients")
      #expect(rest.rowCount == RemovalTests.neighbours.count - 1)
      #expect(engine.verify() == [])
    }
  }

  private var logSizes: [String: Int] {
    let names = TemporaryFolder.names(in: data).filter { $0.hasSuffix("-log") }
    return Dictionary(
      uniqueKeysWithValues: names.map { ($0, TemporaryFolder.read("\(data)/\($0)").count) })
  }

  /// More than a file of the log without events has.
  private static let emptyLogByteCount = 200

  @Test("what streams brought of a forgotten recipient is not in the log either")
  func log() throws {
    let engine = try open()
    let lines = RemovalTests.neighbours.map { RemovalTests.conversion($0) }.joined()
    _ = try stream(lines, into: engine)
    #expect(logSizes.values.allSatisfy { $0 > RemovalTests.emptyLogByteCount })
    _ = try engine.forget([Array(RemovalTests.neighbours[0].utf8)])
    #expect(logSizes.values.allSatisfy { $0 < RemovalTests.emptyLogByteCount })
    _ = try stream(RemovalTests.conversion("later@x.example"), into: engine)
    let count = RemovalTests.neighbours.count
    for engine in [engine, try Engine.open(data)] {
      #expect(try LiveData.integers(RemovalTests.count, engine) == [count])
    }
  }

  @Test("nor in a log that a crash left behind")
  func formerLog() throws {
    var engine: Engine? = try open()
    _ = try stream(RemovalTests.conversion("gone@x.example"), into: #require(engine))
    let name = try #require(logSizes.keys.first)
    let bytes = TemporaryFolder.read("\(data)/\(name)")
    try engine?.save()
    engine = nil
    #expect(logSizes[name] == nil)
    folder.write("data/\(name)", bytes)
    let reopened = try open()
    #expect(logSizes[name] != nil)
    #expect(try reopened.forget([Array("gone@x.example".utf8)]).events == 1)
    #expect(logSizes[name] == nil)
    #expect(try LiveData.integers(RemovalTests.count, Engine.open(data)) == [0])
  }

  @Test("files that were loaded bring nothing back; new events make a new recipient")
  func again() throws {
    let engine = try open()
    let key = RemovalTests.neighbours[0]
    let file = RenderedFile(
      name: "a.ndjson", bytes: Array((RemovalTests.conversion(key)).utf8))
    try EngineSetup.load([file], into: engine, in: folder)
    _ = try engine.forget([Array(key.utf8)])
    #expect(try engine.forget([Array(key.utf8)]).isNothing)
    try EngineSetup.load([file], into: engine, in: folder)
    #expect(try LiveData.integers(RemovalTests.count, engine) == [0])
    _ = try stream(RemovalTests.conversion(key, day: 15), into: engine)
    #expect(try LiveData.integers(RemovalTests.count, engine) == [1])
    #expect(try LiveData.integers(RemovalTests.count, try Engine.open(data)) == [1])
  }

  @Test(
    "ids that stay are still known, though their messages have other numbers; ids that went are not"
  )
  func identities() throws {
    let engine = try open()
    let lines = RemovalTests.neighbours.prefix(3).map { RemovalTests.conversion($0, id: "1") }
    _ = try stream(lines.joined(), into: engine)
    _ = try engine.forget([Array(RemovalTests.neighbours[0].utf8)])
    #expect(try stream(lines.joined(), into: engine).shards.repeated == 2)
    #expect(try LiveData.integers(RemovalTests.count, engine) == [3])
    let reopened = try Engine.open(data)
    #expect(reopened.verify() == [])
    #expect(try LiveData.integers(RemovalTests.count, reopened) == [3])
  }

  @Test("retention leaves shards alone that have nothing old, and all of them the next time")
  func untouched() throws {
    let engine = try open()
    let recipients = (0..<200).map { "r\($0)@x.example" }
    _ = try stream(recipients.map { RemovalTests.conversion($0) }.joined(), into: engine)
    _ = try stream(RemovalTests.conversion(RemovalTests.neighbours[0], day: 10), into: engine)
    try engine.save()
    var policy = RetentionPolicy()
    try policy.set("3d")
    let now = CivilTime.milliseconds(CivilDate(year: 2026, month: 3, day: 14), hour: 23)
    let before = Set(TemporaryFolder.names(in: data))
    #expect(
      try engine.applyRetention(policy, now: now)
        == RemovalCounts(events: 1))
    let after = Set(TemporaryFolder.names(in: data))
    #expect(
      after.subtracting(before).map { String($0.dropFirst(9)) }.sorted()
        == ["segment-5", "shard-5", "shared"])
    #expect(try engine.applyRetention(policy, now: now).isNothing)
    #expect(Set(TemporaryFolder.names(in: data)) == after)
    #expect(try engine.applyRetention(policy, now: now + 3 * 86_400_000).events == 0)
    #expect(
      try engine.applyRetention(policy, now: now + 4 * 86_400_000)
        == RemovalCounts(events: 200, messages: 200, recipients: 200))
    #expect(engine.inventory.segmentCount == 0)
    #expect(try LiveData.integers(RemovalTests.count, engine) == [0])
    #expect(engine.verify() == [])
  }

  @Test("a rewrite makes few segments out of many, sorted over the whole shard")
  func merging() throws {
    let engine = try open()
    let keys = Array(RemovalTests.neighbours.prefix(20))
    for day in (1...12).shuffled() {
      let lines = keys.map { key in
        RemovalTests.conversion(key, day: day + 9)
          + "{\"time\":\"2026-03-\(day + 9)\",\"kind\":\"opened\",\"campaign\":\"c\","
          + "\"recipient\":\"\(key)\"}\n"
      }
      _ = try stream(lines.joined(), into: engine)
    }
    _ = try engine.forget([Array(keys[0].utf8)])
    // 12 days of two events of 19 recipients, in segments of 64.
    #expect(engine.inventory.segmentCount == 8)
    let segments = engine.snapshot.shards[5].segments
    let order = segments.flatMap { segment in
      zip(segment[.kind].decoded(), segment[.time].decoded()).map { [$0, $1] }
    }
    #expect(zip(order, order.dropFirst()).allSatisfy { !$1.lexicographicallyPrecedes($0) })
  }

  // MARK: What goes wrong

  @Test("a directory that was opened for queries forgets nobody")
  func readers() throws {
    _ = try open()
    let reader = try Engine.open(data)
    #expect(throws: EngineError.failed("the data directory was opened for queries")) {
      try reader.forget([Array("r".utf8)])
    }
  }

  @Test("a removal that the disk refuses changes nothing, and the next one works")
  func refused() throws {
    let engine = try open()
    let keys = RemovalTests.neighbours.prefix(10)
    let open = try engine.stream()
    try open.append(keys.map { RemovalTests.conversion($0) }.joined())
    // Saved now, so that the removal alone meets the obstacle.
    try engine.save()
    let number = TemporaryFolder.names(in: data).compactMap { Int($0.prefix(8)) }.max() ?? 0
    let digits = String(number + 1)
    let obstacle =
      data + "/" + String(repeating: "0", count: 8 - digits.count) + digits + "-shared"
    mkdir(obstacle, 0o755)
    let gone = [Array(keys[0].utf8)]
    #expect(throws: EngineError.self) { _ = try engine.forget(gone) }
    #expect(try LiveData.integers(RemovalTests.count, engine) == [10])
    #expect(try LiveData.integers(RemovalTests.count, try Engine.open(data)) == [10])
    rmdir(obstacle)
    try open.append(RemovalTests.conversion("later@x.example"))
    _ = try open.finish()
    #expect(try engine.forget(gone).events == 1)
    #expect(try LiveData.integers(RemovalTests.count, engine) == [10])
    #expect(try LiveData.integers(RemovalTests.count, try Engine.open(data)) == [10])
    #expect(engine.verify() == [])
  }

  // MARK: Beside streams

  @Test("streams beside removals lose nothing, and queries see whole states")
  func besideStreams() throws {
    let engine = try open()
    let lineCount = Cases.count(2000)
    let isDone = Monitor(false)
    var jobs = Jobs()
    jobs.add {
      defer { isDone.update { $0 = true } }
      let tally = try LiveData.feed(engine, through: lineCount)
      #expect(tally.shards.added == lineCount)
    }
    jobs.add {
      let stream = try engine.stream()
      while !isDone.update({ $0 }) {
        for key in RemovalTests.neighbours {
          try stream.append(RemovalTests.conversion(key, day: 10))
        }
      }
      _ = try stream.finish()
    }
    jobs.add {
      var policy = RetentionPolicy()
      try policy.set("3d")
      let now = CivilTime.milliseconds(CivilDate(year: 2026, month: 3, day: 15))
      while !isDone.update({ $0 }) {
        _ = try engine.forget(RemovalTests.neighbours.prefix(5).map { Array($0.utf8) })
        _ = try engine.applyRetention(policy, now: now)
      }
    }
    jobs.add { try LiveData.expectGrowth(engine, until: isDone) }
    #expect(jobs.run() == [])
    _ = try engine.forget(RemovalTests.neighbours.map { Array($0.utf8) })
    for engine in [engine, try Engine.open(data)] {
      #expect(try LiveData.integers(RemovalTests.count, engine) == [lineCount])
      #expect(engine.verify() == [])
    }
  }
}
