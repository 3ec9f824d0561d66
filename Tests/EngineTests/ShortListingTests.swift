// A listing with LIMIT reads what orders its rows of all of them, and every other column of the first rows only. What
// it reads is counted in texts: addresses and functions make one for each row, and a query that makes too many fails.

import Engine
import Query
import TestSupport
import Testing

struct ShortListingTests {
  private static let rowCount = 200

  /// None wants more than 10 rows.
  private static let listings = [
    "SELECT ip FROM events LIMIT 7",
    "SELECT * FROM events ORDER BY time DESC LIMIT 7",
    "SELECT ip FROM events WHERE campaign LIKE 'c%' ORDER BY campaign, time LIMIT 5 OFFSET 2",
    "SELECT upper(recipient) FROM messages LIMIT 10",
    "SELECT upper(recipient), status FROM messages ORDER BY first_click_at DESC LIMIT 7",
    "SELECT recipient, domain, tracked, campaign, send, sent_hour FROM messages ORDER BY recipient LIMIT 9",
    "SELECT upper(recipient) FROM messages WHERE clicks > 0 AND status = 'clicked' LIMIT 7",
    "SELECT upper(recipient) FROM recipients ORDER BY recipient DESC LIMIT 4 OFFSET 3",
  ]

  @Test(
    "a listing with LIMIT makes texts for its own rows only, however many there are",
    arguments: EngineSetup.all.filter(\.prunes))
  func textsOfWantedRows(setup: EngineSetup) throws {
    let folder = TemporaryFolder()
    let engine = try setup.engine([ShortListingTests.clicks], in: folder)
    defer { withExtendedLifetime(folder) {} }
    var settings = QuerySettings()
    // Besides one for each row: the names of kinds, classes and states.
    settings.textCountMax = 10 + 60
    for listing in ShortListingTests.listings {
      let table = try engine.query(listing, settings: settings)
      #expect(table.rowCount > 0, "\(listing)")
    }
    #expect(throws: QueryError.self) {
      try engine.query("SELECT ip FROM events", settings: settings)
    }
    #expect(throws: QueryError.self) {
      try engine.query("SELECT upper(recipient) FROM messages", settings: settings)
    }
  }

  @Test("a listing with LIMIT has the rows that it has when every column is read of every row")
  func rowsOfPlainPath() throws {
    var plain = EngineSetup(name: "plain")
    plain.prunes = false
    let oracle = try plain.engine([ShortListingTests.clicks], in: TemporaryFolder())
    let engine = try EngineSetup(name: "default").engine(
      [ShortListingTests.clicks], in: TemporaryFolder())
    for listing in ShortListingTests.listings + ["SELECT * FROM messages ORDER BY send LIMIT 50"] {
      let (expected, actual) = (try oracle.query(listing), try engine.query(listing))
      #expect(actual.rowCount == expected.rowCount)
      for row in 0..<expected.rowCount { #expect(actual.row(row) == expected.row(row)) }
    }
  }

  @Test("more rows of one time than are kept are told apart by the columns behind it")
  func rowsOfOneTime() throws {
    let count = 40_000
    let lines = (0..<count).map { index in
      """
      {"time":"2026-03-14T10:00:00Z","kind":"converted","campaign":"spring",\
      "recipient":"ann@example.org","value":\(count - index)}
      """
    }
    let file = RenderedFile(
      name: "conversions.ndjson", bytes: Array(lines.joined(separator: "\n").utf8))
    let engine = try EngineSetup(name: "default").engine([file], in: TemporaryFolder())
    for direction in ["", " DESC"] {
      let table = try engine.query(
        "SELECT value FROM events ORDER BY time\(direction) LIMIT 3 OFFSET 1")
      let values = (0..<table.rowCount).map { table.row($0)[0] }
      #expect(values == [2, 3, 4].map { .integer($0 * 1_000_000) })
    }
  }

  /// One of each recipient, at different times and from different networks.
  private static let clicks: RenderedFile = {
    let lines = (0..<rowCount).map { index in
      let (minute, second) = (index * 7 % rowCount / 60, index * 7 % rowCount % 60)
      return """
        {"time":"2026-03-14T10:0\(minute):\(second < 10 ? "0" : "")\(second)Z","kind":"clicked",\
        "campaign":"c\(index % 3)","recipient":"r\(index)@example.org","link":"l\(index % 5)",\
        "ip":"10.0.\(index).1"}
        """
    }
    return RenderedFile(name: "clicks.ndjson", bytes: Array(lines.joined(separator: "\n").utf8))
  }()
}
