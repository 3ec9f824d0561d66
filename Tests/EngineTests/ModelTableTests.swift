// The model's tables, groups and orders against examples computed by hand from docs/SEMANTICS.md.

import Testing

struct ModelTableTests {
  private static let outlook = "Mozilla/5.0"

  /// Ann got and did everything; Bob's bounced after a delivery; Cy's was only opened, by a machine; Dee's bounced.
  private static var history: ModelDatabase {
    var store = ModelStore()
    let events: [ModelEvent] = [
      ModelExample.event("sent", "ann@X.example", 0) { $0.variant = "A" },
      ModelExample.event("delivered", "ann@X.example", 1),
      ModelExample.event("opened", "ann@X.example", 10),
      ModelExample.event("opened", "ann@X.example", 5),
      ModelExample.event("opened", "ann@X.example", 7) { $0.userAgent = outlook },
      ModelExample.event("clicked", "ann@X.example", 11) { $0.link = "l1" },
      ModelExample.event("clicked", "ann@X.example", 12) { $0.link = "l1" },
      ModelExample.event("clicked", "ann@X.example", 13),
      ModelExample.event("converted", "ann@X.example", 20) { $0.value = 1_500_000 },
      ModelExample.event("unsubscribed", "ann@X.example", 30) { $0.reason = "z" },
      ModelExample.event("unsubscribed", "ann@X.example", 30) { $0.reason = "b" },
      ModelExample.event("unsubscribed", "ann@X.example", 31) { $0.reason = "a" },
      ModelExample.event("replied", "ann@X.example", 40),
      ModelExample.event("sent", "bob", 0) { $0.send = "s1" },
      ModelExample.event("delivered", "bob", 1) { $0.send = "s1" },
      ModelExample.event("bounced", "bob", 2) { ($0.send, $0.code) = ("s1", "5.1.1") },
      ModelExample.event("opened", "cy", 3) { $0.userAgent = outlook },
      ModelExample.event("sent", "dee", 0),
      ModelExample.event("bounced", "dee", 3) { ($0.code, $0.reason) = ("4.2.2", "full") },
      ModelExample.event("deferred", "eve", 3),
      ModelExample.event("dropped", "eve", 4),
      ModelExample.event("deferred", "fay", 3),
      ModelExample.event("sent", "gus", 9),
    ]
    for event in events { store.add(event) }
    store.state("recipient", "ann@X.example", "age", "30")
    store.state("recipient", "bob", "age", "9")
    store.state("recipient", "zoe", "age", "51")
    store.state("recipient", "bob", "school", "7b")
    store.state("recipient", "cy", "school", "12")
    return ModelDatabase(store)
  }

