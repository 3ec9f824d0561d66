// A good and a bad sample for every rule about code.

import Testing

@Suite struct CodeRuleTests {
  @Test("a source file begins with a comment")
  func header() {
    #expect(CodeRules.header(sample("// A slice.\nimport Base")).isEmpty)
    #expect(CodeRules.header(sample("import Base\n// A slice.")).map(\.line) == [1])
    #expect(CodeRules.header(sample("")).count == 1)
  }

  @Test("an unsafe type needs somebody who guarantees its bounds")
  func safety() {
    let code = "let a: UnsafePointer<UInt8>\n"
    #expect(CodeRules.safety(sample(code)).map(\.line) == [1])
    #expect(CodeRules.safety(sample("// SAFETY: the caller.\n" + code)).isEmpty)
    #expect(CodeRules.safety(sample("// An UnsafePointer.\na.withUnsafeBytes { b($0) }")).isEmpty)
  }

  @Test(
    "unchecked promises need an allowance",
    arguments: ["struct A: @unchecked Sendable {}", "nonisolated(unsafe) var a = 1"])
  func unchecked(line: String) {
    let file = sample(line)
    #expect(CodeRules.uncheckedPromises(file, allowed: [:]).count == 1)
    #expect(CodeRules.uncheckedPromises(file, allowed: [file.path: "immutable"]).isEmpty)
    #expect(CodeRules.uncheckedPromises(sample("// " + line), allowed: [:]).isEmpty)
  }

  @Test(
    "traps are found",
    arguments: [
      "try! a()", "let b = a as! B", "a!", "a!.b", "a()!", "a[0]! + 1", "var a: Int!",
      "(a as? B)!", "f(\"x\", a!)",
    ])
  func traps(line: String) {
    #expect(CodeRules.traps(sample(line)).count == 1)
  }

  @Test(
    "what only looks like a trap is none",
    arguments: [
      "a != b", "a!=b", "!a", "if !a.isEmpty && !(b) {", "let a = \"b!\"", "// a!", "x = (!a)",
      "let a = \"\\(b ?? \"c!\")!\"", "#if !DEBUG",
    ])
  func harmless(line: String) {
    #expect(CodeRules.traps(sample(line)).isEmpty)
  }

  @Test("only CLI and Bench print")
  func printing() {
    #expect(CodeRules.printing(sample("print(a)")).count == 1)
    #expect(CodeRules.printing(sample("func print(_ a: Int) {}\na.print(b)\nsprint(c)")).isEmpty)
    #expect(CodeRules.printing(sample("print(a)", path: "Sources/CLI/A.swift")).isEmpty)
  }

  @Test(
    "empty names are found where they are declared",
    arguments: [
      "struct FileManager {", "let parseHelper = 1", "enum Utils {", "class HelperPool {",
    ])
  func names(line: String) {
    #expect(CodeRules.names(sample(line)).count == 1)
  }

  @Test(
    "words that only contain them are not",
    arguments: ["let utilization = 1", "let a = FileManager.default", "// A Helper."])
  func fullNames(line: String) {
    #expect(CodeRules.names(sample(line)).isEmpty)
  }

  @Test("a file's name says something")
  func fileNames() {
    #expect(CodeRules.names(sample("", path: "Sources/Base/StringUtils.swift")).count == 1)
    #expect(CodeRules.names(sample("", path: "Sources/Base/Bitmap.swift")).isEmpty)
  }

  @Test("tests may trap and print")
  func tests() {
    let file = sample("try! a()\nprint(b!)", path: "Tests/BaseTests/A.swift")
    #expect(CodeRules.findings(in: file, unchecked: [:]).isEmpty)
  }
}
