// The examples of docs/QUERY.md are accepted; a copy would not notice when the page changes.

import Glibc
import Query
import Testing

@Suite("docs/QUERY.md")
struct ParserDocumentTests {
  @Test("every example parses")
  func examples() throws {
    let page = try #require(read("docs/QUERY.md"))
    let queries = statements(in: page)
    #expect(queries.count >= 10)
    for query in queries {
      #expect(throws: Never.self, "\(query)") { try Parser.statement(query) }
    }
  }

  /// The statements in the page's `sql` blocks; each starts at a line that begins with SELECT or EXPLAIN.
  private func statements(in page: String) -> [String] {
    var statements: [String] = []
    var isInside = false
    for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("```") {
        isInside = line == "```sql"
      } else if isInside, line.hasPrefix("SELECT") || line.hasPrefix("EXPLAIN") {
        statements.append(String(line))
      } else if isInside, !line.hasPrefix("--"), !statements.isEmpty {
        statements[statements.count - 1] += "\n" + line
      }
    }
    return statements
  }

  private func read(_ path: String) -> String? {
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    guard let file = fopen("/\(root)/\(path)", "r") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes[..<count], as: UTF8.self)
  }
}
