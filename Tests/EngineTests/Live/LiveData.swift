// Streams as the tests drive them, and histories whose every prefix can be told from every other set of lines.

import Base
import Engine
import Ingest
import Query
import Testing

enum LiveData {
  /// Number `number` of a stream: its link is the number, its value too.
  static func numbered(_ number: Int, campaign: String = "numbers") -> String {
    "{\"time\":\"2026-03-14T09:00:00Z\",\"kind\":\"converted\",\"campaign\":\"\(campaign)\","
      + "\"recipient\":\"r\(number % 997)@example.org\",\"send\":\"s\(number / 997)\","
      + "\"link\":\"n\(number)\",\"value\":\"\(number)\"}\n"
  }

  /// Streams the first `lineCount` numbers, a few at a time.
  static func feed(_ engine: Engine, through lineCount: Int) throws -> LineTally {
    let stream = try engine.stream(batchEventCount: 64)
    for start in stride(from: 1, through: lineCount, by: 50) {
      try stream.append((start..<start + 50).map { numbered($0) }.joined())
    }
    return try stream.finish()
  }

  /// Asks until `isDone`: queries see ever more of the first numbers, and nothing else.
  static func expectGrowth(_ engine: Engine, until isDone: Monitor<Bool>) throws {
    var before = 0
    while !isDone.update({ $0 }) {
      let seen = try integers(
        "SELECT conversions, revenue FROM events WHERE campaign = 'numbers'", engine)
      #expect(seen[1] == seen[0] * (seen[0] + 1) / 2 * 1_000_000 && seen[0] >= before, "\(seen)")
      before = seen[0]
    }
  }

  /// Everything that ever happens to one message.
  static func whole(_ number: Int) -> String {
    ["sent", "delivered", "opened", "clicked"].map { kind in
      "{\"time\":\"2026-03-14T09:00:00Z\",\"kind\":\"\(kind)\",\"campaign\":\"whole\","
        + "\"recipient\":\"r\(number % 499)@example.com\",\"send\":\"s\(number / 499)\","
        + "\"variant\":\"v\(number % 3)\",\"link\":\"l\(number % 7)\"}\n"
    }.joined()
  }

  /// The text in the first column.
  static func text(_ table: ResultTable, _ row: Int) -> String {
    guard case .text(let bytes) = table.columns[0].cell(row) else { return "" }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The integers of the one row that `query` gives.
  static func integers(_ query: String, _ engine: Engine) throws -> [Int] {
    let table = try engine.query(query)
    return table.columns.map { column in
      switch column.cell(0) {
      case .integer(let value): Int(value)
      case .number(let value): Int(value)
      default: 0
      }
    }
  }
}

extension Engine {
  func stream(
    _ kind: FileKind = .events(.ndjson), batchEventCount: Int = EventBatch.eventCountMax
  ) throws -> IngestStream {
    var options = IngestOptions()
    options.batchEventCount = batchEventCount
    return try beginIngest(kind, options: options)
  }
}

extension IngestStream {
  func append(_ text: String) throws { try append(Array(text.utf8)) }

  func append(_ bytes: [UInt8]) throws {
    let result = bytes.withUnsafeBufferPointer { buffer in
      Result { try append(ByteSlice(buffer)) }
    }
    try result.get()
  }
}

/// Threads with different jobs, whose failures count.
struct Jobs {
  private var bodies: [@Sendable () throws -> Void] = []

  mutating func add(_ body: @escaping @Sendable () throws -> Void) { bodies.append(body) }

  /// Runs all of them at once; returns what went wrong.
  func run() -> [String] {
    let bodies = bodies
    let failures = Monitor<[String]>([])
    let next = Monitor(0)
    Threads.run(bodies.count) {
      let index = next.update { next in
        next += 1
        return next - 1
      }
      do {
        try bodies[index]()
      } catch {
        failures.update { $0.append("job \(index): \(error)") }
      }
    }
    return failures.update { $0 }
  }
}
