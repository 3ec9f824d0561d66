// Whatever way lines come in, the answers are those of the model and of any other way.

import Base
import Columnar
import Engine
import Ingest
import TestSupport
import Testing

@Suite("Streams give the answers of files")
struct LiveLawTests {
  @Test("any interleaving of appends, publications, finishes and loads", arguments: setups)
  func interleavings(setup: EngineSetup) throws {
    try forAll(count: Cases.count(3), seed: 5001) { random, seed in
      let workload = RandomWorkload(&random)
      let folder = TemporaryFolder()
      let engine = try setup.open(in: folder)
      let files = WorkloadFiles(workload: workload).render(&random)
      try LiveLawTests.bring(files, into: engine, in: folder, setup, &random)
      let store = workload.model
      let database = ModelDatabase(store)
      let queries = RandomQuery(workload, store)
      let reader = try Engine.open(folder.path + "/data")
      for _ in 0..<6 {
        let query = queries.make(&random)
        for (name, engine) in [("live", engine), ("reopened", reader)] {
          try expectSameAnswer(query, engine, database, "\(seed) \(setup.name) \(name)")
        }
      }
      #expect(engine.verify() == [], "\(seed)")
      #expect(reader.verify() == [], "\(seed)")
      #expect(reader.inventory.eventCount == engine.inventory.eventCount, "\(seed)")
    }
  }

  private static let setups = EngineSetup.all.filter { !$0.reopens && !$0.loadsOneByOne }

  /// Some files are loaded, the others are streamed, side by side and piece by piece.
  private static func bring(
    _ files: [RenderedFile], into engine: Engine, in folder: TemporaryFolder, _ setup: EngineSetup,
    _ random: inout PRNG
  ) throws {
    var open: [(stream: IngestStream, rest: ArraySlice<UInt8>)] = []
    var loaded: [RenderedFile] = []
    for file in files {
      if random.isHit(0.2) {
        loaded.append(file)
        continue
      }
      let head = file.bytes.withUnsafeBufferPointer {
        FileKind.detect(name: file.name, head: ByteSlice($0))
      }
      let kind = try #require(head)
      open.append(
        (try engine.stream(kind, batchEventCount: setup.batchEventCount), file.bytes[...]))
    }
    while !open.isEmpty || !loaded.isEmpty {
      switch random.below(8) {
      case 0: engine.publish()
      case 1: _ = try engine.query("SELECT sent, openers, recipients FROM events")
      case 2 where !loaded.isEmpty:
        try EngineSetup.load([loaded.removeLast()], into: engine, in: folder)
      case 3: _ = try engine.stream().finish()
      default:
        guard !open.isEmpty else { continue }
        let index = random.below(open.count)
        let piece = LiveLawTests.piece(open[index].rest, &random)
        open[index].rest = open[index].rest.dropFirst(piece.count)
        try open[index].stream.append(piece)
        guard open[index].rest.isEmpty else { continue }
        _ = try open.remove(at: index).stream.finish()
      }
    }
  }

  /// Some of the next lines.
  private static func piece(_ rest: ArraySlice<UInt8>, _ random: inout PRNG) -> [UInt8] {
    var end = min(rest.endIndex, rest.startIndex + 1 + random.below(2000))
    while end < rest.endIndex, rest[end - 1] != ASCII.newline { end += 1 }
    return Array(rest[..<end])
  }

  @Test("publishing often leaves few segments, and saving rewrites no full one")
  func segments() throws {
    let folder = TemporaryFolder()
    let engine = try EngineSetup(name: "live", segmentRowCountMax: 512).open(in: folder)
    let stream = try engine.stream()
    let pool = (0..<2000).map { "r\($0)@example.org" }
    let shard = Sharding.shard(of: Hash.of(pool[0]))
    let recipients = pool.filter { Sharding.shard(of: Hash.of($0)) == shard }
    for number in 0..<1200 {
      try stream.append(
        "{\"time\":\"2026-03-14\",\"kind\":\"opened\",\"campaign\":\"c\",\"recipient\":\""
          + "\(recipients[number % recipients.count])\"}\n")
      if number % 3 == 0 { engine.publish() }
    }
    _ = try stream.finish()
    #expect(engine.inventory.eventCount == 1200)
    // Two full ones, and at most three of each size of 4, 16, 64, 256 rows.
    #expect(engine.inventory.segmentCount <= 2 + 3 * 5)
    try engine.save()
    let before = TemporaryFolder.names(in: folder.path + "/data").filter { $0.contains("segment") }
    let other = try engine.stream()
    try other.append(LiveData.numbered(1))
    _ = try other.finish()
    try engine.save()
    let after = TemporaryFolder.names(in: folder.path + "/data").filter { $0.contains("segment") }
    #expect(Set(after).subtracting(before).count == 1)
    #expect(engine.verify() == [])
  }
}

extension Hash {
  static func of(_ text: String) -> UInt64 {
    Array(text.utf8).withUnsafeBufferPointer { of(ByteSlice($0)) }
  }
}
