// What the lexer makes of single tokens, and what it refuses.

import Query
import Testing

@Suite("Lexer")
struct LexerTests {
  @Test(
    "tokens are read as written",
    arguments: [
      ("", []),
      ("Campaign", [.word("campaign")]),
      ("\"Home School\"", [.quoted("Home School")]),
      ("\"a\"\"b\"", [.quoted("a\"b")]),
      ("'it''s'", [.text(Array("it's".utf8))]),
      ("''", [.text([])]),
      ("42", [.integer(42)]),
      ("9223372036854775807", [.integer(.max)]),
      ("1.5", [.number(1.5)]),
      (".5", [.number(0.5)]),
      ("5.", [.number(5)]),
      ("1e3 2E-2 3e+1", [.number(1000), .number(0.02), .number(30)]),
      ("a -- b\nc", [.word("a"), .word("c")]),
      ("a--b", [.word("a")]),
      ("a-b", [.word("a"), .symbol(.minus), .word("b")]),
      ("a.b", [.word("a"), .symbol(.dot), .word("b")]),
      (
        "<= <> != < ||::",
        [
          .symbol(.lessOrEqual), .symbol(.notEqual), .symbol(.notEqual), .symbol(.less),
          .symbol(.concatenate), .symbol(.cast),
        ]
      ),
      ("Größe", [.word("größe")]),
    ] as [(String, [Token.Kind])])
  func tokens(text: String, kinds: [Token.Kind]) throws {
    #expect(try Lexer.tokens(of: Array(text.utf8)).map(\.kind) == kinds + [.end])
  }

  @Test("every token knows its bytes")
  func places() throws {
    let text = "a  'bc' \"d\"<="
    let tokens = try Lexer.tokens(of: Array(text.utf8))
    #expect(tokens.map(\.place.range) == [0..<1, 3..<7, 8..<11, 11..<13, 13..<13])
    #expect(tokens.map(\.place.isQuoted) == [false, false, true, false, false])
  }

  @Test(
    "what is no token is refused, with its place",
    arguments: [
      ("a 'bc", "the quoted text never ends", 2..<5),
      ("\"bc", "the quoted name never ends", 0..<3),
      ("\"\"", "an empty name", 0..<2),
      ("12abc", "a number runs into a name", 0..<3),
      ("a == b", "unexpected '=='", 2..<4),
      ("a && b", "unexpected '&&'", 2..<4),
      ("a ! b", "unexpected '!'", 2..<3),
      ("`a`", "unexpected '`'", 0..<1),
      ("\u{0}", "unexpected '\\x00'", 0..<1),
      ("a = ‘b’", "typographic quote ‘", 4..<11),
      ("9223372036854775808", "the number is too large", 0..<19),
      ("1e999", "the number is too large", 0..<5),
    ])
  func refusals(text: String, message: String, range: Range<Int>) {
    let error = #expect(throws: QueryError.self) { try Lexer.tokens(of: Array(text.utf8)) }
    #expect(error?.message == message)
    #expect(error?.range == range)
  }

  @Test("invalid UTF-8 is refused where it stands")
  func invalidEncoding() {
    let error = #expect(throws: QueryError.self) {
      try Lexer.tokens(of: Array("a '".utf8) + [0xE2, 0x82, 0x27])
    }
    #expect(error == QueryError("the query is not valid UTF-8", at: 3..<5))
  }

  @Test("a query of the greatest length is read, a longer one refused")
  func lengthLimit() throws {
    let limit = LanguageLimits.textByteCountMax
    let longest = [UInt8](repeating: 0x61, count: limit)
    #expect(try Lexer.tokens(of: longest).count == 2)
    #expect(throws: QueryError.self) { try Lexer.tokens(of: longest + [0x61]) }
  }
}