  private func expect(
    _ query: String, _ rows: [String], sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    #expect(
      try ModelExample.rows(query, ModelTableTests.history) == rows, "\(query)",
      sourceLocation: sourceLocation)
  }

  @Test("status is the furthest a message got")
  func status() throws {
    try expect(
      "SELECT recipient, status FROM messages",
      [
        "ann@X.example | unsubscribed", "bob | delivered", "cy | \\N", "dee | bounced",
        "eve | dropped", "fay | deferred", "gus | delivered",
      ])
    try expect(
      "SELECT recipient, status FROM messages WHERE opens > 0 SETTINGS audience = all",
      ["ann@X.example | unsubscribed", "cy | opened"])
  }

  @Test("every step of the ladder outranks those below it")
  func ladder() throws {
    let ladder =
      "deferred dropped bounced delivered opened clicked replied converted unsubscribed complained"
      .words
    for count in 1...ladder.count {
      // A delivery after the bounce undoes it.
      let events = ladder.prefix(count).enumerated().map {
        ModelExample.event($0.element, "r", $0.offset)
      }
      let rows = try ModelExample.rows(
        "SELECT status FROM messages", ModelExample.database(events.reversed()))
      #expect(rows == [ladder[count - 1]])
    }
  }

  @Test("each column of messages")
  func columns() throws {
    try expect(
      """
      SELECT opens, first_open_at, last_open_at, clicks, first_click_at, last_click_at, links_clicked
      FROM messages WHERE recipient = 'ann@X.example'
      """,
      [
        "2 | 2026-03-02T10:05:00Z | 2026-03-02T10:10:00Z | 3 | 2026-03-02T10:11:00Z "
          + "| 2026-03-02T10:13:00Z | 1"
      ])
    try expect(
      """
      SELECT opened, unsubscribed_at, unsubscribe_reason, complained_at, converted_at, conversions,
        revenue, replied_at, responded_at, domain, variant, tracked
      FROM messages WHERE recipient = 'ann@X.example'
      """,
      [
        "true | 2026-03-02T10:30:00Z | b | \\N | 2026-03-02T10:20:00Z | 1 | 1.5 "
          + "| 2026-03-02T10:40:00Z | \\N | x.example | A | true"
      ])
    try expect(
      """
      SELECT recipient, sent_at, delivered_at, bounced_at, bounce_class, bounce_code, bounce_reason
      FROM messages WHERE recipient IN ('bob', 'dee', 'eve', 'gus')
      """,
      [
        "bob | 2026-03-02T10:00:00Z | 2026-03-02T10:01:00Z | 2026-03-02T10:02:00Z | hard | 5.1.1 | \\N",
        "dee | 2026-03-02T10:00:00Z | \\N | 2026-03-02T10:03:00Z | soft | 4.2.2 | full",
        "eve | \\N | \\N | \\N | \\N | \\N | \\N",
        "gus | 2026-03-02T10:09:00Z | 2026-03-02T10:09:00Z | \\N | \\N | \\N | \\N",
      ])
    try expect(
      "SELECT opens, opened, revenue, sent_hour, sent_day, sent_hour_of_day FROM messages WHERE send = 's1'",
      ["0 | false | \\N | 2026-03-02T10:00:00Z | 2026-03-02 | 10"])
  }

  @Test("an implied open opens, and counts as no open")
  func impliedOpen() throws {
    let database = ModelExample.database([ModelExample.event("clicked", "r", 0)])
    let query = "SELECT opened, opens, first_open_at, status FROM messages"
    #expect(try ModelExample.rows(query, database) == ["true | 0 | \\N | clicked"])
    #expect(
      try ModelExample.rows(query + " SETTINGS implied_opens = off", database)
        == ["false | 0 | \\N | clicked"])
  }

  @Test("recipients are those that events or files name, attributes may drop their owner")
  func recipients() throws {
    try expect(
      "SELECT * FROM recipients WHERE age > 9",
      ["ann@X.example | x.example | 30 | \\N", "zoe | \\N | 51 | \\N"])
    try expect(
      "SELECT recipient, recipient.age + 1 FROM recipients WHERE school = '7b'", ["bob | 10"])
    try expect("SELECT count(*), sum(age) FROM recipients", ["8 | 90"])
    try expect("SELECT campaign FROM campaigns", ["c"])
    try expect("SELECT * FROM links", ["l1 | \\N | \\N"])
  }

  @Test("text that is no number is NULL beside one")
  func textBesideNumber() throws {
    try expect("SELECT recipient FROM recipients WHERE school > 11", ["cy"])
    try expect(
      "SELECT recipient FROM recipients WHERE (school > 11) IS NULL AND school IS NOT NULL", ["bob"]
    )
  }

  @Test("events are listed by their time, without those of another audience")
  func listing() throws {
    try expect(
      "SELECT kind, recipient FROM events WHERE time <= '2026-03-02 10:03'",
      [
        "sent | ann@X.example", "sent | bob", "sent | dee", "delivered | ann@X.example",
        "delivered | bob", "bounced | bob", "bounced | dee", "deferred | eve", "deferred | fay",
      ])
    try expect(
      "SELECT recipient FROM events WHERE kind = 'opened' SETTINGS audience = machine",
      ["cy", "ann@X.example"])
    try expect("SELECT sum(value), count(value), count(*) FROM events", ["1.5 | 1 | 21"])
  }

  @Test("aggregates see their rows, distinct and filtered")
  func aggregates() throws {
    try expect(
      """
      SELECT kind, count(*), count(link), count(DISTINCT recipient), min(time), count(*) FILTER (WHERE time >
        '2026-03-02 10:03')
      FROM events GROUP BY kind HAVING count(*) > 2
      """,
      [
        "clicked | 3 | 2 | 1 | 2026-03-02T10:11:00Z | 3",
        "sent | 4 | 0 | 4 | 2026-03-02T10:00:00Z | 1",
        "unsubscribed | 3 | 0 | 1 | 2026-03-02T10:30:00Z | 3",
      ])
    try expect(
      "SELECT count(*), sum(opens), avg(opens), max(campaign) FROM messages WHERE FALSE",
      ["0 | \\N | \\N | \\N"])
    try expect("SELECT campaign, count(*) FROM messages WHERE FALSE GROUP BY campaign", [])
    try expect(
      "SELECT avg(opens), sum(DISTINCT clicks), sum(opens / 4) FROM messages WHERE opens + clicks > 0 OR recipient = 'bob'",
      ["1.0 | 3 | 0.5"])
    try expect(
      "SELECT extract(epoch FROM avg(first_open_at - sent_at)), extract(epoch FROM max(clicks * INTERVAL '1 day')) FROM messages",
      ["300.0 | 259200.0"])
    try expect("SELECT count(*) FROM messages HAVING count(*) > 100", [])
  }

  @Test("aggregates stand beside measures and see the events of the group")
  func besideMeasures() throws {
    try expect(
      "SELECT recipient, delivered, count(*), max(kind) FROM events WHERE kind = 'delivered' GROUP BY recipient",
      [
        "ann@X.example | 1 | 1 | delivered", "bob | 1 | 1 | delivered", "gus | 1 | 0 | \\N",
      ])
    try expect("SELECT opens * 2 + 1, open_rate FROM events WHERE variant = 'A'", ["5 | 1.0"])
  }

  @Test("NULL groups, sorts last, and can be sent first; ties go by keys and items")
  func order() throws {
    try expect(
      "SELECT bounce_class, count(*) FROM messages GROUP BY bounce_class",
      ["hard | 1", "soft | 1", "\\N | 5"])
    try expect(
      "SELECT bounce_class FROM messages GROUP BY 1 ORDER BY 1 DESC", ["\\N", "soft", "hard"])
    try expect(
      "SELECT bounce_class AS b FROM messages GROUP BY b ORDER BY b DESC NULLS LAST LIMIT 1 OFFSET 1",
      ["hard"])
    try expect(
      "SELECT recipient FROM messages ORDER BY bounce_class, opens DESC LIMIT 4",
      ["bob", "dee", "ann@X.example", "cy"])
    try expect(
      "SELECT opens, bounce_class FROM messages GROUP BY bounce_class, opens ORDER BY opens",
      ["0 | hard", "0 | soft", "0 | \\N", "2 | \\N"])
  }

  @Test("a column outranks an alias in GROUP BY, an alias a column in ORDER BY")
  func aliases() throws {
    try expect(
      "SELECT substr(recipient, 1, 1) AS recipient, count(*) FROM messages GROUP BY 1 LIMIT 1",
      ["a | 1"]
    )
    try expect(
      "SELECT length(recipient) AS recipient FROM messages GROUP BY recipient ORDER BY recipient, length(recipient) LIMIT 2",
      ["2", "3"])
    try expect(
      "SELECT opens AS clicks, recipient FROM messages WHERE clicks = 0 ORDER BY clicks DESC LIMIT 1",
      ["0 | bob"])
  }

  @Test("IN takes the rows of a query, NULL among them included")
  func subqueries() throws {
    // Nothing is in an empty answer, not even NULL.
    try expect(
      "SELECT count(*) FROM messages WHERE bounce_class NOT IN (SELECT kind FROM events WHERE FALSE)",
      ["7"])
    try expect(
      "SELECT recipient FROM recipients WHERE recipient NOT IN (SELECT recipient FROM messages)",
      ["zoe"])
    try expect(
      "SELECT recipient FROM messages WHERE bounce_class NOT IN (SELECT bounce_class FROM messages)",
      [])
    try expect(
      "SELECT recipient FROM messages WHERE recipient IN (SELECT recipient FROM events GROUP BY recipient HAVING clicks > 2)",
      ["ann@X.example"])
    try expect(
      "SELECT count(*) FROM messages WHERE 1 IN (SELECT opens FROM messages WHERE FALSE)", ["0"])
  }
}
