import Base
import Durability
import Glibc
import TestSupport
import Testing

@Suite("Data folders")
struct DataFolderTests {
  @Test("files are written whole, replaced, listed and removed")
  func files() throws {
    let temporary = TemporaryFolder()
    let folder = DataFolder(path: temporary.file("data"))
    #expect(!folder.exists)
    try folder.create()
    try folder.create()
    #expect(folder.exists)
    var random = PRNG(seed: 1)
    for count in [0, 1, 4096, 1_000_000] {
      let bytes = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      try folder.write("file", bytes)
      #expect(try folder.read("file") == bytes)
    }
    try folder.write("another", [1])
    try folder.synchronize()
    #expect(try folder.names() == ["another", "file"])
    try folder.remove("file")
    try folder.remove("file")
    #expect(!folder.contains("file") && folder.contains("another"))
  }

  @Test("a write that cannot finish leaves the old file as it was")
  func failedWrite() throws {
    let temporary = TemporaryFolder()
    let folder = DataFolder(path: temporary.path)
    try folder.write("file", [1, 2, 3])
    // A folder where the bytes would be written aside.
    mkdir(temporary.file("file.part"), 0o755)
    #expect(throws: DurabilityError.self) { try folder.write("file", [4]) }
    #expect(try folder.read("file") == [1, 2, 3])
    // A folder where the file would appear.
    mkdir(temporary.file("other"), 0o755)
    #expect(throws: DurabilityError.self) { try folder.write("other", [4]) }
  }

  @Test("errors name what was done, to what, and why")
  func errors() {
    let folder = DataFolder(path: "/tmp/beacon-no-such-folder")
    let path = "/tmp/beacon-no-such-folder"
    #expect(throws: DurabilityError(operation: "open", path: "\(path)/x", code: ENOENT)) {
      try folder.read("x")
    }
    #expect(throws: DurabilityError(operation: "list", path: path, code: ENOENT)) {
      try folder.names()
    }
    #expect(throws: DurabilityError(operation: "sync folder", path: path, code: ENOENT)) {
      try folder.synchronize()
    }
    let error = DurabilityError(operation: "open", path: "x", code: ENOENT)
    #expect(error.description == "cannot open x: No such file or directory")
    #expect(throws: DurabilityError.self) {
      try DataFolder(path: "/tmp/beacon-no-such-folder/inner").create()
    }
  }
}
