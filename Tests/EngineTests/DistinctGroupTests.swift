// A message counts once in each group that it has events in, however many groups those are and however large their
// numbers get. The plain twin is a set of messages for each group.

import Base
import Engine
import Query
import TestSupport
import Testing

struct DistinctGroupTests {
  /// An open or a click.
  private struct Hit {
    var isClick: Bool
    /// Seconds since 2026-03-14.
    var second: Int
    var link: Int
    var recipient: Int

    var hour: Int { second / 3600 }
    /// Opens have no link, and what is NULL comes last.
    var place: Int { isClick ? link : 99 }

    /// A line of an event file.
    var line: String {
      let clock = [second / 3600, second / 60 % 60, second % 60].map {
        $0 < 10 ? "0\($0)" : "\($0)"
      }
      let time = "2026-03-14T\(clock.joined(separator: ":"))Z"
      let kind = isClick ? "\"clicked\",\"link\":\"l\(link)\"" : "\"opened\""
      return """
        {"time":"\(time)","kind":\(kind),"campaign":"spring","recipient":"r\(recipient)@example.org"}
        """
    }
  }

  private func engine(_ lines: [String], _ folder: TemporaryFolder) throws -> Engine {
    let bytes = Array(lines.joined(separator: "\n").utf8)
    return try EngineSetup(name: "default").engine(
      [RenderedFile(name: "hits.ndjson", bytes: bytes)], in: folder)
  }

  /// Opens, clicks, unique opens and unique clicks by key, in the order of the keys.
  private func expected(_ hits: [Hit], by key: (Hit) -> Int) -> [[Int]] {
    Dictionary(grouping: hits, by: key).sorted { $0.key < $1.key }.map { _, hits in
      let clicks = hits.filter(\.isClick)
      return [
        hits.count - clicks.count, clicks.count, Set(hits.map(\.recipient)).count,
        Set(clicks.map(\.recipient)).count,
      ]
    }
  }

  private func counts(_ key: String, _ engine: Engine) throws -> [[Int]] {
    let table = try engine.query(
      "SELECT opens, clicks, unique_opens, unique_clicks, \(key) FROM events GROUP BY \(key)")
    return (0..<table.rowCount).map { row in
      table.row(row).prefix(4).map { if case .integer(let count) = $0 { Int(count) } else { -1 } }
    }
  }

  @Test("a message counts once in each of its groups, be they few or many")
  func manyGroups() throws {
    try forAll(count: Cases.count(5), seed: 7301) { random, seed in
      let hits = (0..<2000).map { _ in
        Hit(
          isClick: Bool.random(using: &random), second: Int.random(in: 0..<86_400, using: &random),
          link: Int.random(in: 0..<9, using: &random),
          recipient: Int.random(in: 0..<60, using: &random))
      }
      let folder = TemporaryFolder()
      let engine = try engine(hits.map(\.line), folder)
      #expect(try counts("hour", engine) == expected(hits) { $0.hour }, "\(seed)")
      #expect(
        try counts("link, hour", engine) == expected(hits) { $0.place * 24 + $0.hour }, "\(seed)")
      let links = try engine.query(
        "SELECT link, clicks, unique_clicks FROM events WHERE kind = 'clicked' GROUP BY link")
      let clicks = expected(hits.filter(\.isClick)) { $0.link }.map { [$0[1], $0[3]] }
      #expect(links.rowCount == clicks.count, "\(seed)")
      for row in clicks.indices {
        #expect(links.row(row).suffix(2) == clicks[row].map { .integer(Int64($0)) }, "\(seed)")
      }
    }
  }

  @Test("a condition on values decides which event is a message's first, however often it is asked")
  func underValues() throws {
    let clicks = (0..<60).map { number in
      let value = number % 3
      return """
        {"time":"2026-03-14T10:0\(value):00Z","kind":"clicked","link":"l","campaign":"spring",\
        "recipient":"r\(number / 3)@example.org","value":\(value)}
        """
    }
    let folder = TemporaryFolder()
    let engine = try engine(clicks, folder)
    for key in ["link", "hour"] {
      for _ in 0..<3 {
        let table = try engine.query(
          "SELECT clicks, unique_clicks FROM events WHERE value > 0 GROUP BY \(key)")
        #expect(table.row(0) == [.integer(40), .integer(20)])
      }
    }
  }

  @Test("a message counts once in groups whose numbers do not fit 16 bits")
  func largeNumbers() throws {
    // One message is opened in every second of most of a day, another one twice in each of the last ones.
    let count = 66_000
    let many = (0..<count).map { Hit(isClick: false, second: $0, link: 0, recipient: 1) }
    let late = (count - 50..<count).flatMap { second in
      (0..<2).map { _ in Hit(isClick: false, second: second, link: 0, recipient: 1) }
    }
    let lines =
      many.map(\.line) + late.map { $0.line.replacing("spring", with: "summer") }
    let folder = TemporaryFolder()
    let found = try counts("time", try engine(lines, folder))
    #expect(found.count == count)
    #expect(found.prefix(count - 50).allSatisfy { $0 == [1, 0, 1, 0] })
    #expect(found.suffix(50).allSatisfy { $0 == [3, 0, 2, 0] })
  }
}
