// Opens and clicks by campaign and hour are answered from counts, unique counts by link and hour from marks, those by
// campaign from messages that are alike. What they say must be what the events say.

import Base
import Engine
import Query
import TestSupport
import Testing

struct DerivedCountTests {
  /// Answered from counts.
  private static let counted = [
    "SELECT opens, clicks FROM events",
    "SELECT campaign, opens FROM events WHERE kind = 'opened' GROUP BY campaign",
    "SELECT hour, opens FROM events WHERE campaign = 'c1' AND kind = 'opened' GROUP BY hour",
    "SELECT hour, clicks FROM events WHERE kind IN ('opened', 'clicked') GROUP BY hour",
    "SELECT day, campaign, opens, clicks FROM events WHERE kind IN ('opened', 'clicked') GROUP BY 1, 2",
    "SELECT week, month, clicks FROM events WHERE kind = 'clicked' AND campaign <> 'c0' GROUP BY 1, 2",
    "SELECT hour_of_day, opens FROM events WHERE kind = 'opened' AND weekday IN (6, 7) GROUP BY 1",
    "SELECT weekday, opens FROM events WHERE kind = 'opened' AND (hour_of_day < 9 OR weekday = 7) GROUP BY 1",
    "SELECT campaign, opens FROM events WHERE kind = 'opened' AND time >= '2026-03-28' GROUP BY 1",
    "SELECT opens FROM events WHERE time >= '2026-03-28 12:00' AND time < '2026-03-29 03:00'",
    "SELECT campaign.owner, clicks FROM events WHERE kind = 'clicked' GROUP BY 1",
    "SELECT day, opens FROM events WHERE kind = 'opened' AND campaign.owner = 'ann' GROUP BY 1",
    "SELECT opens FROM events WHERE campaign = 'nobody knows it'",
    "SELECT opens FROM events WHERE kind = 'sent'",
    // Campaigns that keys call the same, hours that they do, and conditions that differ by kind.
    "SELECT campaign.owner, hour_of_day, opens, clicks FROM events WHERE kind IN ('opened', 'clicked') GROUP BY 1, 2",
    "SELECT hour, weekday, campaign.owner, opens FROM events WHERE kind = 'opened' GROUP BY 1, 2, 3",
    "SELECT weekday, campaign, clicks FROM events WHERE kind = 'clicked' AND hour_of_day <> 9 GROUP BY 1, 2",
    "SELECT day, hour_of_day, opens, clicks FROM events WHERE kind IN ('opened', 'clicked') AND (kind = 'opened' AND weekday > 5 OR hour_of_day < 12) GROUP BY 1, 2",
  ]

  /// Answered from marks of first events, once they are asked again.
  private static let marked = [
    "SELECT link, clicks, unique_clicks FROM events WHERE kind = 'clicked' GROUP BY link",
    "SELECT link, unique_clicks, ctr FROM events GROUP BY link",
    "SELECT link, unique_clicks, ctr FROM events WHERE kind = 'clicked' GROUP BY link",
    "SELECT hour, opens, unique_opens, clicks, unique_clicks FROM events WHERE kind IN ('opened', 'clicked') GROUP BY hour",
    "SELECT link, clicks, unique_opens FROM events WHERE kind IN ('clicked', 'opened') GROUP BY link",
    "SELECT hour FROM events WHERE kind IN ('clicked', 'opened') GROUP BY hour",
    "SELECT hour, opens, unique_opens FROM events WHERE kind = 'opened' GROUP BY hour",
    "SELECT campaign, hour, unique_opens, unique_clicks, ctor FROM events GROUP BY 1, 2",
    "SELECT domain, link, unique_clicks FROM events WHERE link <> 'l3' AND campaign <> 'c1' GROUP BY 1, 2",
    "SELECT hour, unique_clicks FROM events WHERE kind = 'clicked' AND send IN ('s0', 's2') GROUP BY hour",
    // Not answered from marks: what came before a time, or is of other links, does not count.
    "SELECT hour, unique_opens FROM events WHERE time >= '2026-03-28 12:30' GROUP BY hour",
    "SELECT link, unique_clicks FROM events WHERE time >= '2026-03-28' GROUP BY link",
    "SELECT hour, unique_clicks FROM events WHERE link = 'l2' GROUP BY hour",
    "SELECT day, unique_opens FROM events WHERE kind = 'opened' GROUP BY day",
    "SELECT hour, link, unique_clicks FROM events WHERE kind = 'clicked' GROUP BY 1, 2",
  ]

