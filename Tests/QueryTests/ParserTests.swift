// What is accepted, shown by its canonical spelling.

import Query
import Testing

@Suite("Parser")
struct ParserTests {
  @Test(
    "statements",
    arguments: [
      ("select campaign from events", "SELECT campaign FROM events"),
      ("SELECT * FROM messages;", "SELECT * FROM messages"),
      (
        "select campaign, sent, open_rate, ctr from events group by campaign order by open_rate "
          + "desc limit 10",
        "SELECT campaign, sent, open_rate, ctr FROM events GROUP BY campaign ORDER BY open_rate "
          + "DESC LIMIT 10"
      ),
      (
        "select count(*) n, \"Home School\" as \"H\" from recipients",
        "SELECT count(*) AS n, \"Home School\" AS \"H\" FROM recipients"
      ),
      (
        "select recipient.school, recipient.\"Home School\", link.case from links",
        "SELECT recipient.school, recipient.\"Home School\", link.\"case\" FROM links"
      ),
      (
        "select day, opens from events group by 1 having opens > 5 order by 2 asc nulls last, day "
          + "desc nulls first offset 5 limit 3",
        "SELECT day, opens FROM events GROUP BY 1 HAVING opens > 5 ORDER BY 2 NULLS LAST, day "
          + "DESC NULLS FIRST LIMIT 3 OFFSET 5"
      ),
      ("explain select a from campaigns", "EXPLAIN SELECT a FROM campaigns"),
      ("explain numbers select a from events", "EXPLAIN NUMBERS SELECT a FROM events"),
      (
        "select a from events settings audience = ALL, implied_opens = 'off', rows = 10, x = 'a b'",
        "SELECT a FROM events SETTINGS audience = all, implied_opens = off, rows = '10', "
          + "x = 'a b'"
      ),
      (
        "select recipient from messages where campaign = 'x' and opens > 0 and clicks = 0",
        "SELECT recipient FROM messages WHERE campaign = 'x' AND opens > 0 AND clicks = 0"
      ),
      (
        "select a from events where recipient in (select recipient from messages where opens > 0 "
          + "limit 5)",
        "SELECT a FROM events WHERE recipient IN (SELECT recipient FROM messages WHERE opens > 0 "
          + "LIMIT 5)"
      ),
      ("-- the best\nselect a -- names\nfrom events\n;", "SELECT a FROM events"),
      (
        "select date, time, filter, first from events where interval = 1",
        "SELECT date, time, filter, first FROM events WHERE interval = 1"
      ),
    ])
  func statements(text: String, canonical: String) throws {
    let statement = try Parser.statement(text)
    #expect(Printer.text(of: statement) == canonical)
    #expect(try Parser.statement(canonical) == statement)
  }

  @Test(
    "operators bind as in PostgreSQL",
    arguments: [
      ("a or b and not c = d", "a OR b AND NOT c = d"),
      ("(a or b) and c", "(a OR b) AND c"),
      ("(a and b) and (c and d)", "a AND b AND c AND d"),
      ("not (a and b)", "NOT (a AND b)"),
      ("(not a) = b", "(NOT a) = b"),
      ("not a is null", "NOT a IS NULL"),
      ("a = b is true", "a = b IS TRUE"),
      ("a = (b is not false)", "a = (b IS NOT FALSE)"),
      ("a + b * c - d", "a + b * c - d"),
      ("(a + b) * c", "(a + b) * c"),
      ("a - (b - c)", "a - (b - c)"),
      ("a / b % c", "a / b % c"),
      ("-a * - -b", "-a * -(-b)"),
      ("+5", "5"),
      ("a || b || 'c' = d", "a || b || 'c' = d"),
      ("a || (b || c)", "a || (b || c)"),
      ("a + 1 || b", "a + 1 || b"),
      ("(a = b) = c", "(a = b) = c"),
      ("a != b", "a <> b"),
      ("a between 1 and 2 and b", "a BETWEEN 1 AND 2 AND b"),
      ("a not between b + 1 and c", "a NOT BETWEEN b + 1 AND c"),
      ("a in (1) or b not in ('x', 'y')", "a IN (1) OR b NOT IN ('x', 'y')"),
      ("a like 'x%' and b not ilike '_y'", "a LIKE 'x%' AND b NOT ILIKE '_y'"),
      ("a = b like c", "a = b LIKE c"),
      ("-a::int", "-CAST(a AS integer)"),
      (
        "a::text || cast(b as double precision)",
        "CAST(a AS text) || CAST(b AS double precision)"
      ),
    ])
  func precedence(text: String, canonical: String) throws {
    try check(text, canonical)
  }

