// The model of plain SQL against examples computed by hand from docs/SEMANTICS.md: an error in it is found without the
// engine.

import Query
import TestSupport
import Testing

/// Asks the model, and writes its answer the way the examples do: cells between bars, `\N` for NULL.
enum ModelExample {
  static func rows(_ query: String, _ database: ModelDatabase) throws -> [String] {
    try ModelSelect.answer(try Parser.statement(query), database).rows.map { row in
      row.map { $0 == .null ? "\\N" : $0.csv }.joined(separator: " | ")
    }
  }

  static func database(_ events: [ModelEvent]) -> ModelDatabase {
    var store = ModelStore()
    for event in events { store.add(event) }
    return ModelDatabase(store)
  }

  /// 2026-03-02T10:00:00Z and some minutes.
  static func event(
    _ kind: String, _ recipient: String, _ minutes: Int,
    _ change: (inout ModelEvent) -> Void = { _ in }
  ) -> ModelEvent {
    var event = ModelEvent()
    event.kind = kind
    event.campaign = "c"
    event.recipient = recipient
    event.time = 1_772_445_600_000 + minutes * 60_000
    change(&event)
    return event
  }
}

struct ModelSQLTests {
  static let scalars: [(String, String)] = [
    // Arithmetic keeps types, divides with a fraction, and loses what is beyond the range.
    ("1 + 2 * 3", "7"), ("7 / 2", "3.5"), ("6 / 2", "3.0"), ("7 % 3", "1"), ("-7 % 3", "-1"),
    ("1 / 0", "\\N"), ("1 % 0", "\\N"), ("9223372036854775807 + 1", "\\N"),
    ("9223372036854775807 * 2", "\\N"), ("-9223372036854775807 - 2", "\\N"),
    ("1.5 + 1", "2.5"), ("1e308 * 10", "\\N"), ("1 + NULL", "\\N"), ("'2' + 1", "3"),
    ("'2.5' * 2", "5.0"), ("7.5 % 2", "1.5"),
    // Texts.
    // Text where only a number or a time makes sense.
    ("-'2'", "-2.0"), ("'2' + '3.5'", "5.5"), ("abs('-7')", "7.0"), ("round('2.5')", "3"),
    ("extract(hour FROM '2026-03-14 09:12')", "9"),
    ("date_trunc('month', '2026-03-14')", "2026-03-01T00:00:00Z"), ("'2' || '3'", "23"),
    ("lower('ÄAb')", "Äab"), ("upper('äaß')", "äAß"), ("length('é%🎉')", "3"), ("length('')", "0"),
    ("trim('  a b ')", "a b"), ("trim('   ')", ""), ("substr('abcdef', 2)", "bcdef"),
    ("substr('abcdef', 2, 3)", "bcd"), ("substr('abcdef', 0, 3)", "ab"),
    ("substr('abcdef', -1, 3)", "a"), ("substr('abc', 5)", ""), ("substr('abc', 1, -1)", ""),
    ("\"left\"('abc', 2)", "ab"), ("\"left\"('abc', -1)", "ab"), ("\"left\"('abc', 9)", "abc"),
    ("\"right\"('abc', 2)", "bc"), ("\"right\"('abc', -1)", "bc"), ("\"right\"('é', 1)", "é"),
    ("split_part('a,b,c', ',', 2)", "b"), ("split_part('a,b', ',', 3)", ""),
    ("split_part('a,b', ',', 0)", ""), ("split_part('abc', '', 1)", "abc"),
    ("split_part('a--b', '--', 2)", "b"), ("starts_with('abc', 'ab')", "true"),
    ("starts_with('abc', '')", "true"), ("starts_with('abc', 'b')", "false"),
    ("lower(NULL)", "\\N"), ("substr('abc', NULL)", "\\N"), ("'a' || 1", "a1"),
    ("'a' || NULL", "\\N"), ("1.5 || TRUE", "1.5true"), ("DATE '2026-03-14' || ''", "2026-03-14"),
    ("TIMESTAMP '2026-03-14 01:02' || ''", "2026-03-14T01:02:00Z"),
    // Numbers.
    ("abs(-5)", "5"), ("abs(-1.5)", "1.5"), ("round(2.5)", "3"), ("round(-2.5)", "-3"),
    ("round(2.4)", "2"), ("floor(-1.5)", "-2"), ("ceil(-1.5)", "-1"), ("ceil(1.1)", "2"),
    ("round(1.2345, 2)", "1.23"), ("round(-1.255, 1)", "-1.3"), ("round(1250, -2)", "1300"),
    ("round(-1250, -2)", "-1300"), ("round(17, 3)", "17"), ("round(1e300)", "\\N"),
    ("round(6000000000000000000, -19)", "\\N"), ("round(-5000000000000000000, -19)", "\\N"),
    ("round(4000000000000000000, -19)", "0"), ("round(9000000000000000000, -20)", "0"),
    ("round(9000000000000000000, -18)", "9000000000000000000"),
    ("round(9.6e18, -18)", "1e+19"), ("round(6e15, -16)", "1e+16"),
    ("round(4e15, -16)", "0.0"), ("round(6e30, -31)", "1e+31"), ("round(1.7e308, -308)", "\\N"),
    ("round(1e308, -309)", "0.0"), ("round(1.5, 16)", "1.5"),
    // Choices.
    ("coalesce(NULL, 2, 3)", "2"), ("coalesce(NULL, NULL)", "\\N"), ("coalesce(1, 2.5)", "1.0"),
    ("nullif(1, 1)", "\\N"), ("nullif(1, 2)", "1"), ("nullif(1, NULL)", "1"),
    ("nullif(NULL, 1)", "\\N"), ("greatest(1, NULL, 3)", "3"), ("least(2, 1.5)", "1.5"),
    ("greatest(NULL, NULL)", "\\N"), ("greatest('a', 'B')", "a"),
    ("CASE WHEN NULL THEN 1 ELSE 2 END", "2"), ("CASE 1 WHEN 2 THEN 'a' END", "\\N"),
    ("CASE NULL WHEN NULL THEN 1 ELSE 2 END", "2"), ("CASE WHEN TRUE THEN 1 ELSE 2.5 END", "1.0"),
    ("CASE '1' WHEN 1 THEN 'yes' END", "yes"), ("coalesce(1, '7')", "1"),
  ]

