// Once a shard was asked about a person, it knows where everybody's events stand. Events that come, go or are left on
// disk between questions must show in the answers all the same.

import Base
import Columnar
import Engine
import Query
import TestSupport
import Testing

struct OnePersonAgainTests {
  @Test("whatever comes and goes between questions, a person's events are those that are there")
  func histories() throws {
    try forAll(count: 12) { random, seed in
      let folder = TemporaryFolder()
      let setup = EngineSetup(
        name: seed, segmentRowCountMax: random.pick([16, 200, 5000]),
        threadCount: 1 + random.below(2),
        memoryByteCountMax: random.isHit(0.2) ? 30_000 : nil)
      let engine = try setup.open(in: folder)
      for _ in 0..<4 {
        try OnePersonAgainTests.change(engine, &random)
        let plain = try PlainReading(folder)
        for _ in 0..<4 {
          let query = OnePersonAgainTests.query(&random)
          try plain.expectSame(query, from: engine, times: 1 + random.below(3))
        }
      }
    }
  }

  @Test("where people's events stand is found at the second question, in the shard that is asked")
  func memory() throws {
    let folder = TemporaryFolder()
    defer { withExtendedLifetime(folder) {} }
    let engine = try EngineSetup(name: "default").open(in: folder)
    var random = PRNG(seed: 11)
    let people = OnePersonAgainTests.people
    let stream = try engine.stream()
    for person in people { try stream.append(OnePersonAgainTests.event(of: person, &random)) }
    _ = try stream.finish()
    func ask(_ person: String, _ purpose: String = "") throws -> Int {
      _ = try engine.query("\(purpose) SELECT kind FROM events WHERE recipient = '\(person)'")
      return engine.status.memory.states
    }
    let before = try ask("nobody")
    #expect(try ask(people[0], "EXPLAIN") == before)
    #expect(try ask(people[0]) == before)
    #expect(try ask(people[6]) == before)
    let after = try ask(people[1])
    #expect(after > before)
    #expect(try ask(people[2]) == after)
    #expect(try ask(people[6]) > after)
  }

  @Test("EXPLAIN says when a person's rows alone may be looked at")
  func explanation() throws {
    var random = PRNG(seed: 12)
    let file = RenderedFile(
      name: "events.ndjson",
      bytes: Array((0..<50).map { _ in OnePersonAgainTests.event(of: "me", &random) }.joined().utf8)
    )
    let (folder, otherFolder) = (TemporaryFolder(), TemporaryFolder())
    defer { withExtendedLifetime((folder, otherFolder)) {} }
    let warm = try EngineSetup(name: "default").engine([file], in: folder)
    let cold = try EngineSetup(name: "everything cold", reopens: true, memoryByteCountMax: 0)
      .engine([file], in: otherFolder)
    func isSaid(_ query: String, _ engine: Engine) throws -> Bool {
      let plan = try engine.query("EXPLAIN " + query)
      return (0..<plan.rowCount).contains { LiveData.text(plan, $0).contains("this recipient") }
    }
    let timeline = "SELECT time FROM events WHERE kind = 'opened' AND recipient = 'me'"
    #expect(try isSaid(timeline, warm))
    #expect(try isSaid("SELECT count(*) FROM events WHERE recipient = 'me'", warm))
    #expect(try !isSaid("SELECT time FROM events WHERE recipient = 'nobody'", warm))
    #expect(try !isSaid("SELECT time FROM events WHERE recipient <> 'me'", warm))
    #expect(try !isSaid("SELECT campaign FROM messages WHERE recipient = 'me'", warm))
    #expect(try !isSaid(timeline, cold))
  }

  // MARK: Histories

  /// Six people of one shard, and one of another.
  private static let people: [String] = {
    let names = (0..<400).map { "r\($0)@example.org" }
    let neighbours = names.filter { Sharding.shard(of: Hash.of($0)) == 3 }
    let others = names.filter { Sharding.shard(of: Hash.of($0)) == 4 }
    return Array(neighbours.prefix(6) + others.prefix(1))
  }()

  private static func change(_ engine: Engine, _ random: inout PRNG) throws {
    if random.isHit(0.3) { _ = try engine.forget([Array(random.pick(people).utf8)]) }
    for _ in 0..<random.below(3) {
      let stream = try engine.stream()
      for _ in 0..<random.pick([1, 20, 300]) {
        try stream.append(event(of: random.pick(people), &random))
      }
      _ = try stream.finish()
    }
    if random.isHit(0.3) { try engine.save() }
  }

  private static func event(of person: String, _ random: inout PRNG) -> String {
    let kind = random.pick(["opened", "clicked", "opened", "sent", "delivered", "converted"])
    let agent =
      random.isHit(0.4) ? "Googlebot/2.1 (+http://www.google.com/bot.html)" : "something else"
    let time = "2026-03-\(10 + random.below(20))T\(10 + random.below(14)):00:00Z"
    return "{\"time\":\"\(time)\",\"kind\":\"\(kind)\",\"campaign\":\"c\(random.below(4))\","
      + "\"recipient\":\"\(person)\",\"send\":\"s\(random.below(3))\","
      + "\"value\":\"\(random.below(9))\","
      + "\"link\":\"l\(random.below(3))\",\"user_agent\":\"\(agent)\"}\n"
  }

  private static func query(_ random: inout PRNG) -> String {
    let shape = random.pick([
      "SELECT time, kind, campaign, send, link FROM events WHERE ? ORDER BY 1, 2, 3, 4, 5",
      "SELECT * FROM events WHERE ? ORDER BY time DESC, kind, campaign, send, link LIMIT 7",
      "SELECT link, time, recipient, send FROM events WHERE ? ORDER BY link, time, send LIMIT 9 OFFSET 3",
      "SELECT kind, count(*), max(time), sum(value), count(DISTINCT link) FROM events WHERE ? GROUP BY kind",
      "SELECT recipient, count(*) FROM events WHERE ? GROUP BY recipient",
      "SELECT campaign, opens, count(*) FROM events WHERE ? GROUP BY campaign",
    ])
    var conditions = ["recipient = '\(random.pick(people))'"]
    let others = [
      "kind <> 'sent'", "kind IN ('opened', 'clicked')", "time < '2026-03-20'", "link = 'l1'",
      "campaign = 'c2'", "campaign <> 'c1' AND send = 's0'", "machine_class = 'human'",
      "(campaign = 'c0' OR link = 'l2')", "hour_of_day > 16", "value > 3", "sent_day IS NOT NULL",
      "recipient IN ('\(people[0])', '\(people[2])')", "recipient = '\(people[1])'",
    ]
    for _ in 0..<random.below(3) { conditions.append(random.pick(others)) }
    if random.isHit(0.5) { conditions.reverse() }
    return shape.replacing("?", with: conditions.joined(separator: " AND "))
      + " SETTINGS audience = \(random.pick(["human", "machine", "all"]))"
  }
}
