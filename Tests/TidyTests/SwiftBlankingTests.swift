// What is code, what is comment, and what is string.

import Testing

@Suite struct SwiftBlankingTests {
  @Test(
    "comments and the contents of strings become spaces",
    arguments: [
      ("a // b", "a     "),
      ("a /* b /* c */ d */ e", "a                   e"),
      ("f(\"b\") + c", "f(\" \") + c"),
      (#"f("a\"b") c"#, #"f("    ") c"#),
      (##"f(#"a"b"#) c"##, ##"f(#"   "#) c"##),
      (#"f("\(a("}")) }") c"#, #"f("           ") c"#),
      ("\"a // b\" c", "\"      \" c"),
    ])
  func blanks(source: String, code: String) {
    #expect(sample(source).code.joined(separator: "\n") == code)
  }

  @Test("lines inside a multi-line string are known")
  func quoted() {
    let file = sample("let a = \"\"\"\n  b \"quoted\" {\n  \\(c)\n  \"\"\"\nlet d = 1")
    #expect(file.quoted == [1, 2, 3])
    #expect(file.code.last == "let d = 1")
    #expect(file.code[1].allSatisfy { $0 == " " })
  }

  @Test(
    "an unfinished string or comment ends with the text",
    arguments: ["\"a", "/* a", "\"\"\"", "\"\\("])
  func unfinished(source: String) {
    #expect(sample(source).code.count == 1)
  }

  @Test("words know their neighbours")
  func neighbours() {
    let found = words(of: "a.print(b1) ").map { "\($0.before)\($0.text)\($0.after)" }
    #expect(found == [" a.", ".print(", "(b1)"])
  }
}
