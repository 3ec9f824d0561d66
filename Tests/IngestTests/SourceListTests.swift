import Base
import Ingest
import TestSupport
import Testing

@Suite("Source lists")
struct SourceListTests {
  @Test("a folder stands for its files, recursively, ordered by bytes, without hidden ones")
  func expandsFolders() throws {
    let folder = TemporaryFolder()
    for name in ["b.log", "a/2.gz", "a/10.gz", "B.log", ".hidden", ".git/config", "a.log"] {
      folder.write(name)
    }
    #expect(
      try names(["\(folder.path)/"], in: folder)
        == ["B.log", "a.log", "a/10.gz", "a/2.gz", "b.log"])
  }

  @Test("a pattern stands for what matches; folders that match stand for their files")
  func expandsPatterns() throws {
    let folder = TemporaryFolder()
    for name in ["logs/b.gz", "logs/a.gz", "logs/c.log", "logs/d.gz/x", "odd[1].log"] {
      folder.write(name)
    }
    #expect(
      try names(["\(folder.path)/logs/*.gz"], in: folder)
        == ["logs/a.gz", "logs/b.gz", "logs/d.gz/x"])
    // A file of exactly that name goes before the pattern.
    #expect(try names(["\(folder.path)/odd[1].log"], in: folder) == ["odd[1].log"])
  }

  @Test("arguments keep their order, and nothing is read twice")
  func keepsOrder() throws {
    let folder = TemporaryFolder()
    let second = folder.write("2")
    folder.write("1")
    let found = try SourceList.expand(["-", second, folder.path, "-"])
    #expect(found == [.standardInput, .file(second), .file("\(folder.path)/1")])
  }

  @Test("what is missing is named")
  func namesWhatIsMissing() {
    #expect(throws: SourceError(name: "/nowhere/x", problem: .notFound)) {
      try SourceList.expand(["/nowhere/x"])
    }
    #expect(throws: SourceError(name: "/nowhere/*.gz", problem: .noMatch)) {
      try SourceList.expand(["/nowhere/*.gz"])
    }
  }

  @Test("a folder that links to itself or to another counts once, and links without end do not")
  func survivesLoops() throws {
    let folder = TemporaryFolder()
    for name in ["a/file", "b/file", "c"] { folder.write(name) }
    folder.link("a/loop", to: "..")
    folder.link("a/other", to: "../b")
    folder.link("b/other", to: "../a")
    folder.link("b/self", to: ".")
    folder.link("d", to: "d")
    #expect(try names([folder.path], in: folder) == ["a/file", "a/other/file", "c"])
    #expect(
      try names(["\(folder.path)/b"], in: folder)
        == ["b/file", "b/other/file", "b/other/loop/c"])
    #expect(throws: SourceError.self) { try SourceList.expand([folder.file("d")]) }
  }

  private func names(_ arguments: [String], in folder: TemporaryFolder) throws -> [String] {
    try SourceList.expand(arguments).map { String($0.name.dropFirst(folder.path.count + 1)) }
  }
}
