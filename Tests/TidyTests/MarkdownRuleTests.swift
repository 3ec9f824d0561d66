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
      "[a](B.md)", "[a](./B.md#part)", "[a](../README.md)", "![a](B.md \"title\")", "[a](#a)",
      "[a](https://example.org/x#y)", "`[a](c.md#d)`", "[`a`](B.md)", "[a](../Makefile#L3)",
    ])
  func good(text: String) {
    #expect(findings("# A\n" + text).isEmpty)
  }

  @Test(
    "links that lead nowhere",
    arguments: [
      "[a](c.md)", "[a](B.md) and [b](c.md)", "[`a`](c.md)", "[a](../../B.md)", "[a](#part)",
      "[a](B.md#a)", "[a](B.md#Part)",
    ])
  func bad(text: String) {
    #expect(findings("# A\n" + text).map(\.line) == [2])
  }

  @Test("anchors are the ones that GitHub makes of headings")
  func anchors() {
    let headings = [
      "# The *core* idea", "## `INGEST`", "## When the disk is full, or fails", "### A-b_c",
      "## STATUS", "# [Linked](B.md#part) name", "## STATUS", "#none", "####### none either",
    ]
    let file = TextFile(path: "docs/A.md", text: headings.joined(separator: "\n\n"))
    #expect(
      MarkdownRules.anchors(of: file) == [
        "the-core-idea", "ingest", "when-the-disk-is-full-or-fails", "a-b_c", "status", "status-1",
        "linked-name",
      ])
  }

  @Test("other files are left alone")
  func other() {
    let file = TextFile(path: "scripts/check", text: "# a\n# b\n")
    #expect(MarkdownRules.findings(in: file, exists: { _ in false }, anchors: { _ in nil }).isEmpty)
  }

  private func findings(_ text: String) -> [Finding] {
    let there: Set<String> = ["docs/B.md", "README.md", "Makefile"]
    let file = TextFile(path: "docs/A.md", text: text)
    return MarkdownRules.findings(
      in: file, exists: there.contains, anchors: { $0 == "docs/B.md" ? ["part"] : nil })
  }
}