  static let conditions: [(String, String)] = [
    ("1 IN (1, NULL)", "true"), ("1 IN (2, NULL)", "\\N"), ("1 NOT IN (2, NULL)", "\\N"),
    ("1 NOT IN (1, NULL)", "false"), ("NULL IN (1)", "\\N"), ("1 IN (2, 3)", "false"),
    ("NULL AND FALSE", "false"), ("NULL AND TRUE", "\\N"), ("NULL OR TRUE", "true"),
    ("NULL OR FALSE", "\\N"), ("NOT NULL", "\\N"), ("NULL = NULL", "\\N"),
    ("NULL IS NULL", "true"),
    ("(NULL = 1) IS TRUE", "false"), ("(NULL = 1) IS NOT TRUE", "true"),
    ("(1 = 1) IS NOT FALSE", "true"), ("2 BETWEEN 1 AND NULL", "\\N"),
    ("2 BETWEEN 3 AND NULL", "false"), ("2 NOT BETWEEN 3 AND NULL", "true"),
    ("'10' = 10", "true"), ("'1e1' = 10", "true"), ("'a' < 'B'", "false"),
    ("TRUE = 'yes'", "true"),
    ("TRUE > FALSE", "true"), ("1 = 1.0", "true"), ("'abc' LIKE 'a%'", "true"),
    ("'abc' LIKE 'A%'", "false"), ("'abc' ILIKE 'A_C'", "true"), ("'a%' LIKE 'a\\%'", "true"),
    ("'ab' LIKE 'a\\%'", "false"), ("'é' LIKE '_'", "true"), ("NULL LIKE 'a'", "\\N"),
    ("'É' ILIKE 'é'", "false"), ("DATE '2026-03-14' = TIMESTAMP '2026-03-14 00:00'", "true"),
    ("DATE '2026-03-14' < '2026-03-14 00:01'", "true"),
    ("INTERVAL '1 month' = INTERVAL '30 days'", "true"),
    ("INTERVAL '1 month' > INTERVAL '29 days'", "true"),
  ]

