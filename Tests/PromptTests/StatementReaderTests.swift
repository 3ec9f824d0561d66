// When lines that are typed, or stand in a script, make a statement.

import Prompt
import Testing

@Suite("statements over lines")
struct StatementReaderTests {
  private typealias Entry = StatementReader.Entry

  @Test(
    "one line that is a statement, or that nothing can mend, is enough",
    arguments: [
      "SELECT opens FROM events", "EXPLAIN SELECT opens FROM events", "SELECT opens FRM events",
      "SELECT opens FROM nowhere", "DROP TABLE events", "SELECT ) FROM", "SELECT 'opens",
    ])
  func oneLine(text: String) {
    var reader = StatementReader()
    #expect(reader.add(text) == [])
    #expect(reader.pause() == [.query(StatementText(text))])
    #expect(!reader.isBegun)
  }

  @Test(
    "a statement that stops too early goes on in the next line",
    arguments: [
      "SELECT opens", "SELECT", "SELECT opens FROM events WHERE", "EXPLAIN", "SELECT opens,",
    ])
  func severalLines(first: String) {
    var reader = StatementReader()
    #expect(reader.add(first) + reader.pause() == [])
    #expect(reader.isBegun)
    #expect(reader.add("") == [.query(StatementText(first))])
    #expect(reader.add(first) + reader.pause() == [])
    reader.reset()
    #expect(reader.add("SELECT opens") + reader.pause() == [])
    #expect(reader.add("FROM events") == [])
    #expect(reader.pause() == [.query(StatementText("SELECT opens\nFROM events", line: 4))])
  }

  @Test("a semicolon ends whatever was written, and several may stand on a line")
  func semicolon() {
    var reader = StatementReader()
    #expect(reader.add("SELECT opens") == [])
    #expect(reader.add("FROM ; ") == [.query(StatementText("SELECT opens\nFROM ;"))])
    #expect(
      reader.add(" SELECT ä;; SELECT ';' -- ; \n; SELECT b ") == [
        .query(StatementText("SELECT ä;", line: 3, column: 2)),
        .query(StatementText("SELECT ';' -- ; \n;", line: 3, column: 13)),
      ])
    let last = StatementText("SELECT b \nFROM events;", line: 4, column: 3)
    #expect(reader.add("FROM events;") == [.query(last)])
  }

  @Test("a whole statement goes on in a line that may follow it, and ends before any other")
  func continuation() {
    var reader = StatementReader()
    let lines = [
      "-- How many?", "SELECT opens FROM events", "WHERE kind = 'opened'", "  -- of people",
      "SETTINGS audience = human", "SELECT clicks FROM events", "SELECT recipient FROM messages",
      "  WHERE recipient IN (", "SELECT recipient FROM messages)", "EXPLAIN",
      "SELECT 1 FROM events", "SELECT sent FROM", "SELECT opens FRM events", "WHERE x = 1",
      "FORMAT csv", "help",
    ]
    let expected: [Entry] = [
      .query(StatementText(lines[1...4].joined(separator: "\n"), line: 2)),
      .query(StatementText(lines[5], line: 6)),
      .query(StatementText(lines[6...8].joined(separator: "\n"), line: 7)),
      .query(StatementText(lines[9...10].joined(separator: "\n"), line: 10)),
      .query(StatementText(lines[11], line: 12)),
      .query(StatementText(lines[12...13].joined(separator: "\n"), line: 13)),
      .format("csv"), .help,
    ]
    #expect(lines.flatMap { reader.add($0) } + reader.finish() == expected)
  }

  @Test("without anything to wait for, lines come out as they are whole")
  func pauses() {
    var reader = StatementReader()
    let lines = [
      "SELECT opens FROM events", "WHERE kind = 'opened'", "SELECT clicks", "FROM events",
    ]
    let entries = lines.map { reader.add($0) + reader.pause() }
    #expect(
      entries == [
        [.query(StatementText(lines[0]))], [.query(StatementText(lines[1], line: 2))], [],
        [.query(StatementText("SELECT clicks\nFROM events", line: 3))],
      ])
  }

  @Test(
    "what is kept of a statement is one line that means the same, or nothing",
    arguments: [
      ("SELECT opens\n  FROM events;", "SELECT opens FROM events;"),
      ("SELECT opens -- of people\nFROM events -- all", "SELECT opens FROM events -- all"),
      ("SELECT opens -- of people", "SELECT opens -- of people"),
      ("SELECT 'a  b',\n1", "SELECT 'a  b', 1"), ("SELECT 'a\nb'", nil), ("SELECT\n'a", nil),
    ] as [(String, String?)])
  func oneLine(text: String, kept: String?) {
    #expect(StatementText(text).oneLine == kept)
  }

  @Test("what is no text stays what it is, for the language to refuse")
  func noText() {
    var reader = StatementReader()
    let line = Array("SELECT '".utf8) + [0xFF] + Array("' FROM events".utf8)
    #expect(reader.add(line) == [])
    #expect(reader.pause() == [.query(StatementText(line))])
  }

  @Test("what is longer than any query is not waited for")
  func tooLong() {
    var reader = StatementReader()
    #expect(reader.add("SELECT") == [])
    let line = String(repeating: "x", count: 20_000) + ","
    #expect(reader.add(line) == [.query(StatementText("SELECT\n" + line))])
  }

  @Test(
    "commands are of one line, and comments are nothing",
    arguments: [
      ("", []), ("  ", []), ("-- nothing", []), (";", []), ("\\q", [.quit]), ("exit;", [.quit]),
      ("\\h", [.help]), ("help", [.help]),
      ("SET  audience = all;", [.settings(StatementText("audience = all", column: 6))]),
      ("format  csv ;", [.format("csv")]), ("FORMAT csv; \r", [.format("csv")]),
      ("SET audience = all; ", [.settings(StatementText("audience = all", column: 5))]),
    ] as [(String, [StatementReader.Entry])])
  func commands(line: String, entries: [StatementReader.Entry]) {
    var reader = StatementReader()
    #expect(reader.add(line) == entries)
    #expect(!reader.isBegun)
  }
}
