import Base
import Engine
import Ingest
import TestSupport
import Testing

@Suite("Loading without reading or deriving twice")
struct LoadedOnceTests {
  @Test("files that are read once leave the same bytes on disk, and are known ever after")
  func readOnce() throws {
    let (logs, twice, once) = (TemporaryFolder(), TemporaryFolder(), TemporaryFolder())
    let files = StoreSamples.write(logs, seed: 3)
    try StoreSamples.load(files, into: twice.path)
    let first = try LoadedOnceTests.load(files, into: once.path)
    #expect(first.outcomes.allSatisfy { if case .loaded = $0 { true } else { false } })
    #expect(once.names == twice.names)
    for name in twice.names { #expect(once.read(name) == twice.read(name), "\(name)") }
    // The directory was opened anew each time.
    for _ in 0..<2 {
      let next = try LoadedOnceTests.load(files, into: once.path)
      #expect(next.outcomes.allSatisfy { if case .repeated = $0 { true } else { false } })
    }
    #expect(try StoreSamples.answers(once.path) == StoreSamples.answers(twice.path))
  }

  @Test("what a load says at its end is what the directory holds, and nothing is derived for it")
  func holdings() throws {
    let (logs, data) = (TemporaryFolder(), TemporaryFolder())
    let engine = try Engine.openForWriting(
      data.path, configuration: StoreSamples.configuration())
    #expect(engine.holdings.eventCount == 0)
    try StoreSamples.load(StoreSamples.write(logs, seed: 4), into: engine)
    let holdings = engine.holdings
    #expect(engine.status.memory.states == 0)
    let inventory = engine.inventory
    #expect(holdings.eventCount == inventory.eventCount && holdings.eventCount > 0)
    #expect(holdings.messageCount == inventory.messageCount)
    #expect(holdings.recipientCount == inventory.recipientCount)
    #expect(holdings.diskByteCount == inventory.diskByteCount)
    #expect(engine.status.memory.states > 0)
  }

  /// Loads with nothing kept from a first reading to a second.
  private static func load(_ files: [String], into path: String) throws -> LoadReport {
    let engine = try Engine.openForWriting(path, configuration: StoreSamples.configuration())
    var options = IngestOptions()
    options.keptChunkCountMax = 0
    return try engine.load(
      files.map {
        InputFile(path: $0, name: String($0.split(separator: "/").last ?? "-"), byteCount: 0)
      },
      options: options)
  }
}