  /// Answered from messages that are alike, once they are asked again.
  private static let profiled = [
    "SELECT campaign, opens, unique_opens, clicks, unique_clicks FROM events WHERE kind IN ('opened', 'clicked') GROUP BY 1",
    "SELECT campaign, unique_opens, unique_clicks FROM events WHERE kind = 'opened' GROUP BY 1",
    "SELECT campaign, sent, delivered, bounced, open_rate, ctr, ctor FROM events GROUP BY 1",
    "SELECT campaign.owner, unique_opens, delivered FROM events WHERE campaign <> 'c2' GROUP BY 1",
    "SELECT sent, opens, unique_opens, unique_clicks, open_rate FROM events",
    "SELECT unique_clicks FROM events WHERE campaign = 'nobody knows it'",
    "SELECT campaign FROM events GROUP BY campaign",
    // Not answered from them: some messages have other events only, and other measures need more.
    "SELECT campaign, opens FROM events WHERE kind IN ('opened', 'unsubscribed') GROUP BY 1",
    "SELECT campaign, sent, opens FROM events WHERE kind IN ('opened', 'sent') GROUP BY 1",
    "SELECT campaign, unsubscribes, unique_opens FROM events GROUP BY 1",
    "SELECT campaign, recipients, unique_opens FROM events GROUP BY 1",
  ]

  /// Close to those, but not answered from counts: other kinds make groups, minutes matter, or messages do.
  private static let read = [
    "SELECT hour, opens FROM events GROUP BY hour",
    "SELECT opens FROM events WHERE time >= '2026-03-28 12:30'",
    "SELECT hour, unique_opens FROM events WHERE kind = 'opened' GROUP BY hour",
    "SELECT hour, opens FROM events WHERE kind = 'opened' AND send = 's1' GROUP BY hour",
    "SELECT link, clicks FROM events WHERE kind = 'clicked' GROUP BY link",
  ]

  private static let settings = [
    "", " SETTINGS implied_opens = off", " SETTINGS audience = machine, implied_opens = off",
    " SETTINGS audience = all",
    " SETTINGS time_zone = 'Europe/Vienna', implied_opens = off",
    " SETTINGS time_zone = 'Asia/Kolkata', implied_opens = off",
    " SETTINGS time_zone = 'America/St_Johns', audience = all",
  ]

  @Test("what is counted by hour is what the events say", arguments: settings)
  func counts(settings: String) throws {
    let folder = TemporaryFolder()
    let engine = try EngineSetup(name: "default").engine(DerivedCountTests.files, in: folder)
    try DerivedCountTests.compare(engine, folder, settings)
  }

  @Test("EXPLAIN says when no event is looked at")
  func explanation() throws {
    let engine = try EngineSetup(name: "default").engine(
      DerivedCountTests.files, in: TemporaryFolder())
    let vienna = " SETTINGS time_zone = 'Europe/Vienna'"
    for query in DerivedCountTests.counted {
      #expect(try DerivedCountTests.isCounted(engine, query), "\(query)")
      #expect(try DerivedCountTests.isCounted(engine, query + vienna), "\(query)")
    }
    for query in DerivedCountTests.read {
      #expect(try !DerivedCountTests.isCounted(engine, query), "\(query)")
    }
    // Its clocks are half an hour off.
    let kolkata = " SETTINGS time_zone = 'Asia/Kolkata'"
    #expect(try !DerivedCountTests.isCounted(engine, DerivedCountTests.counted[2] + kolkata))
  }

