// The format of report files: what is read, and what is refused at which place.

import Reports
import Testing

@Suite("report files")
struct ReportReaderTests {
  @Test("a file of one query and nothing else is a report")
  func plainQuery() throws {
    let report = try read("SELECT opens FROM events")
    #expect(report.title == "weekly")
    #expect(report.statements.map(\.form) == [.table(first: nil)])
  }

  private func read(_ text: String) throws -> Report {
    try ReportReader.read(
      ReportSource(name: "weekly", path: "reports/weekly.sql", text: Array(text.utf8)))
  }
}