  static let times: [(String, String)] = [
    ("TIMESTAMP '2026-01-31 10:00' + INTERVAL '1 month'", "2026-02-28T10:00:00Z"),
    ("TIMESTAMP '2024-01-31' + INTERVAL '1 month'", "2024-02-29T00:00:00Z"),
    ("TIMESTAMP '2024-02-29' + INTERVAL '1 year'", "2025-02-28T00:00:00Z"),
    ("TIMESTAMP '2026-03-31' - INTERVAL '1 month'", "2026-02-28T00:00:00Z"),
    ("TIMESTAMP '2026-01-31' + 2 * INTERVAL '1 month'", "2026-04-01T00:00:00Z"),
    ("INTERVAL '1 month 1 day' + DATE '2026-01-30'", "2026-03-01T00:00:00Z"),
    ("TIMESTAMP '1970-01-01' - INTERVAL '1 second'", "1969-12-31T23:59:59Z"),
    (
      "extract(epoch FROM TIMESTAMP '2026-03-02 10:00' - TIMESTAMP '2026-03-01 09:59:58.5')",
      "86401.5"
    ),
    ("extract(epoch FROM DATE '2026-03-02' - DATE '2026-03-01')", "86400.0"),
    ("extract(epoch FROM -INTERVAL '90 minutes')", "-5400.0"),
    ("extract(epoch FROM INTERVAL '1 month')", "2592000.0"),
    ("date_trunc('second', TIMESTAMP '2026-03-14 09:12:01.5')", "2026-03-14T09:12:01Z"),
    ("date_trunc('minute', TIMESTAMP '2026-03-14 09:12:01.5')", "2026-03-14T09:12:00Z"),
    ("date_trunc('hour', TIMESTAMP '1969-12-31 23:59:59.5')", "1969-12-31T23:00:00Z"),
    ("date_trunc('WEEK', TIMESTAMP '2026-03-15 23:00')", "2026-03-09T00:00:00Z"),
    ("date_trunc('week', DATE '2026-03-16')", "2026-03-16T00:00:00Z"),
    ("date_trunc('month', TIMESTAMP '2026-03-14 09:12')", "2026-03-01T00:00:00Z"),
    ("date_trunc('quarter', DATE '2026-06-30')", "2026-04-01T00:00:00Z"),
    ("date_trunc('year', DATE '2026-06-30')", "2026-01-01T00:00:00Z"),
    ("extract(week FROM DATE '2027-01-01')", "53"), ("extract(week FROM DATE '2024-12-30')", "1"),
    ("extract(week FROM DATE '2026-01-01')", "1"), ("extract(dow FROM DATE '2026-03-15')", "0"),
    ("extract(isodow FROM DATE '2026-03-15')", "7"),
    ("extract(doy FROM DATE '2024-12-31')", "366"),
    ("extract(quarter FROM DATE '2026-12-01')", "4"), ("date_part('year', now())", "2026"),
    ("extract(second FROM TIMESTAMP '2026-03-14 09:12:01.9')", "1"),
    ("extract(epoch FROM TIMESTAMP '1969-12-31 23:59:59.5')", "-0.5"),
    ("extract(hour FROM NULL::timestamp)", "\\N"), ("now() - now() = INTERVAL '0 days'", "true"),
  ]

  static let casts: [(String, String)] = [
    ("'12'::integer", "12"), ("'-12'::integer", "-12"), ("'+5'::integer", "5"),
    ("'1.5'::integer", "\\N"), ("'x'::integer", "\\N"), ("''::integer", "\\N"),
    ("'9223372036854775808'::integer", "\\N"), ("'1.5'::numeric", "1.5"), ("'.5'::real", "0.5"),
    ("'inf'::real", "\\N"), ("'0x10'::real", "\\N"), ("' 1'::real", "\\N"),
    ("'1e3'::real", "1000.0"),
    ("'1e'::real", "\\N"), ("'1e999'::real", "\\N"), ("'.'::real", "\\N"), ("2.5::integer", "3"),
    ("CAST(-2.5 AS integer)", "-3"), ("1e300::integer", "\\N"), ("1::boolean", "true"),
    ("0::boolean", "false"), ("TRUE::integer", "1"), ("'off'::boolean", "false"),
    ("'maybe'::boolean", "\\N"), ("'2026-03-14 10:00'::date", "2026-03-14"),
    ("'2026-02-30'::date", "\\N"), ("'2026-03-14'::timestamp", "2026-03-14T00:00:00Z"),
    ("TIMESTAMP '2026-03-14 23:59'::date", "2026-03-14"), ("7::text", "7"), ("1.0::text", "1.0"),
    ("NULL::date", "\\N"), ("DATE '2026-03-14'::timestamp", "2026-03-14T00:00:00Z"),
  ]

