// A good and a bad sample for every rule about lines.

import Testing

@Suite struct LineRuleTests {
  @Test("code is wide at 101 columns, comments and scripts at 121")
  func width() {
    let code = "let a = b + " + String(repeating: "c", count: 88)
    #expect(LineRules.width(sample(code)).isEmpty)
    #expect(
      LineRules.width(sample("\n" + code + "c")) == [
        Finding(path: "Sources/Base/A.swift", line: 2, message: "101 columns; the most is 100")
      ])
    let comment = "// a " + String(repeating: "c", count: 115)
    #expect(LineRules.width(sample(comment)).isEmpty)
    #expect(LineRules.width(sample(comment + "c")).count == 1)
    #expect(LineRules.width(TextFile(path: "scripts/check", text: comment + "c")).count == 1)
    #expect(LineRules.width(TextFile(path: "README.md", text: comment + "c")).isEmpty)
  }

  @Test("columns are characters, not bytes")
  func characters() {
    let code = "let a = \"" + String(repeating: "é", count: 90) + "\""
    #expect(LineRules.width(sample(code)).isEmpty)
  }

  @Test("what a multi-line string quotes may be wide, and so may a URL")
  func quoted() {
    let wide = String(repeating: "a b ", count: 30)
    #expect(LineRules.width(sample("let a = \"\"\"\n  \(wide)\n  \"\"\"")).isEmpty)
    #expect(LineRules.width(sample("let a = 1\n\(wide)\n")).count == 1)
    let url = "// https://example.org/" + String(repeating: "a", count: 120)
    #expect(LineRules.width(sample(url)).isEmpty)
  }

  @Test("tabs and trailing white space are found, a Makefile keeps its tabs")
  func whiteSpace() {
    #expect(LineRules.whiteSpace(sample("let a = 1\n")).isEmpty)
    #expect(LineRules.whiteSpace(sample("\tlet a = 1")).map(\.message) == ["a tab"])
    #expect(LineRules.whiteSpace(sample("a\nb \n")).map(\.line) == [2])
    #expect(LineRules.whiteSpace(sample("a\r\n")).count == 1)
    #expect(LineRules.whiteSpace(TextFile(path: "Makefile", text: "a:\n\tb\n")).isEmpty)
    #expect(LineRules.whiteSpace(TextFile(path: "Tests/Golden/a.tsv", text: "a\tb \n")).isEmpty)
  }

  @Test(
    "marks of unfinished work are found as whole words", arguments: ["TO_DO", "FIX_ME", "XX_X"])
  func marks(spelled: String) {
    let mark = String(spelled.filter { $0 != "_" })
    #expect(LineRules.marks(sample("// \(mark): later")).count == 1)
    #expect(LineRules.marks(sample("let not\(mark) = mktemp(\"\(mark)\(mark)\")")).isEmpty)
    #expect(LineRules.marks(TextFile(path: "docs/A.md", text: "No \(mark).")).isEmpty)
  }

  @Test("a path of one machine is found, a URL's path is not")
  func machinePaths() {
    let path = "/wo" + "rk/data"
    #expect(LineRules.machinePaths(sample("open(\"\(path)\")")).count == 1)
    #expect(LineRules.machinePaths(TextFile(path: "docs/A.md", text: path)).count == 1)
    #expect(LineRules.machinePaths(sample("// https://example.org\(path)")).isEmpty)
    #expect(LineRules.machinePaths(sample("open(\"/var/log\")")).isEmpty)
  }

  @Test("data sets are left alone")
  func data() {
    let file = TextFile(path: "docs/runs/a.json", text: String(repeating: "a b ", count: 60))
    #expect(LineRules.findings(in: file).isEmpty)
  }
}

/// Swift source at a place where every rule holds.
func sample(_ text: String, path: String = "Sources/Base/A.swift") -> TextFile {
  TextFile(path: path, text: text)
}
