// Engines whose segments are on disk only: what they count of their memory, and what they say of files that are
// damaged or gone. That they answer like any other engine is what every suite over `EngineSetup.all` shows.

import Base
import Columnar
import Engine
import Ingest
import Query
import TestSupport
import Testing

@Suite("Cold segments")
struct ColdSegmentTests {
  private static func configuration(_ memoryByteCountMax: Int?) -> Engine.Configuration {
    var configuration = StoreSamples.configuration(threadCount: 2)
    configuration.memoryByteCountMax = memoryByteCountMax
    return configuration
  }

  private static func open(_ data: TemporaryFolder, _ memory: Int? = 0) throws -> Engine {
    try Engine.open(data.path, configuration: configuration(memory))
  }

  private static func segmentNames(_ data: TemporaryFolder) -> [String] {
    data.names.filter { $0.contains("-segment") }
  }

  // MARK: Memory

  @Test("the smaller the budget, the fewer bytes stay, and the answers are the same")
  func budgets() throws {
    let data = try StoreDamageTests.makeData()
    let warm = try ColdSegmentTests.open(data, nil)
    let answers = try StoreSamples.answers(warm)
    // Under a budget they are found beforehand.
    for shard in warm.snapshot.shards { _ = shard[.sentTime] }
    let whole = warm.status.memory
    #expect(whole.coldSegmentCount == 0 && whole.payloads > 0 && whole.budget == nil)
    var before = whole
    for budget in [1 << 30, whole.byteCount * 3 / 2, whole.byteCount, whole.byteCount / 2, 0] {
      let engine = try ColdSegmentTests.open(data, budget)
      _ = engine.snapshot
      let memory = engine.status.memory
      #expect(memory.budget == budget)
      #expect(memory.unavoidable == whole.unavoidable)
      if budget == 1 << 30 { #expect(memory.payloads == whole.payloads) }
      let isAllCold = memory.coldSegmentCount == engine.status.segmentCount
      #expect(isAllCold == (memory.payloads == 0))
      #expect(memory.byteCount <= budget || isAllCold)
      if budget == 0 { #expect(isAllCold) }
      #expect(memory.payloads <= before.payloads)
      #expect(try StoreSamples.answers(engine) == answers)
      #expect(engine.verify() == [])
      #expect(engine.inventory.byteCount == warm.inventory.byteCount)
      before = memory
    }
  }

  @Test("of a budget that is not enough for all, the oldest files' segments go first")
  func oldestFirst() throws {
    let data = try StoreDamageTests.makeData()
    let status = try ColdSegmentTests.open(data, nil).status
    let whole = status.memory
    // What is derived of messages takes its part too: about four bytes each.
    let states = status.messageCount * 4
    let budget = (whole.tables + whole.headers + states + whole.payloads / 2) * 10 / 6
    let memory = try ColdSegmentTests.open(data, budget).status.memory
    #expect(memory.coldSegmentCount > 0)
    #expect(memory.payloads > 0 && memory.payloads < whole.payloads)
  }

  @Test("what streams bring goes to disk at a save, and out of memory")
  func streams() throws {
    let folder = TemporaryFolder()
    var setup = EngineSetup(name: "cold", segmentRowCountMax: 16)
    setup.memoryByteCountMax = 0
    let engine = try setup.open(in: folder)
    let stream = try engine.stream()
    try stream.append((1...600).map { LiveData.numbered($0) }.joined())
    engine.publish()
    #expect(engine.status.memory.unsaved > 0)
    let payloads = engine.status.memory.payloads
    try engine.save()
    #expect(engine.status.memory.unsaved == 0)
    #expect(engine.status.memory.payloads < payloads)
    #expect(engine.status.memory.coldSegmentCount > 0)
    try stream.append((601...700).map { LiveData.numbered($0) }.joined())
    _ = try stream.finish()
    #expect(try LiveData.integers("SELECT conversions FROM events", engine) == [700])
    #expect(engine.verify() == [])
  }

  // MARK: Damage

  @Test("a byte of a cold file that is not what it was is an error with the file's name, or unused")
  func flippedBytes() throws {
    let data = try StoreDamageTests.makeData()
    let queries = Array(StoreSamples.queries.prefix(24))
    let engine = try ColdSegmentTests.open(data)
    let answers = try queries.map { try StoreSamples.answers(engine, [$0]) }
    let names = ColdSegmentTests.segmentNames(data)
    var errorCount = 0
    try forAll(count: Cases.count(60)) { random, seed in
      let name = random.pick(names)
      let bytes = data.read(name)
      var damaged = bytes
      if random.below(8) == 0 {
        damaged.removeLast(1 + random.below(bytes.count))
      } else {
        damaged[random.below(bytes.count)] ^= 1 << UInt8(random.below(8))
      }
      data.write(name, damaged)
      let index = random.below(queries.count)
      do {
        let answer = try StoreSamples.answers(engine, [queries[index]])
        #expect(answer == answers[index], "\(seed)")
      } catch {
        let error = try #require(error as? QueryError)
        #expect(error.kind == .damaged, "\(seed): \(error)")
        #expect(error.message.contains("\(data.path)/\(name)"), "\(seed): \(error)")
        errorCount += 1
      }
      data.write(name, bytes)
      let answer = try StoreSamples.answers(engine, [queries[index]])
      #expect(answer == answers[index], "\(seed)")
    }
    #expect(errorCount > 5)
  }

  @Test("a file of another segment in its place is never taken for it")
  func exchangedFiles() throws {
    let data = try StoreDamageTests.makeData()
    let engine = try ColdSegmentTests.open(data)
    let query = StoreSamples.fewQueries
    let answers = try StoreSamples.answers(engine, query)
    let names = ColdSegmentTests.segmentNames(data)
    let bytes = names.map { data.read($0) }
    for (name, other) in zip(names, bytes.dropFirst() + bytes.prefix(1)) { data.write(name, other) }
    #expect(throws: QueryError.self) { try StoreSamples.answers(engine, query) }
    #expect(engine.verify().count == 1)
    for (name, own) in zip(names, bytes) { data.write(name, own) }
    #expect(try StoreSamples.answers(engine, query) == answers)
    #expect(engine.verify() == [])
  }

  @Test("a file that is gone for no reason is an error, and nothing is taken on top of it")
  func missingFile() throws {
    let data = try StoreDamageTests.makeData()
    let writer = try Engine.openForWriting(
      data.path, configuration: ColdSegmentTests.configuration(0))
    let answers = try StoreSamples.answers(writer)
    let name = try #require(ColdSegmentTests.segmentNames(data).first)
    let bytes = data.read(name)
    data.remove(name)
    let error = #expect(throws: QueryError.self) { try StoreSamples.answers(writer) }
    #expect(error?.kind == .damaged)
    #expect(error?.message.contains(name) ?? false)
    #expect(throws: EngineError.self) { try writer.stream() }
    data.write(name, bytes)
    #expect(try StoreSamples.answers(writer) == answers)
    let stream = try writer.stream()
    try stream.append(LiveData.numbered(1))
    _ = try stream.finish()
    #expect(writer.verify() == [])
  }

  // MARK: Files that are gone because the directory moved on

  @Test("a reader whose files another process replaced answers from the new ones")
  func readerCatchesUp() throws {
    let (logs, data) = (TemporaryFolder(), TemporaryFolder())
    try StoreSamples.load(StoreSamples.write(logs, seed: 1), into: data.path)
    let reader = try ColdSegmentTests.open(data)
    _ = reader.snapshot
    for seed in UInt64(2)...4 {
      let before = ColdSegmentTests.segmentNames(data)
      try StoreSamples.load(StoreSamples.write(logs, seed: seed), into: data.path)
      #expect(!Set(before).isSubset(of: ColdSegmentTests.segmentNames(data)))
      let answers = try StoreSamples.answers(ColdSegmentTests.open(data, nil))
      #expect(try StoreSamples.answers(reader) == answers)
    }
  }

  @Test("what a query began with stays readable when its files are removed")
  func removedFiles() throws {
    let data = try StoreDamageTests.makeData()
    let engine = try Engine.openForWriting(
      data.path, configuration: ColdSegmentTests.configuration(0))
    let before = engine.snapshot
    let times = ColdSegmentTests.times(before)
    let names = ColdSegmentTests.segmentNames(data)
    let recipients = before.shards.flatMap { shard in
      (0..<UInt32(shard.recipients.count)).map { shard.recipients[$0].array }
    }
    _ = try engine.forget(recipients)
    #expect(Set(names).isDisjoint(with: ColdSegmentTests.segmentNames(data)))
    #expect(try LiveData.integers("SELECT count(*) FROM events", engine) == [0])
    #expect(ColdSegmentTests.times(before) == times)
  }

  /// The times of all events, each read from disk.
  private static func times(_ snapshot: Snapshot) -> [[UInt64]] {
    snapshot.shards.flatMap(\.segments).map { $0[.time].decoded() }
  }

  @Test("queries, streams, saves and removals at once: growing prefixes, and no query fails")
  func everythingAtOnce() throws {
    let folder = TemporaryFolder()
    var setup = EngineSetup(name: "cold", segmentRowCountMax: 128)
    setup.memoryByteCountMax = 0
    let engine = try setup.open(in: folder)
    let lineCount = Cases.count(3000)
    let isDone = Monitor(false)
    var jobs = Jobs()
    jobs.add {
      defer { isDone.update { $0 = true } }
      _ = try LiveData.feed(engine, through: lineCount)
    }
    jobs.add {
      while !isDone.update({ $0 }) { try engine.save() }
    }
    jobs.add {
      var number = 0
      while !isDone.update({ $0 }) {
        let guest = "guest\(number)"
        let stream = try engine.stream()
        try stream.append(
          "{\"time\":\"2026-03-14\",\"kind\":\"converted\",\"campaign\":\"guests\","
            + "\"recipient\":\"\(guest)\"}\n")
        _ = try stream.finish()
        _ = try engine.forget([Array(guest.utf8)])
        number += 1
      }
    }
    for _ in 0..<2 { jobs.add { try LiveData.expectGrowth(engine, until: isDone) } }
    #expect(jobs.run() == [])
    try engine.save()
    #expect(
      try LiveData.integers("SELECT conversions FROM events WHERE campaign = 'numbers'", engine)
        == [lineCount])
    #expect(engine.verify() == [])
  }
}
