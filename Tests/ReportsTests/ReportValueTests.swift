// Values of parameters: whatever is given becomes one literal of the query and nothing else.

import Base
import Query
import Reports
import TestSupport
import Testing

@Suite("report values")
struct ReportValueTests {
  private let report: Report

  init() throws {
    let text = """
      -- @parameter name text = 'all'
      -- @parameter count integer = 3
      -- @parameter day date
      SELECT 'before':name'after', x-:count, :day, y FROM events LIMIT:count
      """
    report = try ReportReader.read(
      ReportSource(name: "values", path: "values.sql", text: Array(text.utf8)))
  }

  @Test("defaults stand where nothing is given, NULL where there is no default")
  func defaults() throws {
    #expect(
      try query([])
        == "SELECT 'before' 'all' 'after', x- 3 ,  NULL , y FROM events LIMIT 3 ")
  }

  @Test("a text is one token, whatever is in it")
  func texts() throws {
    let pieces = [
      "'", "''", "\"", "--", ";", "\\", ":name", " OR 1=1", "\n", "%", "é", "\u{0}", "a",
    ]
    try forAll(count: 200) { random, seed in
      let value = (0..<random.below(8)).map { _ in random.pick(pieces) }.joined()
      let tokens = try Lexer.tokens(of: Array(try query([("name", value)]).utf8))
      let expected = try Lexer.tokens(of: Array(try query([]).utf8))
      #expect(tokens.count == expected.count, "\(seed)")
      #expect(tokens[2].kind == .text(Array(value.utf8)), "\(seed)")
    }
  }

  @Test("a number and a date are read before they are written")
  func numbersAndDates() throws {
    #expect(try query([("count", "-7")]).contains("x- (-7) ,"))
    #expect(try query([("day", "2026-03-14")]).contains(",  DATE '2026-03-14' ,"))
    for (name, text) in [
      ("count", "1 OR 1"), ("count", "-9223372036854775808"), ("count", "1.5"),
      ("count", ""), ("day", "2026-03-14' OR '"),
      ("day", "yesterday"),
    ] {
      #expect(throws: ReportError.self) { try query([(name, text)]) }
    }
  }

  @Test("of several values for one name the last counts; a name that is none is refused")
  func names() throws {
    #expect(try query([("name", "x"), ("name", "y")]).contains("'y'"))
    let error = try #require(throws: ReportError.self) { try query([("nme", "x")]) }
    #expect(
      error.description == "the report values has no parameter --nme: did you mean '--name'?")
  }

  @Test("a query's error is shown at its place in the file, behind values of any length")
  func places() throws {
    let text = "-- @parameter a text\nSELECT :a, :a, campain\nFROM events"
    let report = try ReportReader.read(
      ReportSource(name: "x", path: "x.sql", text: Array(text.utf8)))
    for value in ["", "a long value that is longer than its name"] {
      let error = try #require(throws: ReportError.self) {
        let values = try ReportValues([("a", value)], for: report)
        _ = try ReportAnswer(report, values) { (sql) throws(ReportFailure) in
          let place = sql.utf8.count - "campain\nFROM events".utf8.count
          throw .query(QueryError("unknown column", at: place..<place + 7))
        }
      }
      #expect(
        error.description == """
          x.sql:2:16: unknown column
            SELECT :a, :a, campain
                           ^^^^^^^
          """)
    }
  }

  @Test("an error inside a value is shown at its parameter")
  func placeOfValue() throws {
    let report = try ReportReader.read(
      ReportSource(
        name: "x", path: "x.sql",
        text: Array("-- @parameter zone text = Nowhere\nSELECT 1 SETTINGS z = :zone".utf8)))
    let error = try #require(throws: ReportError.self) {
      _ = try ReportAnswer(report, try ReportValues([], for: report)) {
        (sql) throws(ReportFailure) in
        let end = sql.utf8.count - 1
        throw .query(QueryError("unknown time zone", at: end - 9..<end))
      }
    }
    #expect(error.description.hasPrefix("x.sql:2:23: unknown time zone"))
    #expect(error.description.hasSuffix("\n                        ^^^^^"))
  }

  /// What is asked with these values.
  private func query(_ given: [(name: String, text: String)]) throws -> String {
    var asked = ""
    let values = try ReportValues(given, for: report)
    _ = try ReportAnswer(report, values) { (sql) throws(ReportFailure) in
      asked = sql
      return ResultTable(columns: [])
    }
    return asked
  }
}
