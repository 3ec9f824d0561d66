import Base
import Engine
import Glibc
import Ingest
import Query
import TestSupport
import Testing

@Suite("Streams, when something goes wrong")
struct LiveFailureTests {
  private static let count = "SELECT conversions FROM events"

  private let folder = TemporaryFolder()

  private func open() throws -> Engine { try EngineSetup(name: "live").open(in: folder) }

  private var onDisk: [Int] {
    get throws {
      try LiveData.integers(LiveFailureTests.count, try Engine.open(folder.path + "/data"))
    }
  }

  /// A folder where the next file would appear, which no file can replace.
  private func obstruct() -> String {
    let data = folder.path + "/data"
    let names = TemporaryFolder.names(in: data).filter { !$0.hasSuffix("-log") }
    let number = (names.compactMap { Int($0.prefix(8)) }.max() ?? 0) + 1
    let digits = String(number)
    let name = String(repeating: "0", count: 8 - digits.count) + digits + "-shared"
    mkdir(data + "/" + name, 0o755)
    return data + "/" + name
  }

  @Test("a load that fails takes nothing from the streams beside it")
  func failedLoad() throws {
    let engine = try open()
    let stream = try engine.stream()
    try stream.append((1...10).map { LiveData.numbered($0) }.joined())
    let loaded = RenderedFile(
      name: "more.ndjson", bytes: Array((11...30).map { LiveData.numbered($0) }.joined().utf8))
    // What the stream brought is saved before the load begins, so that the load alone meets the obstacle.
    let first = try engine.stream()
    try first.append(LiveData.numbered(0))
    _ = try first.finish()
    try engine.save()
    let obstacle = obstruct()
    #expect(throws: EngineError.self) { try EngineSetup.load([loaded], into: engine, in: folder) }
    #expect(try LiveData.integers(LiveFailureTests.count, engine) == [11])
    rmdir(obstacle)
    try stream.append(LiveData.numbered(31))
    _ = try stream.finish()
    #expect(try LiveData.integers(LiveFailureTests.count, engine) == [12])
    #expect(try onDisk == [12])
    try EngineSetup.load([loaded], into: engine, in: folder)
    #expect(try LiveData.integers(LiveFailureTests.count, engine) == [32])
    #expect(try onDisk == [32])
    #expect(engine.verify() == [])
  }

  @Test("after a load that cannot be undone, nothing of it is shown or saved, and nothing is taken")
  func lostLoad() throws {
    let disk = SimulatedDisk()
    let configuration = Engine.Configuration(threadCount: 1)
    try loseLoad(
      try Engine.openForWriting("/data", configuration: configuration, system: disk), disk)
    disk.kill()
    let again = try Engine.openForWriting("/data", configuration: configuration, system: disk)
    #expect(try LiveData.integers(LiveFailureTests.count, again) == [1])
    #expect(again.verify() == [])
  }

  private func loseLoad(_ engine: Engine, _ disk: SimulatedDisk) throws {
    let stream = try engine.stream()
    try stream.append(LiveData.numbered(1))
    let bytes = Array((11...30).map { LiveData.numbered($0) }.joined().utf8)
    let input = InputFile(
      path: folder.write("more.ndjson", bytes), name: "more.ndjson", byteCount: Int64(bytes.count))
    let options = IngestOptions(threadCount: 1)
    // From within the load on, no file can be opened: neither those of the new state nor those of the old one.
    let error = #expect(throws: EngineError.self) {
      try engine.load([input], options: options) { _ in
        disk.setFaults([DiskFault(.error(EMFILE), .open, at: 1, count: 1000)])
      }
    }
    disk.setFaults([])
    let refusal = try #require(error)
    guard case .readOnly(let reason) = refusal, reason.contains("until a restart") else {
      Issue.record("\(refusal)")
      return
    }
    #expect(throws: refusal) { try stream.append(LiveData.numbered(2)) }
    #expect(throws: refusal) { _ = try engine.stream() }
    #expect(throws: refusal) { try engine.save() }
    #expect(throws: refusal) { _ = try engine.load([input], options: options) }
    #expect(throws: refusal) { _ = try engine.forget([Array("r1".utf8)]) }
    engine.publish()
    #expect(engine.status.log?.refusal == reason)
    #expect(try LiveData.integers(LiveFailureTests.count, engine) == [1])
  }

  @Test("what cannot be saved to files stays in the log, and is saved later")
  func failedSave() throws {
    let engine = try open()
    try engine.save()
    let obstacle = obstruct()
    let stream = try engine.stream()
    try stream.append(LiveData.numbered(1))
    _ = try stream.finish()
    #expect(throws: EngineError.self) { try engine.save() }
    #expect(try LiveData.integers(LiveFailureTests.count, engine) == [1])
    #expect(try onDisk == [1])
    rmdir(obstacle)
    try engine.save()
    #expect(try onDisk == [1])
    let other = try engine.stream()
    try other.append(LiveData.numbered(2))
    _ = try other.finish()
    #expect(try onDisk == [2])
  }

  @Test("what is refused leaves nothing behind, not even in dictionaries")
  func refusedLines() throws {
    var configuration = Engine.Configuration(threadCount: 1)
    // No disk has so much; the first look finds it out.
    configuration.freeByteCountMin = .max
    let engine = try Engine.openForWriting(folder.path + "/data", configuration: configuration)
    let stream = try engine.stream()
    while engine.status.log?.refusal == nil { usleep(10_000) }
    for number in 1...100 {
      #expect(throws: EngineError.self) {
        try stream.append(LiveData.numbered(number, campaign: "c\(number)"))
      }
    }
    engine.publish()
    #expect(engine.inventory.dictionaries.allSatisfy { $0.encodings == "0 strings" })
    #expect(try stream.finish().lineCount == 0)
  }

  @Test("a stream whose header cannot be used is over; others go on")
  func brokenHeader() throws {
    let engine = try open()
    let table = try engine.stream(.events(.csv))
    #expect(throws: EngineError.self) {
      try table.append("time,kind,campaign\n2026-03-14,sent,c\n")
    }
    #expect(throws: EngineError.failed("the stream is over")) { try table.append("x\n") }
    let stream = try engine.stream()
    try stream.append(LiveData.numbered(1) + "nonsense\n\n")
    let tally = try stream.finish()
    #expect(tally.lineCount == 3 && tally.eventCount == 1)
    #expect(tally.rejectedCount == 1 && tally.ignoredCount == 1)
    #expect(throws: EngineError.failed("the stream is over")) { try stream.append("x\n") }
    #expect(try LiveData.integers(LiveFailureTests.count, engine) == [1])
  }

  @Test("a directory opened for queries takes nothing")
  func reader() throws {
    _ = try open()
    let reader = try Engine.open(folder.path + "/data")
    let refusal = EngineError.failed("the data directory was opened for queries")
    #expect(throws: refusal) { _ = try reader.stream() }
    #expect(throws: refusal) { _ = try reader.load([], options: IngestOptions()) }
  }
}
