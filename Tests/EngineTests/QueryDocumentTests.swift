// The examples of docs/QUERY.md answer, over the sample data, as a reader who tries them would see.

import Base
import Engine
import Ingest
import Query
import TestSupport
import Testing

struct QueryDocumentTests {
  @Test("every example of docs/QUERY.md has an answer with rows")
  func examples() throws {
    let folder = TemporaryFolder()
    let engine = try QueryDocumentTests.sample(in: folder)
    var settings = QuerySettings()
    settings.now = 1_772_625_600_000  // 2026-03-04T12:00:00Z, when the sample's last mail was sent.
    let statements = QueryDocumentTests.statements
    #expect(statements.count >= 16)
    for statement in statements {
      do throws(QueryError) {
        let table = try engine.query(statement, settings: settings)
        #expect(table.rowCount > 0, "no rows: \(statement)")
        #expect(QueryDocumentTests.hasValue(table), "only NULL and 0: \(statement)")
      } catch {
        Issue.record("\(error.rendered(in: statement))")
      }
    }
  }

  /// Whether some cell says something.
  private static func hasValue(_ table: ResultTable) -> Bool {
    table.columns.contains { column in
      (0..<table.rowCount).contains { row in
        switch column.cell(row) {
        case .null: false
        case .integer(let value): value != 0
        case .number(let value): value != 0
        case .text: true
        }
      }
    }
  }

  private static let repository =
    "/" + "\(#filePath)".split(separator: "/").dropLast(3).joined(separator: "/")

  private static func sample(in folder: TemporaryFolder) throws -> Engine {
    let set = repository + "/datasets/sample"
    let names =
      TemporaryFolder.names(in: set + "/logs").map { "logs/\($0)" } + [
        "sends.ndjson", "outcomes.ndjson", "recipients.csv", "links.csv", "campaigns.csv",
      ]
    let files = names.map { InputFile(path: "\(set)/\($0)", name: $0, byteCount: 0) }
    let engine = try EngineSetup.all[0].open(in: folder)
    _ = try engine.load(files, options: IngestOptions(threadCount: 1))
    return engine
  }

  /// The statements of the page's `sql` blocks; each starts at a line that begins with SELECT or EXPLAIN.
  private static var statements: [String] {
    let page = String(decoding: TemporaryFolder.read(repository + "/docs/QUERY.md"), as: UTF8.self)
    var statements: [String] = []
    var isInside = false
    for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("```") {
        isInside = line == "```sql"
      } else if isInside, line.hasPrefix("SELECT") || line.hasPrefix("EXPLAIN") {
        statements.append(String(line))
      } else if isInside, !line.hasPrefix("--"), !line.isEmpty, !statements.isEmpty {
        statements[statements.count - 1] += "\n" + line
      }
    }
    return statements
  }
}
