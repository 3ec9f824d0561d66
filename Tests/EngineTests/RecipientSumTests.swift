// Counts and rates of recipients are added up once and looked up from then on, and with LIMIT only for those who are
// shown. What they say must be what the events say.

import Engine
import Query
import TestSupport
import Testing

struct RecipientSumTests {
  /// Answered from sums, once they are asked again.
  private static let summed = [
    "SELECT recipient, opens, clicks FROM events WHERE kind IN ('opened', 'clicked') GROUP BY recipient",
    "SELECT recipient, opens, unique_opens, open_rate, ctr FROM events WHERE kind IN ('opened', 'clicked') GROUP BY 1",
    "SELECT recipient, unique_clicks, ctor FROM events WHERE kind = 'clicked' GROUP BY recipient",
    "SELECT recipient, opens FROM events WHERE kind <> 'clicked' AND kind <> 'opened' AND kind = 'clicked' GROUP BY 1",
    "SELECT recipient, sent, delivered, bounced, opens, open_rate FROM events GROUP BY recipient",
    "SELECT recipient, ctor FROM events GROUP BY recipient",
    "SELECT recipient, opens, count(*) FROM events GROUP BY recipient",
  ]

  /// Close to those, but other kinds, other keys or conditions need more.
  private static let read = [
    "SELECT recipient, unsubscribes, opens FROM events GROUP BY recipient",
    "SELECT recipient, opens FROM events WHERE kind IN ('opened', 'unsubscribed') GROUP BY recipient",
    "SELECT recipient, opens, open_rate FROM events WHERE campaign = 'c1' GROUP BY recipient",
    "SELECT recipient, opens FROM events WHERE time >= '2026-03-28' GROUP BY recipient",
    "SELECT recipient, campaign, opens, open_rate FROM events GROUP BY 1, 2",
    "SELECT recipient, link, unique_clicks, ctr FROM events GROUP BY 1, 2",
  ]

  /// Each ends in a key that tells all rows apart.
  private static let orders = [
    "opens DESC, recipient", "recipient DESC", "opens, recipient DESC",
    "opens DESC, recipient DESC",
    "open_rate DESC, opens DESC, recipient", "ctr, recipient", "opens + clicks DESC, recipient",
  ]

  @Test("what is added up by recipient is what the events say", arguments: PlainReading.settings)
  func sums(settings: String) throws {
    let folder = TemporaryFolder()
    let engine = try EngineSetup(name: "default").engine(RecipientSumTests.files, in: folder)
    let plain = try PlainReading(folder)
    for query in RecipientSumTests.summed + RecipientSumTests.read {
      try plain.expectSame(query + settings, from: engine, times: 3)
    }
  }

  @Test(
    "the first groups are the first of all groups, with all that is said of them", arguments: orders
  )
  func firstGroups(order: String) throws {
    let folder = TemporaryFolder()
    defer { withExtendedLifetime(folder) {} }
    let engine = try EngineSetup(name: "default").engine(RecipientSumTests.files, in: folder)
    let kinds = " WHERE kind IN ('opened', 'clicked')"
    for condition in ["", kinds, " WHERE campaign <> 'c1'"] {
      let query =
        "SELECT recipient, opens, clicks, sent, unique_clicks, open_rate, ctr, ctor FROM events"
        + condition + " GROUP BY recipient ORDER BY \(order)"
      let all = try engine.query(query)
      for (limit, offset) in [(0, 0), (1, 0), (3, 2), (10, 0), (7, 60), (1000, 1)] {
        for _ in 0..<3 {
          let some = try engine.query(query + " LIMIT \(limit) OFFSET \(offset)")
          #expect(some.rowCount == min(limit, max(0, all.rowCount - offset)), "\(query)")
          for row in 0..<some.rowCount {
            #expect(some.row(row) == all.row(offset + row), "\(query) LIMIT \(limit)")
          }
        }
      }
    }
  }

  @Test("the first of very many, of whom many have as much as the last that is shown")
  func firstOfMany() throws {
    let folder = TemporaryFolder()
    defer { withExtendedLifetime(folder) {} }
    let file = RenderedFile(name: "crowd.ndjson", bytes: Array(RecipientSumTests.crowd.utf8))
    let engine = try EngineSetup(name: "default").engine([file], in: folder)
    for (condition, order) in [
      (" WHERE kind IN ('opened', 'clicked')", "opens DESC, recipient"),
      (" WHERE kind = 'opened'", "opens DESC, recipient DESC"),
      (" WHERE kind IN ('opened', 'clicked')", "unique_clicks DESC, recipient"),
      ("", "clicks DESC, recipient"),
    ] {
      let query =
        "SELECT recipient, opens, clicks, unique_clicks FROM events" + condition
        + " GROUP BY recipient ORDER BY \(order)"
      let all = try engine.query(query)
      for limit in [1, 5, 40, 300, 2500] {
        for _ in 0..<3 {
          let some = try engine.query(query + " LIMIT \(limit)")
          #expect(some.rowCount == min(limit, all.rowCount), "\(query)")
          let rows = 0..<min(some.rowCount, all.rowCount)
          #expect(rows.allSatisfy { some.row($0) == all.row($0) }, "\(query) LIMIT \(limit)")
        }
      }
    }
  }

