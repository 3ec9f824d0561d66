// Sums of values: exact however large the parts are, and an error where the sum itself is too large.

import Engine
import Query
import TestSupport
import Testing

struct RevenueTests {
  @Test("values that cancel out leave the exact rest, over all shards")
  func exactRest() throws {
    let values = (0..<40).map { $0 % 2 == 0 ? "9000000000000" : "-9000000000000" } + ["0.000001"]
    let table = try engine(values).query("SELECT revenue FROM events")
    #expect(table.row(0) == [.integer(1)])
  }

  @Test("a sum beyond what a result holds is an error and no number")
  func tooLarge() throws {
    let engine = try engine([String](repeating: "9000000000000", count: 40))
    #expect(throws: QueryError.self) { try engine.query("SELECT revenue FROM events") }
    let counted = try engine.query("SELECT conversions FROM events")
    #expect(counted.row(0) == [.integer(40)])
  }

  private func engine(_ values: [String]) throws -> Engine {
    let lines = values.enumerated().map { index, value in
      """
      {"time":"2026-03-14T10:00:00Z","kind":"converted","campaign":"spring",\
      "recipient":"r\(index)@example.org","value":\(value)}
      """
    }
    let folder = TemporaryFolder()
    let setup = EngineSetup(name: "default")
    let file = RenderedFile(
      name: "conversions.ndjson", bytes: Array(lines.joined(separator: "\n").utf8))
    return try setup.engine([file], in: folder)
  }
}