  static let refusals: [String] = [
    "SELECT 'x' + 1 FROM messages", "SELECT campaign FROM messages WHERE opens = 'many'",
    "SELECT sent_at = 5 FROM messages",
    "SELECT sent_at + sent_at FROM messages", "SELECT sent_at < 'soon' FROM messages",
    "SELECT opens AND TRUE FROM messages", "SELECT campaign FROM messages WHERE campaign",
    "SELECT CASE WHEN opens THEN 1 END FROM messages",
    "SELECT coalesce(opens, campaign) FROM messages",
    "SELECT coalesce(sent_at, 1) FROM messages", "SELECT lower(opens) FROM messages",
    "SELECT nothing(1) FROM messages", "SELECT date_trunc('eon', sent_at) FROM messages",
    "SELECT open_rate FROM messages",
    "SELECT opens, count(*) FROM messages", "SELECT * FROM messages GROUP BY campaign",
    "SELECT campaign FROM messages GROUP BY recipient",
    "SELECT count(*) FROM messages GROUP BY 1",
    "SELECT count(*) FROM messages WHERE count(*) > 1", "SELECT sum(count(*)) FROM messages",
    "SELECT avg(opened) FROM messages",
    "SELECT campaign FROM messages ORDER BY 2", "SELECT lower(DISTINCT campaign) FROM messages",
    "SELECT opens FROM events GROUP BY lower(campaign)",
    "SELECT opens FROM events WHERE opens > 1",
    "SELECT sum(opens) FROM events", "SELECT kind FROM messages", "SELECT value FROM messages",
    "SELECT campaign FROM messages WHERE opens IN (SELECT sent_at FROM messages)",
    "SELECT sent_at::integer FROM messages",
    "SELECT campaign FROM messages HAVING opens",
    "SELECT 1 FROM messages SETTINGS audience = some",
    "SELECT open_rate, count(*) FROM events WHERE campaign = 'c' OR kind = 'sent'",
    "SELECT opens LIKE '1' FROM messages", "SELECT campaign FROM messages GROUP BY 2",
    "SELECT INTERVAL '1 day' * 1.5 FROM messages", "SELECT count(campaign, send) FROM messages",
    "SELECT time FROM events WHERE kind = 'open'", "SELECT time FROM events WHERE '' <> kind",
    "SELECT opens FROM messages WHERE status IN ('delivered', 'delivred')",
    "SELECT opens FROM messages WHERE bounce_class = 'Hard'",
    "SELECT CASE machine_class WHEN 'bot' THEN 1 END FROM events",
    "SELECT nullif(kind, 'x') FROM events",
    "SELECT kind, count(*) FROM events GROUP BY kind HAVING kind = lower('OPEN')",
  ]

  private static var oneRow: ModelDatabase {
    ModelExample.database([ModelExample.event("sent", "r", 0)])
  }

  @Test(
    "a scalar expression has the value of the contract", arguments: scalars)
  func scalar(expression: String, value: String) throws {
    #expect(
      try ModelExample.rows("SELECT \(expression) FROM campaigns", ModelSQLTests.oneRow) == [value],
      "\(expression)")
  }

  @Test(
    "a condition is true, false or unknown", arguments: conditions)
  func condition(expression: String, value: String) throws {
    #expect(
      try ModelExample.rows("SELECT \(expression) FROM campaigns", ModelSQLTests.oneRow) == [value],
      "\(expression)")
  }

  @Test(
    "a time is moved, cut and taken apart by the calendar", arguments: times)
  func time(expression: String, value: String) throws {
    #expect(
      try ModelExample.rows("SELECT \(expression) FROM campaigns", ModelSQLTests.oneRow) == [value],
      "\(expression)")
  }

  @Test(
    "a cast gives the value or NULL", arguments: casts)
  func cast(expression: String, value: String) throws {
    #expect(
      try ModelExample.rows("SELECT \(expression) FROM campaigns", ModelSQLTests.oneRow) == [value],
      "\(expression)")
  }

  @Test(
    "what has no meaning is refused", arguments: refusals)
  func refused(query: String) throws {
    let statement = try Parser.statement(query)
    #expect(throws: ModelRefusal.self, "\(query)") {
      try ModelSelect.answer(statement, ModelSQLTests.oneRow)
    }
  }

  @Test("the engine says the same of all these examples")
  func engine() throws {
    let folder = TemporaryFolder()
    let line =
      #"{"time":"2026-03-02T10:00:00Z","kind":"sent","campaign":"c","recipient":"r"}"#
    let engine = try EngineSetup.all[0].engine(
      [RenderedFile(name: "a.ndjson", bytes: Array(line.utf8))], in: folder)
    let expressions =
      ModelSQLTests.scalars + ModelSQLTests.conditions + ModelSQLTests.times + ModelSQLTests.casts
    for (expression, _) in expressions {
      let query = "SELECT \(expression) FROM campaigns"
      try expectSameAnswer(query, engine, ModelSQLTests.oneRow, "example")
    }
    for query in ModelSQLTests.refusals {
      try expectSameAnswer(query, engine, ModelSQLTests.oneRow, "example")
    }
  }
}
