// A good and a bad sample for every rule about documents.

import Testing

@Suite struct MarkdownRuleTests {
  @Test("a document has one title")
  func titles() {
    #expect(findings("# A\n\n## B\n\n```\n# a comment\n```\n\n    # another\n").isEmpty)
    #expect(findings("## B\n").map(\.message) == ["no title"])
    #expect(findings("# A\n# B\n").map(\.line) == [2])
  }

  @Test(
    "links that lead somewhere",
    arguments: [
      "[a](B.md)", "[a](./B.md#part)", "[a](../README.md)", "![a](B.md \"title\")", "[a](#part)",
      "[a](https://example.org/x)", "`[a](c.md)`", "[`a`](B.md)",
    ])
  func good(text: String) {
    #expect(findings("# A\n" + text).isEmpty)
  }

  @Test(
    "links that lead nowhere",
    arguments: ["[a](c.md)", "[a](B.md) and [b](c.md)", "[`a`](c.md)", "[a](../../B.md)"])
  func bad(text: String) {
    #expect(findings("# A\n" + text).map(\.line) == [2])
  }

  @Test("other files are left alone")
  func other() {
    let file = TextFile(path: "scripts/check", text: "# a\n# b\n")
    #expect(MarkdownRules.findings(in: file, exists: { _ in false }).isEmpty)
  }

  private func findings(_ text: String) -> [Finding] {
    let there: Set<String> = ["docs/B.md", "README.md"]
    let file = TextFile(path: "docs/A.md", text: text)
    return MarkdownRules.findings(in: file, exists: there.contains)
  }
}