  @Test(
    "operands",
    arguments: [
      ("NULL", "NULL"), ("true", "TRUE"), ("False", "FALSE"), ("1.50", "1.5"), ("1e20", "1e+20"),
      ("'it''s'", "'it''s'"), ("\"select\"", "\"select\""), ("\"plain\"", "plain"),
      ("\"Größe\"", "\"Größe\""),
      ("now()", "now()"), ("COUNT( * )", "count(*)"),
      (
        "count(distinct recipient) filter (where country = 'CH')",
        "count(DISTINCT recipient) FILTER (WHERE country = 'CH')"
      ),
      ("date_trunc('day', time)", "date_trunc('day', time)"),
      ("extract(hour from time) + 1", "extract(hour FROM time) + 1"),
      ("extract('hour' from time)", "extract(hour FROM time)"),
      ("\"extract\"(a)", "\"extract\"(a)"),
      ("time > now() - interval '7 days'", "time > now() - INTERVAL '7 days'"),
      (
        "interval '1 year 2 weeks -90 min 0.5 s'",
        "INTERVAL '12 months 13 days 22 hours 30 minutes 500 milliseconds'"
      ),
      ("interval '0 h'", "INTERVAL '0 days'"),
      ("timestamp '2026-03-14 09:12'", "TIMESTAMP '2026-03-14T09:12:00'"),
      ("timestamp '2026-03-14T09:12:01.25+02:00'", "TIMESTAMP '2026-03-14T07:12:01.250Z'"),
      ("timestamp '2026-03-14'", "TIMESTAMP '2026-03-14T00:00:00'"),
      ("date '2024-02-29'", "DATE '2024-02-29'"),
      (
        "case when a > 1 then 'x' when b then 'y' else 'z' end",
        "CASE WHEN a > 1 THEN 'x' WHEN b THEN 'y' ELSE 'z' END"
      ),
      ("case a + 1 when 1 then 2 end", "CASE a + 1 WHEN 1 THEN 2 END"),
    ])
  func operands(text: String, canonical: String) throws {
    try check(text, canonical)
  }

  @Test("nodes know their bytes, parentheses included")
  func places() throws {
    let text = "a = 1 AND (b + 22) * recipient.school > count(x)"
    guard case .and(let terms, let whole) = try Parser.expression(text) else {
      Issue.record("not an AND")
      return
    }
    #expect(spelled(whole, in: text) == text)
    #expect(
      terms.map { spelled($0.place, in: text) } == [
        "a = 1", "(b + 22) * recipient.school > count(x)",
      ])
    guard case .compare(.greater, let product, let call, _) = terms[1],
      case .arithmetic(.multiply, let sum, let column, _) = product
    else {
      Issue.record("not the expected tree")
      return
    }
    #expect(spelled(call.place, in: text) == "count(x)")
    #expect(spelled(sum.place, in: text) == "b + 22")
    #expect(spelled(column.place, in: text) == "recipient.school")
  }

  @Test("settings are read alone, for sessions")
  func settings() throws {
    let settings = try Parser.settings(Array("audience = all, definition = 'sfmc'".utf8))
    #expect(settings.map(\.name.text) == ["audience", "definition"])
    #expect(settings.map(\.value.text) == ["all", "sfmc"])
  }

  private func check(_ text: String, _ canonical: String) throws {
    let expression = try Parser.expression(text)
    #expect(Printer.text(of: expression) == canonical)
    #expect(try Parser.expression(canonical) == expression)
  }

  private func spelled(_ place: Place, in text: String) -> String {
    String(decoding: Array(text.utf8)[place.range], as: UTF8.self)
  }
}