  @Test("what is forgotten is not counted any more, and what comes then is")
  func forgotten() throws {
    let folder = TemporaryFolder()
    let engine = try EngineSetup(name: "default").engine(DerivedCountTests.files, in: folder)
    // From now on counts are brought up to date, not made anew.
    _ = try engine.query("SELECT opens FROM events")
    _ = try engine.forget((0..<40).map { Array("r\($0)@example.org".utf8) })
    try DerivedCountTests.compare(engine, folder, " SETTINGS implied_opens = off")
    let stream = try engine.stream()
    try stream.append(DerivedCountTests.events(1000..<1100))
    _ = try stream.finish()
    try engine.save()
    try DerivedCountTests.compare(engine, folder)
  }

  @Test("EXPLAIN says what marks and profiles may answer, and nothing of what they cannot")
  func repetition() throws {
    let engine = try EngineSetup(name: "default").engine(
      DerivedCountTests.files, in: TemporaryFolder())
    func line(_ query: String) throws -> String? {
      let plan = try engine.query("EXPLAIN " + query)
      return (0..<plan.rowCount).map { LiveData.text(plan, $0) }.first {
        $0.contains("asked again")
      }
    }
    #expect(try line(DerivedCountTests.profiled[0])?.contains("by campaign") == true)
    #expect(try line(DerivedCountTests.marked[0])?.contains("sums spare all events") == true)
    // Other kinds make groups, and campaigns are not told apart by sums.
    for query in [DerivedCountTests.marked[1], DerivedCountTests.marked[8]] {
      #expect(try line(query)?.hasSuffix("new in its link or hour") == true, "\(query)")
    }
    let hours = "SELECT hour, unique_opens FROM events GROUP BY hour"
    #expect(try line(hours + " SETTINGS implied_opens = off")?.contains("marks") == true)
    // Clicks open their messages too, and are other events.
    #expect(try line(hours) == nil)
    #expect(try line(hours + " SETTINGS audience = all, implied_opens = off") == nil)
    #expect(try line("SELECT day, unique_clicks FROM events GROUP BY day") == nil)
  }

  // MARK: Comparing

  /// Holds an engine against another one that reads every event of the same files.
  private static func compare(
    _ engine: Engine, _ folder: TemporaryFolder, _ settings: String = ""
  ) throws {
    let plain = try PlainReading(folder)
    // What is derived on demand is there when it is asked again.
    for query in counted + marked + profiled + read {
      try plain.expectSame(query + settings, from: engine, times: 3)
    }
  }

  private static func isCounted(_ engine: Engine, _ query: String) throws -> Bool {
    let plan = try engine.query("EXPLAIN " + query)
    return (0..<plan.rowCount).contains { LiveData.text(plan, $0).contains("none to look at") }
  }

  // MARK: Data

  private static let files = [
    RenderedFile(name: "events.ndjson", bytes: Array(events(0..<900).utf8)),
    RenderedFile(
      name: "campaigns.csv", bytes: Array("campaign,owner\nc0,ann\nc1,ben\nc2,ann\n".utf8)),
  ]

  /// Around the hour in which the clocks of Europe go forward, 2026-03-29 01:00 UTC, and some of machines.
  private static func events(_ numbers: Range<Int>) -> String {
    numbers.map { number in
      let (day, hour, minute) = (26 + number * 7 % 5, number * 11 % 24, number * 13 % 60)
      let kind = ["opened", "clicked", "opened", "sent", "unsubscribed"][number % 5]
      let agent =
        number % 4 == 0 ? "Googlebot/2.1 (+http://www.google.com/bot.html)" : "something else"
      let time =
        "2026-03-\(day)T\(hour < 10 ? "0" : "")\(hour):\(minute < 10 ? "0" : "")\(minute):00Z"
      return "{\"time\":\"\(time)\",\"kind\":\"\(kind)\",\"campaign\":\"c\(number % 4)\","
        + "\"recipient\":\"r\(number % 97)@example.org\",\"send\":\"s\(number % 3)\","
        + "\"link\":\"l\(number % 5)\",\"user_agent\":\"\(agent)\"}\n"
    }.joined()
  }
}
