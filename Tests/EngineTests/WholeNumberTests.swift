// Attributes of whole numbers are compared as such, also where doubles would call two of them the same.

import Engine
import Query
import TestSupport
import Testing

struct WholeNumberTests {
  private static let numbers = [
    "9007199254740992", "9007199254740993", "-9007199254740993", "9223372036854775807", "7",
  ]

  /// A recipient for each number, with a message each.
  private func engine(_ folder: TemporaryFolder) throws -> Engine {
    let names = WholeNumberTests.numbers.indices.map { "r\($0)@example.org" }
    let rows = zip(names, WholeNumberTests.numbers).map { "\($0),\($1)" }
    let events = names.map {
      """
      {"time":"2026-03-14T10:00:00Z","kind":"sent","campaign":"spring","recipient":"\($0)"}
      """
    }
    let files = [("sends.ndjson", events), ("recipients.csv", ["recipient,customer"] + rows)]
    return try EngineSetup(name: "default").engine(
      files.map {
        RenderedFile(name: $0.0, bytes: Array($0.1.joined(separator: "\n").utf8))
      }, in: folder)
  }

  @Test(
    "events and messages agree on which numbers pass",
    arguments: [
      ("= 9007199254740993", 1), ("> 9007199254740992", 2), ("<= 9007199254740992", 3),
      ("<> 9223372036854775806", 5), (">= -9007199254740992", 4), ("IN (9007199254740993, 7)", 2),
      ("< 7.5", 2),
    ])
  func agree(_ condition: String, _ count: Int64) throws {
    let folder = TemporaryFolder()
    let engine = try engine(folder)
    let (messages, events) = (
      try engine.query("SELECT count(*) FROM messages WHERE recipient.customer \(condition)"),
      try engine.query("SELECT sent FROM events WHERE recipient.customer \(condition)")
    )
    #expect(messages.row(0) == [.integer(count)])
    #expect(events.row(0) == [.integer(count)])
  }
}
