// Opens and clicks by campaign and hour are answered from counts. What they say must be what the events say.

import Base
import Engine
import Query
import TestSupport
import Testing

struct HourScanTests {
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
    "", " SETTINGS audience = machine", " SETTINGS audience = all",
    " SETTINGS time_zone = 'Europe/Vienna'",
    " SETTINGS time_zone = 'America/St_Johns', audience = all",
  ]

  @Test("what is counted by hour is what the events say", arguments: settings)
  func counts(settings: String) throws {
    let folder = TemporaryFolder()
    let engine = try EngineSetup(name: "default").engine(HourScanTests.files, in: folder)
    try HourScanTests.compare(engine, folder, settings)
  }

  @Test("EXPLAIN says when no event is looked at")
  func explanation() throws {
    let engine = try EngineSetup(name: "default").engine(HourScanTests.files, in: TemporaryFolder())
    let vienna = " SETTINGS time_zone = 'Europe/Vienna'"
    for query in HourScanTests.counted {
      #expect(try HourScanTests.isCounted(engine, query), "\(query)")
      #expect(try HourScanTests.isCounted(engine, query + vienna), "\(query)")
    }
    for query in HourScanTests.read {
      #expect(try !HourScanTests.isCounted(engine, query), "\(query)")
    }
    // Its clocks are half an hour off.
    let kolkata = " SETTINGS time_zone = 'Asia/Kolkata'"
    #expect(try !HourScanTests.isCounted(engine, HourScanTests.counted[2] + kolkata))
  }

  @Test("what is forgotten is not counted any more, and what comes then is")
  func forgotten() throws {
    let folder = TemporaryFolder()
    let engine = try EngineSetup(name: "default").engine(HourScanTests.files, in: folder)
    // From now on counts are brought up to date, not made anew.
    _ = try engine.query("SELECT opens FROM events")
    _ = try engine.forget((0..<40).map { Array("r\($0)@example.org".utf8) })
    try HourScanTests.compare(engine, folder)
    let stream = try engine.stream()
    try stream.append(HourScanTests.events(1000..<1100))
    _ = try stream.finish()
    try engine.save()
    try HourScanTests.compare(engine, folder)
  }

  // MARK: Comparing

  /// Holds an engine against another one that reads every event of the same files.
  private static func compare(
    _ engine: Engine, _ folder: TemporaryFolder, _ settings: String = ""
  ) throws {
    var configuration = Engine.Configuration()
    configuration.prunes = false
    let oracle = try Engine.open(folder.path + "/data", configuration: configuration)
    for query in counted + read {
      let (expected, actual) = (
        try oracle.query(query + settings), try engine.query(query + settings)
      )
      #expect(actual.rowCount == expected.rowCount, "\(query)\(settings)")
      for row in 0..<min(expected.rowCount, actual.rowCount) {
        #expect(actual.row(row) == expected.row(row), "\(query)\(settings)")
      }
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
        number % 4 == 0 ? "Googlebot/2.1 (+http://www.google.com/bot.html)" : "Mozilla/5.0"
      let time =
        "2026-03-\(day)T\(hour < 10 ? "0" : "")\(hour):\(minute < 10 ? "0" : "")\(minute):00Z"
      return "{\"time\":\"\(time)\",\"kind\":\"\(kind)\",\"campaign\":\"c\(number % 4)\","
        + "\"recipient\":\"r\(number % 97)@example.org\",\"send\":\"s\(number % 3)\","
        + "\"link\":\"l\(number % 5)\",\"user_agent\":\"\(agent)\"}\n"
    }.joined()
  }
}
