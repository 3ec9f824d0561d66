// Where a data directory is, where one may be made, and where neither.

import Engine
import Glibc
import TestSupport
import Testing

@Suite("Places of data directories")
struct StorePlaceTests {
  private let folder = TemporaryFolder()

  private func absence(_ path: String) -> EngineError {
    .failed("there is no data directory \(path); `beacon ingest --data \(path) ...` makes one")
  }

  @Test("nothing is opened where nothing was written, and nothing is left there by trying")
  func absent() throws {
    mkdir(folder.file("empty"), 0o755)
    for path in [folder.file("empty"), folder.file("missing")] {
      #expect(throws: absence(path)) { try Engine.open(path) }
      #expect(throws: absence(path)) { try Engine.openForWriting(path, creates: false) }
      #expect(throws: absence(path)) { try Backup.copy(path, to: folder.file("copy")) }
    }
    #expect(TemporaryFolder.names(in: folder.file("empty")).isEmpty)
    #expect(TemporaryFolder.names(in: folder.path) == ["empty"])
    for path in [folder.file("empty"), folder.file("missing")] {
      _ = try Engine.openForWriting(path)
      #expect(try Engine.open(path).inventory.eventCount == 0)
      _ = try Engine.openForWriting(path, creates: false)
    }
  }

  @Test("a folder of other files is neither opened nor written to")
  func otherFiles() throws {
    for name in ["letter.txt", "x.part", ".hidden", "reports.part"] {
      let other = TemporaryFolder()
      other.write(name, "mine")
      for isWriter in [false, true] {
        #expect {
          _ = try isWriter ? Engine.openForWriting(other.path) : Engine.open(other.path)
        } throws: { error in
          guard case .failed(let reason)? = error as? EngineError else { return false }
          return reason.hasPrefix("\(other.path) is no data directory")
        }
      }
      #expect(other.names == [name])
    }
  }

  @Test("files of others stay in a data directory, however like ours they are called")
  func likeOurs() throws {
    let names = [
      "20240101-shared-notes.txt", "20240101-segment-vip.csv", "1-shared", "00000001-shard-+1",
      "00000001-segment-2.txt", "00000001-segment-999", "00000007-shard", "00000007-shard-1-",
    ]
    let ours = ["00000007-shared", "00000007-shard-3", "00000007-segment-3.part"]
    _ = try Engine.openForWriting(folder.path)
    for name in names + ours { folder.write(name, "mine") }
    _ = try Engine.openForWriting(folder.path)
    #expect(Set(folder.names).isSuperset(of: names))
    #expect(Set(folder.names).isDisjoint(with: ours))
  }

  @Test("a file is no folder")
  func file() {
    let path = folder.write("file", "mine")
    let error = EngineError.failed("\(path) is a file, and a data directory is a folder")
    #expect(throws: error) { try Engine.open(path) }
    #expect(throws: error) { try Engine.openForWriting(path) }
  }

  @Test("a writer that was killed before its first manifest leaves room for the next")
  func leftOvers() throws {
    let left = [["lock"], ["lock", "manifest.part"], ["00000001-shared.part"], ["reports/a.sql"]]
    for names in left {
      let place = TemporaryFolder()
      for name in names { place.write(name, "begun") }
      #expect(throws: absence(place.path)) { try Engine.open(place.path) }
      _ = try Engine.openForWriting(place.path)
      #expect(try Engine.open(place.path).inventory.eventCount == 0)
    }
  }

  @Test("files without their manifest are damaged, segments and logs")
  func lostManifest() {
    for name in ["00000001-shared", "00000001-log"] {
      let place = TemporaryFolder()
      place.write(name, "written")
      let error = EngineError.damaged("\(place.path)/manifest is missing")
      #expect(throws: error) { try Engine.open(place.path) }
      #expect(throws: error) { try Engine.openForWriting(place.path) }
      #expect(place.names == [name])
    }
  }
}
