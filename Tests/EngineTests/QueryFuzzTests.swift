// No text may crash the query language or make it hang, and what was found once stays found.

import Base
import Query
import TestSupport
import Testing

/// Times at the ends of what milliseconds can hold.
private let first =
  "TIMESTAMP '1970-01-01' - INTERVAL '1000000000 days' * 106 - INTERVAL '751991167 days 7 hours'"
private let last =
  "TIMESTAMP '1970-01-01' + INTERVAL '1000000000 days' * 106 + INTERVAL '751991167 days 7 hours'"

/// A query behind the IN of a query behind the IN ... : each is answered once, so depth adds up and does not multiply.
private let nested = (0..<24).reduce("SELECT recipient FROM recipients") { inner, _ in
  "SELECT recipient FROM recipients WHERE recipient IN (\(inner))"
}

struct QueryFuzzTests {
  @Test("any text ends with a table or an error inside the text")
  func anyText() throws {
    let fuzz = try QueryFuzz()
    var answeredCount = 0
    let count = Cases.count(1500)
    forAll(count: count, seed: 90_001) { random, seed in
      if fuzz.run(&random, seed) { answeredCount += 1 }
    }
    // Unless one seed is run alone, a good part must have come as far as the rows.
    #expect(answeredCount * 10 > count || answeredCount < 2, "\(answeredCount) of \(count)")
  }

  @Test(
    "texts that once went wrong",
    arguments: [
      "SELECT kind FROM events LIMIT 9223372036854775807",
      "SELECT kind FROM events LIMIT 9223372036854775807 OFFSET 9223372036854775807",
      "SELECT \(first) FROM events",
      "SELECT \(last) FROM events SETTINGS time_zone = 'Europe/Vienna'",
      "SELECT date_trunc('day', \(first)), date_trunc('week', \(first)) FROM events",
      "SELECT date_trunc('hour', \(first)), date_trunc('second', \(first)) FROM events",
      "SELECT date_trunc('year', \(first)), date_trunc('minute', \(last)) FROM events",
      "SELECT extract(hour FROM \(first)), extract(week FROM \(first)) FROM events",
      "SELECT (\(first))::date, (\(last))::date FROM events",
      "SELECT (\(last)) + INTERVAL '999999999 months' FROM events",
      "SELECT (\(first)) - INTERVAL '1 month', (\(last)) - INTERVAL '1 month' FROM events",
      "SELECT min(\(first)), max(\(first))::text FROM events GROUP BY \(last)",
      nested,
      "SELECT count(*) FROM recipients GROUP BY domain HAVING 'r1' IN (\(nested))",
      "SELECT -(\(last) - \(last)), abs(value - 9223372036854.775807 - 9e12) FROM events",
    ])
  func onceWrong(text: String) throws {
    #expect(try QueryFuzz().answer(Array(text.utf8), text))
  }
}
