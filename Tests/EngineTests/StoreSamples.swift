// A small data directory with something of everything, and every answer it gives.

import Base
import Columnar
import Engine
import Ingest
import Query
import TestSupport

enum StoreSamples {
  static let dimensions = [
    "campaign", "recipient", "send", "variant", "template", "sender", "subject", "tracked",
    "domain", "sent_hour", "sent_day", "sent_week", "sent_month", "sent_hour_of_day",
    "sent_weekday", "kind", "time", "hour", "day", "week", "month", "hour_of_day", "weekday",
    "link", "url", "position", "user_agent", "client", "device", "os", "country", "machine_class",
    "bounce_class", "code", "reason", "ip", "currency", "campaign.season", "recipient.plan",
    "recipient.age", "link.label",
  ]

  /// One query for each dimension; in debug builds all of them together take their time.
  static let queries = dimensions.map { query($0) }

  static let fewQueries = ["recipient", "send", "kind", "campaign.season", "link"].map { query($0) }

  private static func query(_ dimension: String) -> String {
    "SELECT \(dimension), sent, delivered, bounced, opens, unique_opens, openers, clicks, "
      + "unique_clicks, revenue, recipients, open_rate FROM events GROUP BY \(dimension)"
  }

  /// Small segments, so that shards have several.
  static func configuration(threadCount: Int = 1) -> Engine.Configuration {
    var configuration = Engine.Configuration(threadCount: threadCount)
    configuration.shard.segmentRowCountMax = 16
    return configuration
  }

  /// All answers, as text.
  static func answers(_ engine: Engine, _ queries: [String] = fewQueries) throws -> String {
    var output: [UInt8] = []
    for query in queries {
      ResultWriter(.tsv).write(try engine.query(query), into: &output)
    }
    return String(decoding: output, as: UTF8.self)
  }

  static func answers(_ path: String, _ queries: [String] = fewQueries) throws -> String {
    try answers(try Engine.open(path, configuration: configuration()), queries)
  }

  @discardableResult
  static func load(
    _ files: [String], into path: String, threadCount: Int = 1
  ) throws -> LoadReport {
    let engine = try Engine.openForWriting(path, configuration: configuration())
    return try load(files, into: engine, threadCount: threadCount)
  }

  @discardableResult
  static func load(
    _ files: [String], into engine: Engine, threadCount: Int = 1
  ) throws -> LoadReport {
    let inputs = files.map { path in
      let name = path.split(separator: "/").last.map { String($0) } ?? path
      return InputFile(path: path, name: name, byteCount: 0)
    }
    return try engine.load(inputs, options: IngestOptions(threadCount: threadCount))
  }

  /// Writes `fileCount` event files, two attribute files and a log; returns their paths.
  static func write(_ folder: TemporaryFolder, seed: UInt64, fileCount: Int = 2) -> [String] {
    var random = PRNG(seed: seed)
    var paths = (0..<fileCount).map { index in
      folder.write("events-\(seed)-\(index).ndjson", events(&random, count: 60))
    }
    paths.append(folder.write("access-\(seed).log", log(&random, count: 60)))
    paths.append(
      folder.write("campaigns-\(seed).csv", "campaign,season\nc0,spring\nc\(seed),winter\n"))
    let rows = (0..<20).map { "r\($0)@example.org,\($0 % 3 == 0 ? "gold" : ""),\($0 + 20)" }
    paths.append(
      folder.write(
        "recipients-\(seed).csv", "recipient,plan,age\n" + rows.joined(separator: "\n") + "\n"))
    paths.append(folder.write("links-\(seed).csv", "link,label\nl1,first\nl2,second\n"))
    return paths
  }

  private static func events(_ random: inout PRNG, count: Int) -> String {
    (0..<count).map { index in event(&random, index) }.joined(separator: "\n") + "\n"
  }

  private static func event(_ random: inout PRNG, _ index: Int) -> String {
    let kind = random.pick(["sent", "sent", "delivered", "bounced", "converted", "clicked"])
    let fields: [(String, String)] = [
      ("time", "2026-03-\(10 + random.below(9))T\(10 + random.below(9)):12:0\(random.below(9))Z"),
      ("kind", kind), ("campaign", "c\(random.below(3))"),
      ("recipient", "r\(random.below(40))@example.\(random.pick(["org", "com"]))"),
      ("send", random.pick(["", "", "s1"])), ("variant", random.pick(["", "a", "b"])),
      ("template", random.pick(["", "t1"])), ("sender", random.pick(["", "news@example.net"])),
      ("subject", random.pick(["", "Hello"])), ("tracked", random.pick(["yes", "yes", "no"])),
      ("domain", random.pick(["", "", "mail.example"])),
      ("code", kind == "bounced" ? random.pick(["5.1.1", "4.2.2", ""]) : ""),
      ("reason", kind == "bounced" ? random.pick(["no such user", "full"]) : ""),
      ("value", kind == "converted" ? "\(random.below(100)).50" : ""),
      ("currency", kind == "converted" ? "EUR" : ""), ("country", random.pick(["", "PL"])),
      ("link", kind == "clicked" ? random.pick(["l1", "l2", "l3"]) : ""),
      ("url", kind == "clicked" ? "https://example.org/\(random.below(3))" : ""),
      ("id", random.isHit(0.5) ? "event-\(random.below(1000))-\(index)" : ""),
    ]
    let members = fields.filter { !$0.1.isEmpty }.map { "\"\($0.0)\":\"\($0.1)\"" }
    return "{\(members.joined(separator: ","))}"
  }

  private static func log(_ random: inout PRNG, count: Int) -> String {
    let agents = [
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36",
      "curl/8.5.0", "-", "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X)",
    ]
    let lines = (0..<count).map { _ in
      let route = random.pick(["o?", "o?", "c?l=l\(random.below(3))&"])
      let key = "c=c\(random.below(3))&r=r\(random.below(40))@example.org"
      let day = 10 + random.below(9)
      let method = random.isHit(0.1) ? "HEAD" : "GET"
      return
        "198.51.100.\(random.below(200)) - - [\(day)/Mar/2026:0\(random.below(9)):00:00 +0000] "
        + "\"\(method) /\(route)\(key) HTTP/1.1\" 200 43 \"-\" \"\(random.pick(agents))\""
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
