// Where sums and texts end: exact up to there, and an error beyond.

import Engine
import Query
import TestSupport
import Testing

struct LimitTests {
  @Test("values that cancel out leave the exact rest, over all shards")
  func exactRest() throws {
    let values = (0..<40).map { $0 % 2 == 0 ? "9000000000000" : "-9000000000000" } + ["0.000001"]
    let table = try engine(values).query("SELECT revenue FROM events")
    #expect(table.row(0) == [.integer(1)])
  }

  @Test("values of one message that cancel out leave the exact rest, in any order")
  func exactRestOfMessage() throws {
    let large = [String](repeating: "9000000000000", count: 20)
    let values = large + large.map { "-" + $0 } + ["0.000001"]
    for values in [values, values.reversed()] {
      let engine = try engine(values, recipient: { _ in "ann@example.org" })
      let table = try engine.query("SELECT revenue FROM messages")
      #expect(table.row(0) == [.integer(1)])
    }
  }

  @Test("a query that makes more texts than there is room for fails, and says so")
  func tooManyTexts() throws {
    let engine = try engine([String](repeating: "1", count: 40))
    var settings = QuerySettings()
    settings.textCountMax = 39
    let error = #expect(throws: QueryError.self) {
      try engine.query("SELECT upper(recipient) FROM messages", settings: settings)
    }
    #expect(error?.kind == .limit)
    settings.textCountMax = 45
    let table = try engine.query("SELECT upper(recipient) FROM messages", settings: settings)
    #expect(table.rowCount == 40)
  }

  @Test("a sum beyond what a result holds is an error and no number")
  func tooLarge() throws {
    let engine = try engine([String](repeating: "9000000000000", count: 40))
    #expect(throws: QueryError.self) { try engine.query("SELECT revenue FROM events") }
    let counted = try engine.query("SELECT conversions FROM events")
    #expect(counted.row(0) == [.integer(40)])
  }

  @Test("a query that fails while it finds out what to order by says why")
  func failsWhileOrdering() throws {
    let engine = try engine([String](repeating: "1", count: 200))
    var settings = QuerySettings()
    settings.textCountMax = 1
    for query in [
      "SELECT recipient, count(*) FROM messages GROUP BY recipient ORDER BY upper(recipient) LIMIT 1",
      "SELECT recipient FROM messages ORDER BY upper(recipient) LIMIT 3",
      "SELECT min(upper(recipient)), max(lower(recipient) || '!') FROM messages",
      "SELECT upper(recipient), count(*) FROM messages GROUP BY 1 ORDER BY 2, 1",
    ] {
      let error = #expect(throws: QueryError.self) { try engine.query(query, settings: settings) }
      #expect(error?.kind == .limit)
    }
  }

  @Test(
    "sums and averages of numbers that are too many or too large are errors",
    arguments: ["sum(1.2e24)", "avg(1.2e24)", "sum(1e30)", "avg(1e30)"])
  func tooLargeNumbers(_ aggregate: String) throws {
    let engine = try engine([String](repeating: "1", count: 600))
    let error = #expect(throws: QueryError.self) {
      try engine.query("SELECT \(aggregate) FROM messages")
    }
    #expect(error?.message == "a sum is beyond what its type holds")
  }

  @Test("the average of the largest intervals is one of them")
  func largestIntervals() throws {
    let engine = try engine([String](repeating: "1", count: 30))
    for sign in ["", "-"] {
      let largest = "INTERVAL '1 millisecond' * \(sign)9223372036854775807"
      let table = try engine.query(
        "SELECT count(*) FROM messages HAVING avg(\(largest)) = \(largest)")
      #expect(table.row(0) == [.integer(30)])
    }
  }

  @Test("a revenue beyond the largest is an error, whichever its sign")
  func smallestRevenue() throws {
    let least = ["-9223372036854.775807", "-0.000001"]
    let engine = try engine(least, recipient: { _ in "ann@example.org" })
    for source in ["events", "messages"] {
      #expect(throws: QueryError.self) { try engine.query("SELECT revenue FROM \(source)") }
    }
    let single = try self.engine([least[0]])
    let table = try single.query("SELECT abs(revenue) FROM messages")
    #expect(table.row(0) == [.integer(.max)])
  }

  private func engine(
    _ values: [String], recipient: (Int) -> String = { "r\($0)@example.org" }
  ) throws -> Engine {
    let lines = values.enumerated().map { index, value in
      """
      {"time":"2026-03-14T10:00:00Z","kind":"converted","campaign":"spring",\
      "recipient":"\(recipient(index))","value":\(value)}
      """
    }
    let folder = TemporaryFolder()
    let setup = EngineSetup(name: "default")
    let file = RenderedFile(
      name: "conversions.ndjson", bytes: Array(lines.joined(separator: "\n").utf8))
    return try setup.engine([file], in: folder)
  }
}
