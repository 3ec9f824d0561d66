// The style of docs/STYLE.md, held against every tracked file.

import Testing

@Suite struct TidyTests {
  @Test("the repository can be read")
  func filesAreFound() throws {
    #expect(Repository.files.contains { $0.path == "Sources/Base/ByteSlice.swift" })
    #expect(Repository.files.contains { $0.path == "docs/STYLE.md" })
  }

  @Test("lines are short, clean and finished")
  func lines() {
    expectNone(Repository.files.flatMap(LineRules.findings))
  }

  @Test("files and functions are short")
  func sizes() {
    expectNone(
      Repository.files.flatMap { SizeRules.findings(in: $0, exempt: Allowances.longFiles) })
  }

  @Test("arrows between modules point one way, and every import has its arrow")
  func imports() throws {
    let manifest = try #require(Repository.manifest)
    let table = ModuleTable(manifest: manifest)
    #expect(table.modules.contains { $0.name == "Engine" })
    expectNone(ImportRules.order(of: table, manifest: manifest))
    expectNone(Repository.files.flatMap { ImportRules.findings(in: $0, table: table) })
  }

  @Test("code promises nothing unchecked and its names say something")
  func code() {
    expectNone(
      Repository.files.flatMap { CodeRules.findings(in: $0, unchecked: Allowances.unchecked) })
  }

  @Test("documents have one title and links that lead somewhere")
  func documents() {
    let documents = Repository.files.filter(\.isMarkdown).map {
      ($0.path, MarkdownRules.anchors(of: $0))
    }
    let anchors = Dictionary(uniqueKeysWithValues: documents)
    expectNone(
      Repository.files.flatMap {
        MarkdownRules.findings(in: $0, exists: Repository.exists, anchors: { anchors[$0] })
      })
  }

  @Test("every allowance is still needed")
  func allowances() {
    for file in Repository.files {
      if Allowances.longFiles[file.path] != nil {
        #expect(!SizeRules.fileLength(file, exempt: [:]).isEmpty, "\(file.path) is short enough")
      }
      if Allowances.unchecked[file.path] != nil {
        let promises = CodeRules.uncheckedPromises(file, allowed: [:])
        #expect(!promises.isEmpty, "\(file.path) promises nothing unchecked")
      }
    }
    let paths = Set(Repository.files.map(\.path))
    let allowed = [String](Allowances.longFiles.keys) + Allowances.unchecked.keys
    for path in allowed { #expect(paths.contains(path), "\(path) is gone") }
  }

  private func expectNone(_ findings: [Finding]) {
    for finding in findings { Issue.record("\(finding)") }
  }
}
