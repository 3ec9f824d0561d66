// What is refused: the message with its hint, and the bytes it points at.

import Query
import Testing

@Suite("Parser errors")
struct ParserErrorTests {
  @Test(
    "errors say what was expected, where, and what to do",
    arguments: [
      ("", "expected SELECT or EXPLAIN, found the end of the query", ""),
      ("explain", "expected SELECT, found the end of the query", ""),
      (
        "insert into x",
        "expected SELECT or EXPLAIN, found 'insert': "
          + "events are ingested, not inserted", "insert"
      ),
      ("select", "expected an expression, found the end of the query", ""),
      (
        "select a",
        "expected FROM and a table, found the end of the query: "
          + "the tables are events, messages, recipients, campaigns, links", ""
      ),
      (
        "select a where b = 1",
        "expected FROM and a table, found 'where': "
          + "the tables are events, messages, recipients, campaigns, links", "where"
      ),
      ("select campaign form events", "expected FROM, found 'form': did you mean FROM?", "form"),
      ("select a from event", "unknown table 'event': did you mean 'events'?", "event"),
      (
        "select a from opens",
        "unknown table 'opens': "
          + "the tables are events, messages, recipients, campaigns, links", "opens"
      ),
      ("select a from events e", "unexpected 'e'", "e"),
      ("select a from events as e", "unexpected 'as': a table takes no alias", "as"),
      ("select a from events wehre b", "unexpected 'wehre': did you mean WHERE?", "wehre"),
      (
        "select a from events join links",
        "unexpected 'join': no joins: a message's and "
          + "recipient's attributes are columns already", "join"
      ),
      (
        "select a from events group by b where c",
        "WHERE is out of place: the order is WHERE, "
          + "GROUP BY, HAVING, ORDER BY, LIMIT, OFFSET, SETTINGS, each once", "where"
      ),
      ("select a from events group b", "expected BY, found 'b'", "b"),
      ("select a, from events", "expected an expression, found 'from'", "from"),
      (
        "select distinct a from events",
        "SELECT DISTINCT is not supported: "
          + "GROUP BY the columns instead", "distinct"
      ),
      ("select a from events where a == 1", "unexpected '==': equality is written '='", "=="),
      ("select a from events where a = ", "expected an expression, found the end of the query", ""),
      (
        "select a from events where a < b < c",
        "comparisons cannot be chained: "
          + "join them with AND", "<"
      ),
      (
        "select a from events where a in 'x'",
        "expected '(' after IN, found 'x': "
          + "IN takes a list: IN ('a', 'b')", "'x'"
      ),
      ("select a from events where a in ()", "expected an expression, found ')'", ")"),
      (
        "select a from events where a in (select * from links)",
        "a subquery selects exactly one column", "select * from links"
      ),
      (
        "select a from events where a in (select b from links settings c = d)",
        "SETTINGS inside a subquery: they belong to the end", "settings"
      ),
      (
        "select a from events where a = (select b from links)",
        "a subquery here is not supported: it can follow IN", "select"
      ),
      (
        "select a from events where a is 5",
        "expected NULL, TRUE or FALSE after IS, found '5': "
          + "other values are compared with '='", "5"
      ),
      (
        "select a from events where t > timestamp '2026-02-30'",
        "'2026-02-30' is no timestamp: write for example '2026-03-14 09:12:01'",
        "'2026-02-30'"
      ),
      (
        "select a from events where t > interval '7 dayz'",
        "'7 dayz' is no interval: write for example '7 days'", "'7 dayz'"
      ),
      (
        "select a from events where t > date \"2026-02-03\"",
        "DATE takes text: text is written '2026-02-03'", "\"2026-02-03\""
      ),
      ("select a from events limit -1", "expected a whole number after LIMIT, found '-'", "-"),
      ("select a from events limit 1.5", "expected a whole number after LIMIT, found '1.5'", "1.5"),
      (
        "select a from events order by a nulls",
        "expected FIRST or LAST, "
          + "found the end of the query", ""
      ),
      (
        "select a from events settings x",
        "expected '=' after the setting's name, "
          + "found the end of the query", ""
      ),
      (
        "select a from events; select",
        "expected the end of the query, found 'select': one query at a time",
        "select"
      ),
      (
        "select a.b.c from events", "a name has at most two parts", "."
      ),
      ("select cast(a as txt) from events", "unknown type 'txt': did you mean 'text'?", "txt"),
      ("select count(a from events", "expected ')', found 'from'", "from"),
      ("select case when a then b from events", "expected WHEN, ELSE or END, found 'from'", "from"),
      (
        "select sum(a) over (b) from events",
        "OVER is not supported: "
          + "there are no window functions", "over"
      ),
      ("select a as 'b' from events", "expected a name after AS, found 'b'", "'b'"),
    ])
  func refusals(text: String, summary: String, marked: String) {
    let error = #expect(throws: QueryError.self) { try Parser.statement(text) }
    guard let error else { return }
    #expect(error.summary == summary)
    let bytes = Array(text.utf8)
    #expect(String(decoding: bytes[error.range], as: UTF8.self) == marked)
  }

  @Test("nesting is refused beyond the limit, not before, whatever nests")
  func depth() {
    let shapes: [(Int) -> String] = [
      { String(repeating: "(", count: $0) + "a" + String(repeating: ")", count: $0) },
      { String(repeating: "- ", count: $0) + "a" },
      { String(repeating: "NOT ", count: $0) + "a" },
      { "a" + String(repeating: " + 1", count: $0) },
      { "a" + String(repeating: "::text", count: $0) },
      { "a" + String(repeating: " IS NULL", count: $0) },
      { String(repeating: "f(", count: $0) + "a" + String(repeating: ")", count: $0) },
      {
        String(repeating: "CASE WHEN ", count: $0) + "a"
          + String(repeating: " THEN 1 END", count: $0)
      },
    ]
    for (index, shape) in shapes.enumerated() {
      #expect(throws: Never.self, "shape \(index)") { try Parser.expression(shape(30)) }
      #expect(throws: QueryError.self, "shape \(index)") { try Parser.expression(shape(70)) }
      #expect(throws: QueryError.self, "shape \(index)") { try Parser.expression(shape(1000)) }
    }
  }

  @Test("chains behind parentheses cannot grow a tree beyond the limit either")
  func sneakyDepth() {
    var text = "a"
    for _ in 0..<10 { text = "(" + text + String(repeating: " + 1", count: 20) + ")" }
    #expect(throws: QueryError.self) { try Parser.expression(text) }
  }

  @Test("long chains of OR and long lists are flat, and limited")
  func lists() throws {
    let limit = LanguageLimits.listCountMax
    let terms = [String](repeating: "a", count: limit)
    guard case .or(let parsed, _) = try Parser.expression(terms.joined(separator: " OR ")) else {
      Issue.record("not an OR")
      return
    }
    #expect(parsed.count == limit)
    let list = "a IN (\(terms.joined(separator: ",")))"
    #expect(throws: Never.self) { try Parser.expression(list) }
    let more = terms + ["b"]
    #expect(throws: QueryError.self) { try Parser.expression(more.joined(separator: " OR ")) }
    #expect(throws: QueryError.self) {
      try Parser.expression("a IN (\(more.joined(separator: ",")))")
    }
  }
}
