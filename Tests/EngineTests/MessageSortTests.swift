// Messages that are alike are put together, and questions about single messages go through the sorts that pass, or the
// blocks that may hold them. What they say must be what every message says.

import Engine
import Query
import TestSupport
import Testing

struct MessageSortTests {
  /// Answered by sorts alone, once they are asked again.
  private static let grouped = [
    "SELECT status, count(*) FROM messages GROUP BY status",
    "SELECT campaign, opened, bounce_class, count(*) FROM messages GROUP BY 1, 2, 3",
    "SELECT count(*) FROM messages WHERE campaign = 'c1' AND opens > 0 AND clicks = 0",
    "SELECT count(*), count(DISTINCT campaign), min(status), max(campaign) FROM messages WHERE 1 > clicks",
    "SELECT campaign, count(sent_at), count(first_click_at), count(*) FILTER (WHERE opens >= 1) FROM messages "
      + "WHERE tracked OR complained_at IS NULL GROUP BY campaign",
    "SELECT campaign, count(converted_at) FROM messages WHERE conversions <> 0 GROUP BY campaign",
    "SELECT count(*) FROM messages WHERE campaign = 'nowhere'",
  ]

  /// Answered by recipient and sort.
  private static let byRecipient = [
    "SELECT recipient, count(*) FROM messages GROUP BY recipient",
    "SELECT recipient, count(sent_at), count(*) FILTER (WHERE opened), count(delivered_at), count(bounced_at), "
      + "count(unsubscribed_at) FROM messages WHERE campaign <> 'c2' GROUP BY recipient",
    "SELECT recipient FROM messages GROUP BY recipient HAVING count(*) > 2 AND count(first_open_at) = 0",
  ]

  /// Going through the messages of some sorts alone, or those whose blocks may pass.
  private static let picked = [
    "SELECT recipient, send, opens, first_open_at FROM messages WHERE campaign = 'c1' AND status = 'clicked'",
    "SELECT * FROM messages WHERE bounce_class = 'soft' ORDER BY recipient, send LIMIT 7",
    "SELECT recipient, count(*), max(bounced_at) FROM messages WHERE bounce_class = 'soft' GROUP BY recipient",
    "SELECT sent_day, domain, sum(opens), count(revenue) FROM messages WHERE status = 'converted' GROUP BY 1, 2",
    "SELECT send, status, delivered_at, bounce_code FROM messages WHERE opens > 1 AND clicks < 2",
    "SELECT campaign, count(*) FROM messages WHERE sent_at >= TIMESTAMP '2026-03-28 12:00' AND NOT opened GROUP BY 1",
    "SELECT count(*) FROM messages WHERE sent_at BETWEEN '2026-03-27' AND '2026-03-28' AND campaign = 'c0'",
    "SELECT send, opens FROM messages WHERE recipient = 'busy@example.org' AND clicks > 0 ORDER BY sent_at LIMIT 9",
    "SELECT send FROM messages WHERE send = 's4711' OR send = 's17'",
    "SELECT count(*), min(send) FROM messages WHERE send LIKE '%99' AND lower(recipient) LIKE 'busy%'",
  ]

  @Test("what sorts of messages say is what every message says", arguments: PlainReading.settings)
  func sorts(settings: String) throws {
    let folder = TemporaryFolder()
    let engine = try EngineSetup(name: "default").engine(MessageSortTests.files, in: folder)
    let plain = try PlainReading(folder)
    for query in MessageSortTests.all {
      try plain.expectSame(query + settings, from: engine, times: 3)
    }
  }

  @Test("what is removed, and what comes later, changes the sorts")
  func changes() throws {
    let folder = TemporaryFolder()
    let engine = try EngineSetup(name: "default").engine(MessageSortTests.files, in: folder)
    for query in MessageSortTests.all + MessageSortTests.all { _ = try engine.query(query) }
    _ = try engine.forget((0..<20).map { Array("r\($0)@example.org".utf8) })
    let plain = try PlainReading(folder)
    for query in MessageSortTests.all { try plain.expectSame(query, from: engine, times: 2) }
    let stream = try engine.stream()
    try stream.append(MessageSortTests.events(2000..<2200))
    _ = try stream.finish()
    try engine.save()
    let later = try PlainReading(folder)
    for query in MessageSortTests.all { try later.expectSame(query, from: engine, times: 3) }
  }

  @Test("EXPLAIN says what sorts may spare, and which conditions skip blocks")
  func explanation() throws {
    let folder = TemporaryFolder()
    defer { withExtendedLifetime(folder) {} }
    let engine = try EngineSetup(name: "default").engine(MessageSortTests.files, in: folder)
    func says(_ words: String, _ query: String) throws -> Bool {
      let plan = try engine.query("EXPLAIN " + query)
      return (0..<plan.rowCount).contains { LiveData.text(plan, $0).contains(words) }
    }
    for query in MessageSortTests.grouped {
      #expect(try says("counted together instead", query), "\(query)")
    }
    for query in MessageSortTests.byRecipient {
      #expect(try says("by recipient and sort instead", query), "\(query)")
    }
    for query in MessageSortTests.picked.prefix(3) {
      #expect(try says("sorts that pass", query), "\(query)")
    }
    #expect(try !says("when asked again", MessageSortTests.picked[4]))
    #expect(try says("skips blocks", MessageSortTests.picked[5]))
    #expect(try !says("skips blocks", MessageSortTests.picked[1]))
  }

  // MARK: Data

  private static let all = grouped + byRecipient + picked

  private static let files = [
    RenderedFile(name: "events.ndjson", bytes: Array(events(0..<1200).utf8)),
    RenderedFile(name: "busy.ndjson", bytes: Array(busy.utf8)),
  ]

  /// One recipient with more messages than two blocks hold.
  private static var busy: String {
    (0..<9000).map { number in
      line(
        "sent", "2026-03-\(26 + number / 2000)T1\(number / 200 % 10):15:00Z", "c\(number / 3000)",
        "busy@example.org", "s\(number)")
        + (number % 7 == 0
          ? line(
            number % 21 == 0 ? "clicked" : "opened", "2026-03-31T10:00:00Z", "c\(number / 3000)",
            "busy@example.org", "s\(number)") : "")
    }.joined()
  }

  /// Messages with every outcome, and opens of machines among them.
  private static func events(_ numbers: Range<Int>) -> String {
    let kinds = [
      "opened", "clicked", "sent", "unsubscribed", "sent", "delivered", "bounced", "complained",
      "converted", "replied", "dropped", "deferred", "sent",
    ]
    return numbers.map { number in
      line(
        kinds[number * 31 % 13], "2026-03-\(26 + number * 7 % 5)T1\(number * 11 % 10):15:00Z",
        "c\(number % 3)", "r\(number * 17 % 60)@example.org", "s\(number % 2)",
        number % 4 == 0 ? "Googlebot/2.1 (+http://www.google.com/bot.html)" : "something else",
        ["5.1.1", "4.2.2"][number / 13 % 2])
    }.joined()
  }

  private static func line(
    _ kind: String, _ time: String, _ campaign: String, _ recipient: String, _ send: String,
    _ agent: String = "something else", _ code: String = "4.2.2"
  ) -> String {
    let status = kind == "bounced" ? ",\"code\":\"\(code)\"" : ""
    return "{\"time\":\"\(time)\",\"kind\":\"\(kind)\",\"campaign\":\"\(campaign)\","
      + "\"recipient\":\"\(recipient)\",\"send\":\"\(send)\",\"user_agent\":\"\(agent)\""
      + status + "}\n"
  }
}
