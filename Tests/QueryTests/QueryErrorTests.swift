// How errors look, and what they suggest.

import Query
import Testing

@Suite("QueryError")
struct QueryErrorTests {
  @Test("the caret stands under the place")
  func caret() {
    let text = "SELECT campain FROM events"
    let name = ColumnName("campain", at: Place(7..<14))
    let error = QueryError.unknownColumn(name, among: ["campaign", "recipient"])
    #expect(
      error.rendered(in: text) == """
        1:8: unknown column 'campain': did you mean 'campaign'?
          SELECT campain FROM events
                 ^^^^^^^
        """)
  }

  @Test("only the line with the error is shown, and the end of the query has a place")
  func lines() {
    let text = "SELECT a\nFROM events\nWHERE"
    #expect(
      QueryError("expected FROM", at: 9..<13).rendered(in: text) == """
        2:1: expected FROM
          FROM events
          ^^^^
        """)
    #expect(
      QueryError("expected an expression", at: 26..<26).rendered(in: text) == """
        3:6: expected an expression
          WHERE
               ^
        """)
  }

  @Test("a query that is a part of something has its error at the place in the whole")
  func parts() {
    let text = Array("SELECT a\nFROM".utf8)
    func place(_ start: Int) -> String {
      let lines = QueryError("no", at: start..<start + 1).rendered(in: text, line: 7, column: 11)
      return String(lines.prefix { $0 != "\n" })
    }
    #expect(place(7) == "7:18: no")
    #expect(place(9) == "8:1: no")
  }

  @Test("wide and combining characters keep the caret in its place")
  func widths() {
    let text = "SELECT '日本e\u{301}',\tx"
    let start = text.utf8.count - 1
    let error = QueryError("no", at: start..<start + 1)
    #expect(error.position(in: Array(text.utf8)) == (1, 16))
    #expect(
      error.rendered(in: text)
        == "1:16: no\n  SELECT '日本e\u{301}', x\n" + String(repeating: " ", count: 18) + "^")
  }

  @Test("a long line is cut around the place")
  func longLine() {
    let text = String(repeating: "a", count: 500) + " ? " + String(repeating: "b", count: 500)
    let lines = QueryError("no", at: 501..<502).rendered(in: text).split(separator: "\n")
    #expect(
      lines[1] == "  …" + String(repeating: "a", count: 39) + " ? "
        + String(repeating: "b", count: 48) + "…")
    #expect(lines[2] == String(repeating: " ", count: 43) + "^")
  }

  @Test("messages stay on one line and carry no control bytes")
  func oneLine() {
    let name = ColumnName("a\nb\u{1B}[2J", at: Place(0..<9, isQuoted: true))
    let error = QueryError.unknownColumn(name, among: [])
    #expect(error.message == "unknown column 'a\\nb\\x1b[2J'")
    #expect(
      error.hint == "double quotes make a name; text is written 'a\\nb\\x1b[2J'")
  }

  @Test("ranges outside the text do not trap")
  func outside() {
    for range in [0..<0, 3..<3, 5..<9, 0..<9, 900..<950] {
      #expect(!QueryError("no", at: range).rendered(in: "abc").isEmpty)
    }
  }

  @Test(
    "suggestions are near, or the same word behind a dot",
    arguments: [
      ("campain", "campaign"), ("CAMPAIGN", "campaign"), ("opne_rate", "open_rate"),
      ("school", "recipient.school"), ("schol", "recipient.school"),
      ("day", nil), ("x", nil), ("unsubscribed", nil), ("", nil),
    ] as [(String, String?)])
  func suggestions(name: String, expected: String?) {
    let names = ["campaign", "open_rate", "recipient.school", "recipient", "unsubscribes_total"]
    #expect(Spelling.suggestion(for: name, in: names) == expected)
  }

  @Test("a whole name that is near comes before a part")
  func wholeNames() {
    let names = ["campaign.kinds", "kind", "recipient.knd"]
    #expect(Spelling.suggestion(for: "kid", in: names) == "kind")
    #expect(Spelling.suggestion(for: "knd", in: names) == "recipient.knd")
  }

  @Test("where nothing is near, an error names all there is")
  func list() {
    let name = Identifier("x", at: Place(0..<1))
    let error = QueryError.unknown("value", name, among: ["human", "machine", "all"])
    #expect(error.summary == "unknown value 'x': there is human, machine, all")
  }

  @Test("the edit distance counts insertions, deletions, replacements and swaps")
  func editDistance() {
    func distance(_ left: String, _ right: String) -> Int {
      Spelling.editDistance(Array(left.utf8), Array(right.utf8))
    }
    #expect(distance("", "abc") == 3)
    #expect(distance("abc", "abc") == 0)
    #expect(distance("abcd", "acbd") == 1)
    #expect(distance("kitten", "sitting") == 3)
  }
}
