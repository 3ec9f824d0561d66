// Sends that come after what they led to: messages are numbered anew, and nobody can tell by the answers.

import Base
import Columnar
import Engine
import Ingest
import TestSupport
import Testing

@Suite("Messages in the order of their sends")
struct SendOrderTests {
  private static let messageCount = 400

  /// One line for each message, in an order of their own; what was sent later is opened later.
  private static func lines(_ kind: String, _ random: inout PRNG) -> [String] {
    (0..<messageCount).shuffled(using: &random).map { number in
      let hour = kind == "sent" ? 0 : 12
      let time = SendOrderTests.time(hour * 3600 + number)
      return "{\"time\":\"\(time)\",\"kind\":\"\(kind)\",\"campaign\":\"c\(number % 3)\","
        + "\"recipient\":\"r\(number)@example.org\",\"variant\":\"\(number % 2)\"}\n"
    }
  }

  private static func time(_ second: Int) -> String {
    let fields = [second / 3600, second / 60 % 60, second % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
    return "2026-03-01T\(fields.joined(separator: ":"))Z"
  }

  private static let queries = ["recipient", "variant", "kind", "sent_hour"].map {
    "SELECT \($0), sent, opens, unique_clicks, open_rate FROM events GROUP BY \($0)"
  }

  private static func answers(_ path: String) throws -> String {
    try StoreSamples.answers(path, queries)
  }

  private static func expectOrder(_ engine: Engine) {
    for (index, shard) in engine.snapshot.shards.enumerated() {
      let times = shard[.sentTime].decoded()
      #expect(times == times.sorted() && !times.isEmpty, "shard \(index)")
    }
    #expect(engine.verify() == [])
  }

  @Test("a load of sends after opens leaves messages in their order, and the answers of one load")
  func afterEvents() throws {
    var random = PRNG(seed: 11)
    let (files, late, once) = (TemporaryFolder(), TemporaryFolder(), TemporaryFolder())
    let opens = files.write("o.ndjson", SendOrderTests.lines("opened", &random).joined())
    let sends = files.write("s.ndjson", SendOrderTests.lines("sent", &random).joined())
    try StoreSamples.load([opens], into: late.path)
    try StoreSamples.load([sends], into: late.path)
    SendOrderTests.expectOrder(try Engine.open(late.path))
    try StoreSamples.load([sends, opens], into: once.path, threadCount: 2)
    #expect(try SendOrderTests.answers(late.path) == SendOrderTests.answers(once.path))
  }

  @Test("a stream goes on in shards that a load has put in order, and so do loads")
  func besideStreams() throws {
    var random = PRNG(seed: 12)
    let (files, data, once) = (TemporaryFolder(), TemporaryFolder(), TemporaryFolder())
    let opens = SendOrderTests.lines("opened", &random)
    let sends = files.write("s.ndjson", SendOrderTests.lines("sent", &random).joined())
    let clicks = files.write("c.ndjson", SendOrderTests.lines("clicked", &random).joined())
    let engine = try Engine.openForWriting(data.path, configuration: StoreSamples.configuration())
    let stream = try engine.stream()
    try stream.append(opens.prefix(300).joined())
    _ = try engine.query("SELECT opens FROM events")
    try StoreSamples.load([sends], into: engine)
    SendOrderTests.expectOrder(engine)
    try stream.append(opens.dropFirst(300).joined())
    _ = try stream.finish()
    try StoreSamples.load([clicks], into: engine)
    SendOrderTests.expectOrder(engine)
    let all = files.write("o.ndjson", opens.joined())
    try StoreSamples.load([clicks, all, sends], into: once.path)
    let expected = try SendOrderTests.answers(once.path)
    #expect(try StoreSamples.answers(engine, SendOrderTests.queries) == expected)
    #expect(try SendOrderTests.answers(data.path) == expected)
  }
}
