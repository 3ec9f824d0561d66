import Base
import Durability
import Engine
import Glibc
import Ingest
import TestSupport
import Testing

@Suite("Recovery from the log")
struct RecoveryTests {
  private static let count = "SELECT conversions, revenue FROM events"

  private let folder = TemporaryFolder()
  private var path: String { folder.path + "/data" }

  private func open() throws -> Engine { try EngineSetup(name: "log").open(in: folder) }

  private static func acknowledge(_ lines: [String], _ engine: Engine) throws {
    let stream = try engine.stream()
    for line in lines { try stream.append(line) }
    _ = try stream.finish()
  }

  private func logNames() -> [String] {
    TemporaryFolder.names(in: path).filter { $0.hasSuffix("-log") }
  }

  @Test("what was acknowledged and not saved comes back, once, however often it is recovered")
  func acknowledged() throws {
    try RecoveryTests.acknowledge((1...100).map { LiveData.numbered($0) }, try open())
    for _ in 1...3 {
      let recovered = try open()
      #expect(recovered.status.recovery.eventCount == 100)
      #expect(try LiveData.integers(RecoveryTests.count, recovered)[0] == 100)
      #expect(recovered.verify() == [])
    }
    let saved = try open()
    try saved.close()
    #expect(try LiveData.integers(RecoveryTests.count, try Engine.open(path))[0] == 100)
    #expect(try Engine.open(path).status.recovery.recordCount == 0)
  }

  @Test("saving shortens the log, and what comes after it goes on from there")
  func saving() throws {
    var engine: Engine? = try open()
    for round in 1...5 {
      try RecoveryTests.acknowledge([LiveData.numbered(round)], try #require(engine))
      if round % 2 == 0 { try engine?.save() }
      #expect(logNames().count == 1)
    }
    engine = nil
    let recovered = try open()
    #expect(recovered.status.recovery.eventCount == 1)
    #expect(try LiveData.integers(RecoveryTests.count, recovered)[0] == 5)
  }

  @Test("events with ids that come again after a crash change nothing")
  func repeatedIdentities() throws {
    let line =
      "{\"time\":\"2026-03-14\",\"kind\":\"opened\",\"campaign\":\"c\",\"recipient\":\"r\",\"id\":\"i\"}\n"
    for _ in 1...3 {
      let engine = try open()
      let stream = try engine.stream()
      try stream.append(line)
      _ = try stream.finish()
      #expect(try LiveData.integers("SELECT opens FROM events", engine) == [1])
    }
    try open().save()
    let stream = try open().stream()
    try stream.append(line)
    #expect(try stream.finish().shards.repeated == 1)
  }

  @Test("a source's notes are there with its lines, in the log and in files")
  func notes() throws {
    let lines = Array(LiveData.numbered(1).utf8)
    func append(_ note: SourceNote, to engine: Engine) throws {
      let stream = try engine.stream()
      try lines.withUnsafeBufferPointer { try stream.append(ByteSlice($0), note: note) }
      _ = try stream.finish()
    }
    var engine: Engine? = try open()
    try append(SourceNote(key: 1, bytes: [1]), to: try #require(engine))
    try append(SourceNote(key: 2, bytes: [2, 2]), to: try #require(engine))
    try append(SourceNote(key: 1, bytes: [3]), to: try #require(engine))
    engine = nil
    engine = try open()
    #expect(engine?.sourceNotes == [1: [3], 2: [2, 2]])
    try append(SourceNote(key: 2, bytes: []), to: try #require(engine))
    try engine?.save()
    #expect(try Engine.open(path).sourceNotes == [1: [3]])
    engine = nil
    #expect(try LiveData.integers(RecoveryTests.count, try open())[0] == 4)
  }

  @Test("a log whose records were damaged is refused, with the file and the byte")
  func damage() throws {
    var engine: Engine? = try open()
    for number in 1...20 {
      try RecoveryTests.acknowledge([LiveData.numbered(number)], try #require(engine))
    }
    engine = nil
    let name = try #require(logNames().first)
    var bytes = TemporaryFolder.read(path + "/" + name)
    bytes[bytes.count / 2] ^= 0x10
    _ = folder.write("data/" + name, bytes)
    #expect {
      _ = try open()
    } throws: { error in
      guard case .damaged(let reason)? = error as? EngineError else { return false }
      return reason.contains(name) && reason.contains("byte ")
    }
  }

  @Test("a record that is what was written, but no batch, is refused with the file and the byte")
  func noBatch() throws {
    var engine: Engine? = try open()
    try RecoveryTests.acknowledge([LiveData.numbered(1)], try #require(engine))
    engine = nil
    let data = DataFolder(path: path)
    let log = try Log(data, after: try LogRecovery.read(data, from: 1) { _, _ in })
    _ = try [UInt8](repeating: 0xEE, count: 40).withUnsafeBufferPointer {
      (bytes) throws(LogError) in try log.append([ByteSlice(bytes)])
    }
    try log.synchronize(through: log.last)
    #expect {
      _ = try open()
    } throws: { error in
      guard case .damaged(let reason)? = error as? EngineError else { return false }
      return reason.hasPrefix("\(path)/00000002-log: byte ") && reason.contains(": record 2: ")
    }
  }

  @Test("a log that is missing is noticed")
  func missing() throws {
    var engine: Engine? = try open()
    try RecoveryTests.acknowledge([LiveData.numbered(1)], try #require(engine))
    try engine?.save()
    engine = nil
    for name in logNames() { unlink(path + "/" + name) }
    #expect(throws: EngineError.self) { _ = try open() }
  }

  private func appendSideBySide(_ engine: Engine) throws {
    Threads.forEach(4, threadCount: 4) { index in
      for round in 0..<25 {
        if index == 0 {
          try? engine.save()
        } else {
          let line = LiveData.numbered(index * 1000 + round)
          try? RecoveryTests.acknowledge([line], engine)
        }
      }
    }
  }

  @Test("streams and saves side by side leave the same in the log and in files")
  func sideBySide() throws {
    try appendSideBySide(try open())
    let recovered = try EngineSetup(name: "log").open(in: folder)
    #expect(try LiveData.integers(RecoveryTests.count, recovered)[0] == 75)
    #expect(recovered.verify() == [])
  }
}
