// What one person did is found by other ways than what all did: in one shard, by a table of few messages, and columns
// are read at the rows that are left, or at those that are known to be the person's. It must be what reading
// everything finds.

import Base
import Columnar
import Engine
import Query
import TestSupport
import Testing

struct OnePersonTests {
  private static let setups: [EngineSetup] =
    [
      EngineSetup(name: "default"),
      EngineSetup(name: "in one part", segmentRowCountMax: 4500, partedRowCountMin: .max),
      EngineSetup(name: "many segments, two threads", segmentRowCountMax: 4500, threadCount: 2),
      EngineSetup(name: "everything cold", threadCount: 2, reopens: true, memoryByteCountMax: 0),
    ] + Encoding.allCases.map { EngineSetup(name: "forced \($0)", forcing: $0) }

  private static let queries = [
    "SELECT time, kind, campaign, send, link FROM events WHERE recipient = 'WHO' ORDER BY time, kind, campaign, send, link",
    "SELECT * FROM events WHERE recipient = 'WHO' ORDER BY time DESC, kind, campaign, send, link LIMIT 9 OFFSET 2",
    "SELECT time, recipient, domain, variant, client, campaign, send FROM events WHERE recipient = 'WHO' AND kind = 'clicked' ORDER BY 1, 6, 7, 5",
    "SELECT time, campaign, recipient.plan FROM events WHERE recipient = 'WHO' AND link = 'l1' AND time < '2026-03-09' ORDER BY 1, 2",
    "SELECT kind, count(*), max(time), count(DISTINCT campaign) FROM events WHERE recipient = 'WHO' GROUP BY kind",
    "SELECT time, send FROM events WHERE recipient = 'WHO' AND campaign = 'c7' ORDER BY 1, 2",
    "SELECT time, send FROM events WHERE campaign IN ('c7', 'c8', 'c9') AND recipient = 'WHO' AND domain LIKE 'e%' ORDER BY 1, 2",
    "SELECT time, tracked, domain, campaign.owner, sent_hour, sent_weekday FROM events WHERE recipient = 'WHO' AND recipient.plan = 'gold' AND sent_day IS NULL ORDER BY 1 DESC, 2 LIMIT 300",
    "SELECT time, send FROM events WHERE recipient = 'WHO' AND (campaign || send) LIKE '%1' ORDER BY 1, 2",
    "SELECT campaign, sent, opens, unique_clicks, open_rate FROM events WHERE recipient = 'WHO' GROUP BY campaign",
    "SELECT hour, clicks, clickers FROM events WHERE recipient = 'WHO' GROUP BY hour",
    "SELECT recipients, sent, open_rate FROM events WHERE recipient = 'WHO'",
    "SELECT recipient, opens FROM events WHERE recipient = 'WHO' GROUP BY recipient",
    "SELECT recipient, opens, count(*) FROM events WHERE recipient = 'WHO' GROUP BY recipient",
    "SELECT recipient, campaign, ctr, max(time) FROM events WHERE recipient = 'WHO' GROUP BY recipient, campaign",
    "SELECT campaign, send, status, opens FROM messages WHERE recipient = 'WHO' ORDER BY 1, 2",
    "SELECT recipient, count(*) FROM messages WHERE recipient = 'WHO' GROUP BY recipient",
    "SELECT recipient, domain FROM recipients WHERE recipient = 'WHO'",
    "SELECT count(*) FROM events WHERE recipient = 'WHO' AND recipient = 'other@example.net'",
    "SELECT count(*) FROM events WHERE recipient = 'WHO' OR recipient = 'other@example.net'",
    "SELECT count(*) FROM events WHERE NOT recipient = 'WHO'",
  ]

  @Test("one person's events are those that reading everything finds", arguments: setups)
  func answers(setup: EngineSetup) throws {
    let folder = TemporaryFolder()
    let engine = try setup.engine(OnePersonTests.files, in: folder)
    defer { withExtendedLifetime(folder) {} }
    let plain = try PlainReading(folder)
    for (number, query) in OnePersonTests.queries.enumerated() {
      for (place, person) in (OnePersonTests.people.prefix(3) + ["nobody"]).enumerated() {
        let audience = ["human", "machine", "all"][(number + place) % 3]
        let text =
          "\(query.replacing("WHO", with: person)) SETTINGS audience = \(audience)"
        // What is asked again is read where it is known to stand.
        try plain.expectSame(text, from: engine, times: place == 0 ? 3 : 1)
      }
    }
  }

  @Test("people with many, with some and with few messages are asked about")
  func people() throws {
    let engine = try EngineSetup(name: "default").engine(
      OnePersonTests.files, in: TemporaryFolder())
    let counts = try OnePersonTests.people.prefix(3).map { person in
      let table = try engine.query("SELECT count(*) FROM messages WHERE recipient = '\(person)'")
      guard case .integer(let count) = table.row(0)[0] else { return 0 as Int64 }
      return count
    }
    #expect(counts[0] > 256)
    #expect((65...256).contains(counts[1]))
    #expect((1...64).contains(counts[2]))
  }

  // MARK: Data

  /// All of one shard, so that blocks are full.
  private static let people: [String] = {
    let names = (0...).lazy.map { "r\($0)@example.org" }.filter { name in
      Array(name.utf8).withUnsafeBufferPointer { Sharding.shard(of: Hash.of(ByteSlice($0))) == 3 }
    }
    return Array(names.prefix(60))
  }()

  private static let files = [
    RenderedFile(name: "events.ndjson", bytes: Array(events(10_000).utf8)),
    RenderedFile(name: "campaigns.csv", bytes: Array("campaign,owner\nc7,ann\nc8,ben\n".utf8)),
    RenderedFile(
      name: "recipients.csv",
      bytes: Array(("recipient,plan\n" + people.prefix(2).map { "\($0),gold\n" }.joined()).utf8)),
  ]

  private static func events(_ count: Int) -> String {
    var random = PRNG(seed: 7)
    return (0..<count).map { number in
      let person: Int
      switch random.below(100) {
      case 0..<5: person = 0
      case 5..<6: person = 1
      case 6 where number % 8 == 0: person = 2
      default: person = 3 + random.below(people.count - 3)
      }
      let kind = random.pick(["opened", "clicked", "opened", "sent", "delivered", "unsubscribed"])
      let agent =
        random.isHit(0.3) ? "Googlebot/2.1 (+http://www.google.com/bot.html)" : "something else"
      let (day, hour, second) = (random.below(20) + 1, random.below(24), random.below(60))
      let time = "2026-03-\(two(day))T\(two(hour)):00:\(two(second))Z"
      return "{\"time\":\"\(time)\",\"kind\":\"\(kind)\",\"campaign\":\"c\(random.below(150))\","
        + "\"recipient\":\"\(people[person])\",\"send\":\"s\(random.below(9))\","
        + "\"link\":\"l\(random.below(5))\",\"variant\":\"\(random.pick(["a", "b"]))\","
        + "\"user_agent\":\"\(agent)\"}\n"
    }.joined()
  }

  private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
