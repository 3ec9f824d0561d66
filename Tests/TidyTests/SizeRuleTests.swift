// A good and a bad sample for every rule about length.

import Testing

@Suite struct SizeRuleTests {
  @Test("a file of 601 lines is long unless its name is exempt")
  func files() {
    let file = sample(String(repeating: "\n", count: 601))
    #expect(SizeRules.fileLength(file, exempt: [:]).count == 1)
    #expect(SizeRules.fileLength(file, exempt: [file.path: "a table"]).isEmpty)
    #expect(SizeRules.fileLength(sample(String(repeating: "\n", count: 600)), exempt: [:]).isEmpty)
  }

  @Test(
    "a body of 71 lines is long",
    arguments: [
      "func a() {", "init(b: Int) {", "deinit {", "subscript(i: Int) -> Int {", "var c: Int {",
      "func a(\n  b: Int\n)\n{",
    ])
  func functions(head: String) {
    #expect(SizeRules.functionLength(sample(body(head, lineCount: 70))).isEmpty)
    let findings = SizeRules.functionLength(sample(body(head, lineCount: 71)))
    #expect(findings.count == 1)
  }

  @Test("a type may be longer than a function", arguments: ["struct", "enum", "extension"])
  func types(keyword: String) {
    #expect(SizeRules.functionLength(sample(body("\(keyword) A {", lineCount: 99))).isEmpty)
  }

  @Test("the finding stands at the line that opens the body, and names the function")
  func place() {
    let findings = SizeRules.functionLength(
      sample("let z = 1\n" + body("func a() {", lineCount: 80)))
    #expect(findings.map(\.line) == [2])
    #expect(findings.map(\.message) == ["a has 80 lines; the most is 70"])
  }

  @Test("braces in strings and comments open nothing")
  func blanked() {
    let lines = "  let b = \"}\" // }\n"
    let text = "func a() {\n" + String(repeating: lines, count: 71) + "}\n"
    #expect(SizeRules.functionLength(sample(text)).count == 1)
  }

  private func body(_ head: String, lineCount: Int) -> String {
    head + "\n" + String(repeating: "  if b { c() }\n", count: lineCount) + "}\n"
  }
}
