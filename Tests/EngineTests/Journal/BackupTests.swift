import Base
import Engine
import TestSupport
import Testing

@Suite("Backups")
struct BackupTests {
  private static let count = "SELECT conversions FROM events"

  private let folder = TemporaryFolder()

  @Test("a backup taken while streams write and saves run is a state of its own that opens")
  func beside() throws {
    let engine = try EngineSetup(name: "backup").open(in: folder)
    let data = folder.path + "/data"
    let written = Monitor(0)
    let target = folder.path + "/copy"
    Threads.forEach(3, threadCount: 3) { index in
      switch index {
      case 0:
        for number in 1...200 {
          guard let stream = try? engine.stream() else { continue }
          try? stream.append(LiveData.numbered(number))
          _ = try? stream.finish()
          written.update { $0 += 1 }
        }
      case 1: for _ in 1...20 { try? engine.save() }
      default:
        for round in 1...5 {
          let before = written.update { $0 }
          guard (try? Backup.copy(data, to: "\(target)-\(round)")) != nil else {
            Issue.record("no backup \(round)")
            continue
          }
          let count = try? LiveData.integers(
            BackupTests.count, try Engine.open("\(target)-\(round)"))
          #expect((count?.first ?? -1) >= before)
        }
      }
    }
    _ = try Backup.copy(data, to: target)
    let copy = try Engine.openForWriting(target)
    #expect(try LiveData.integers(BackupTests.count, copy) == [200])
    #expect(copy.verify() == [])
    // Restored by being used: it takes events.
    let stream = try copy.stream()
    try stream.append(LiveData.numbered(201))
    _ = try stream.finish()
    #expect(try LiveData.integers(BackupTests.count, copy) == [201])
  }

  @Test("a backup goes into an empty folder, and copies nothing that is damaged")
  func refusals() throws {
    let engine = try EngineSetup(name: "backup").open(in: folder)
    let stream = try engine.stream()
    try stream.append(LiveData.numbered(1))
    _ = try stream.finish()
    try engine.save()
    let data = folder.path + "/data"
    _ = folder.write("used/file", [1])
    #expect(throws: EngineError.self) { try Backup.copy(data, to: folder.path + "/used") }
    #expect(throws: EngineError.self) {
      try Backup.copy(folder.path + "/nothing", to: folder.path + "/new")
    }
    let segment = try #require(
      TemporaryFolder.names(in: data).first { $0.contains("segment") })
    var bytes = TemporaryFolder.read(data + "/" + segment)
    bytes[bytes.count / 2] ^= 1
    _ = folder.write("data/" + segment, bytes)
    #expect {
      try Backup.copy(data, to: folder.path + "/damaged")
    } throws: { error in
      guard case .damaged? = error as? EngineError else { return false }
      return true
    }
  }
}
