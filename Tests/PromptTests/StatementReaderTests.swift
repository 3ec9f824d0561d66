// When a statement that is typed line by line is complete.

import Prompt
import Testing

@Suite("statements at a prompt")
struct StatementReaderTests {
  @Test(
    "one line that is a statement, or that nothing can mend, is enough",
    arguments: [
      "SELECT opens FROM events", "  select opens from events;", "EXPLAIN SELECT opens FROM events",
      "SELECT opens FRM events", "SELECT opens FROM nowhere", "DROP TABLE events", "SELECT ) FROM",
      "SELECT;",
    ])
  func oneLine(text: String) {
    var reader = StatementReader()
    #expect(reader.add(text) == .query(text))
    #expect(!reader.isBegun)
  }

  @Test(
    "a statement that stops too early goes on in the next line",
    arguments: [
      "SELECT opens", "SELECT", "SELECT opens FROM events WHERE", "EXPLAIN", "SELECT opens,",
    ])
  func severalLines(first: String) {
    var reader = StatementReader()
    #expect(reader.add(first) == .incomplete)
    #expect(reader.isBegun)
    #expect(reader.add("") == .query(first))
    #expect(reader.add(first) == .incomplete)
    reader.reset()
    #expect(reader.add("SELECT opens\n") == .incomplete)
    #expect(reader.add("FROM events") == .query("SELECT opens\n\nFROM events"))
  }

  @Test("a semicolon ends whatever was written")
  func semicolon() {
    var reader = StatementReader()
    #expect(reader.add("SELECT opens") == .incomplete)
    #expect(reader.add("FROM ; ") == .query("SELECT opens\nFROM ; "))
  }

  @Test(
    "commands are of one line",
    arguments: [
      ("", .nothing), ("  ", .nothing), ("\\q", .quit), ("exit;", .quit), ("\\h", .help),
      ("help", .help),
      ("SET audience = all;", .settings("audience = all")), ("format  csv ;", .format("csv")),
    ] as [(String, StatementReader.Entry)])
  func commands(line: String, entry: StatementReader.Entry) {
    var reader = StatementReader()
    #expect(reader.add(line) == entry)
  }
}