  @Test("what is removed, and what comes later, changes the sums")
  func changes() throws {
    let folder = TemporaryFolder()
    let engine = try EngineSetup(name: "default").engine(RecipientSumTests.files, in: folder)
    let query = RecipientSumTests.summed[1]
    for _ in 0..<3 { _ = try engine.query(query) }
    _ = try engine.forget((0..<20).map { Array("r\($0)@example.org".utf8) })
    try PlainReading(folder).expectSame(query, from: engine, times: 3)
    let stream = try engine.stream()
    try stream.append(RecipientSumTests.events(2000..<2200))
    _ = try stream.finish()
    try engine.save()
    try PlainReading(folder).expectSame(query, from: engine, times: 3)
  }

  @Test("too many groups are an error whether or not they are shown")
  func tooManyGroups() throws {
    let folder = TemporaryFolder()
    defer { withExtendedLifetime(folder) {} }
    let engine = try EngineSetup(name: "default").engine(RecipientSumTests.files, in: folder)
    var settings = QuerySettings()
    settings.groupCountMax = 20
    let query = RecipientSumTests.summed[0] + " ORDER BY opens DESC LIMIT 3"
    for _ in 0..<3 {
      #expect(throws: QueryError.self) { try engine.query(query, settings: settings) }
    }
  }

  @Test("EXPLAIN says where sums may answer")
  func explanation() throws {
    let folder = TemporaryFolder()
    defer { withExtendedLifetime(folder) {} }
    let engine = try EngineSetup(name: "default").engine(RecipientSumTests.files, in: folder)
    func saysSums(_ query: String) throws -> Bool {
      let plan = try engine.query("EXPLAIN " + query)
      return (0..<plan.rowCount).contains {
        LiveData.text(plan, $0).contains("by recipient instead")
      }
    }
    for query in RecipientSumTests.summed { #expect(try saysSums(query), "\(query)") }
    for query in RecipientSumTests.read { #expect(try !saysSums(query), "\(query)") }
  }

  // MARK: Data

  private static let files = [
    RenderedFile(name: "events.ndjson", bytes: Array((events(0..<900) + strangers).utf8)),
    // Some of whom nothing else is known.
    RenderedFile(
      name: "recipients.csv",
      bytes: Array(
        "recipient,plan\nr1@example.org,gold\nsilent@example.org,gold\nmute@example.org,none\n".utf8
      )),
  ]

  /// Recipients of whom sums by state, opens and clicks of people know nothing: half of them have events that count.
  private static let strangers = (0..<60).map { number in
    let kind = number % 2 == 0 ? "unsubscribed" : "opened"
    return "{\"time\":\"2026-03-27T09:00:00Z\",\"kind\":\"\(kind)\",\"campaign\":\"c1\","
      + "\"recipient\":\"stranger\(number)@example.org\","
      + "\"user_agent\":\"Googlebot/2.1 (+http://www.google.com/bot.html)\"}\n"
  }.joined()

  /// Thousands of recipients: most have an event or two, a few have many.
  private static let crowd = (0..<9000).map { number in
    let recipient = number % 3 == 0 ? number * number % 97 : number * 7 % 5003
    return "{\"time\":\"2026-03-26T10:00:\(10 + number % 50)Z\","
      + "\"kind\":\"\(number % 5 < 3 ? "opened" : "clicked")\",\"campaign\":\"c\(number % 3)\","
      + "\"recipient\":\"r\(recipient)@example.org\",\"send\":\"s\(number % 7)\"}\n"
  }.joined()

  /// Few recipients have only one kind of event, and some are machines.
  private static func events(_ numbers: Range<Int>) -> String {
    numbers.map { number in
      let kind = ["opened", "clicked", "opened", "sent", "unsubscribed", "sent", "delivered"][
        number * 31 % 7]
      let agent =
        number % 4 == 0 ? "Googlebot/2.1 (+http://www.google.com/bot.html)" : "something else"
      return "{\"time\":\"2026-03-\(26 + number * 7 % 5)T1\(number * 11 % 10):15:00Z\","
        + "\"kind\":\"\(kind)\",\"campaign\":\"c\(number % 4)\","
        + "\"recipient\":\"r\(number * number % 211)@example.org\",\"send\":\"s\(number % 3)\","
        + "\"link\":\"l\(number % 5)\",\"user_agent\":\"\(agent)\"}\n"
    }.joined()
  }
}
