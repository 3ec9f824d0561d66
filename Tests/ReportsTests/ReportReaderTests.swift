// The format of report files: what is read, and what is refused at which place.

import Query
import Reports
import Testing

@Suite("report files")
struct ReportReaderTests {
  @Test("a file of one query and nothing else is a report")
  func plainQuery() throws {
    let report = try read("SELECT opens FROM events\n")
    #expect(report.title == "weekly")
    #expect(report.statements.map(\.form) == [.table(first: nil)])
    #expect(report.statements.map { queryText($0, of: report) } == ["SELECT opens FROM events"])
  }

  @Test("a file says titles, parameters, forms and loops")
  func everything() throws {
    let report = try read(
      """
      -- @report Clicks of the week
      -- @about What was clicked,
      -- @about and where.
      -- A comment that is free; so is 'this: -- @
      -- @parameter campaign text = 'it''s, all'  which campaigns
      -- @parameter limit integer = 10
      -- @parameter from date  the first day

      -- @statement Most clicked
      -- @about By link.
      -- @form table first=5
      SELECT link, ';' AS mark, "a;b" FROM events -- ; is no end here
      WHERE campaign = :campaign::text LIMIT :limit;

      -- @foreach definition in beacon, 'two words', zoho
      -- @form heatmap rows=weekday columns=hour_of_day value=clicks
      SELECT 1 FROM events SETTINGS definition = :definition
      """)
    #expect(report.title == "Clicks of the week")
    #expect(report.about == "What was clicked, and where.")
    #expect(report.parameters.map(\.name) == ["campaign", "limit", "from"])
    #expect(report.parameters.map(\.kind) == [.text, .integer, .date])
    #expect(report.parameters.map(\.initial) == [.text("it's, all"), .integer(10), nil])
    #expect(report.parameters.map(\.about) == ["which campaigns", "", "the first day"])
    #expect(report.statements.map(\.title) == ["Most clicked", ""])
    #expect(report.statements.map(\.about) == ["By link.", ""])
    #expect(report.statements[0].form == .table(first: 5))
    guard case .heatMap(let axes) = report.statements[1].form else {
      Issue.record("\(report.statements[1].form)")
      return
    }
    #expect([axes.rows, axes.columns, axes.value] == ["weekday", "hour_of_day", "clicks"])
    #expect(report.statements[0].placeholders.map(\.name) == ["campaign", "limit"])
    #expect(report.statements[1].placeholders.map(\.name) == ["definition"])
    #expect(report.statements.map(\.loop?.name) == [nil, "definition"])
    #expect(report.statements[1].loop?.values == ["beacon", "two words", "zoho"])
    #expect(queryText(report.statements[0], of: report).hasSuffix("LIMIT :limit"))
  }

  @Test("the mark that some editors write in front is no part of a report")
  func byteOrderMark() throws {
    #expect(try read("\u{FEFF}-- @report Title\nSELECT 1").title == "Title")
  }

  @Test("a quoted colon, a doubled quote and a cast are no parameters")
  func quotedColons() throws {
    let report = try read("SELECT ':a', ':b '' :c', \":d\", 1::text, x:: text FROM events -- :e")
    #expect(report.statements[0].placeholders.isEmpty)
  }

  @Test(
    "what is wrong is said with line, column and a caret",
    arguments: [
      ("-- @reprot X\nSELECT 1", "1:4: unknown directive '@reprot': did you mean '@report'?"),
      ("-- @report\nSELECT 1", "1:11: expected a text"),
      ("", "1:1: the report has no query"),
      ("-- @report X\n-- nothing\n", "3:1: the report has no query"),
      ("-- @statement X\n", "2:1: a query is missing"),
      ("SELECT 1;;", "1:10: a query is missing"),
      ("-- @statement X\n-- @statement Y\nSELECT 1", "2:15: the query before it is missing"),
      (
        "SELECT 1\n-- @statement Y\nSELECT 2",
        "2:1: a directive inside a query: the query before it ends with ';'"
      ),
      ("-- @parameter\nSELECT 1", "1:14: expected a name"),
      ("-- @parameter a-b text\nSELECT 1", "1:15: a parameter's name is letters, digits and '_'"),
      ("-- @parameter data text\nSELECT 1", "1:15: 'data' is an option of the command"),
      (
        "-- @parameter n number\nSELECT 1",
        "1:17: unknown type 'number': there is text, integer, date"
      ),
      ("-- @parameter n integer = ten\nSELECT 1", "1:27: 'ten' is not a whole number"),
      (
        "-- @parameter n date = 2026-02-30\nSELECT 1",
        "1:24: '2026-02-30' is not a date such as 2026-03-14"
      ),
      ("-- @parameter n text = 'x\nSELECT 1", "1:24: the quoted text never ends"),
      ("-- @parameter n text =\nSELECT 1", "1:23: expected a value"),
      (
        "-- @parameter n text\n-- @parameter n text\nSELECT 1", "2:15: a second parameter 'n'"
      ),
      ("SELECT 1;\n-- @parameter n text\n", "2:15: @parameter stands before the first query"),
      ("-- @form pie\nSELECT 1", "1:10: unknown form 'pie': there is table, record, crosstab"),
      ("-- @form table first=0\nSELECT 1", "1:22: expected a whole number above 0"),
      ("-- @form table last=3\nSELECT 1", "1:16: unknown option 'last'"),
      ("-- @form heatmap rows=a value=b\nSELECT 1", "1:32: expected columns=COLUMN"),
      ("-- @form record please\nSELECT 1", "1:17: unexpected 'please'"),
      ("-- @foreach d of x\nSELECT 1", "1:15: expected 'in'"),
      ("-- @foreach d in\nSELECT 1", "1:17: expected a value"),
      (
        "-- @parameter from date\nSELECT 1 FROM events WHERE day > :form",
        "2:34: unknown parameter 'form': did you mean 'from'?"
      ),
    ])
  func wrongFiles(text: String, expected: String) throws {
    let error = try #require(throws: ReportError.self) { try read(text) }
    let lines = error.description.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[0].hasPrefix("reports/weekly.sql:" + expected), "\(error)")
    #expect(lines.count == 3 && lines[2].contains("^"), "\(error)")
  }

  @Test("the caret stands under the word")
  func caret() throws {
    let error = try #require(throws: ReportError.self) { try read("-- @form pie\nSELECT 1") }
    #expect(
      error.description.split(separator: "\n").suffix(2) == ["  -- @form pie", "           ^^^"])
  }

  @Test("bytes that are no text, and files that are too long, are refused")
  func noText() {
    let invalid = ReportSource(name: "x", path: "x.sql", text: [0x53, 0xFF])
    #expect(throws: ReportError.self) { try ReportReader.read(invalid) }
    let long = ReportSource(
      name: "x", path: "x.sql", text: Array(repeating: 0x20, count: ReportReader.byteCountMax + 1))
    #expect(throws: ReportError.self) { try ReportReader.read(long) }
  }

  private func read(_ text: String) throws -> Report {
    try ReportReader.read(
      ReportSource(name: "weekly", path: "reports/weekly.sql", text: Array(text.utf8)))
  }

  private func queryText(_ statement: ReportStatement, of report: Report) -> String {
    String(decoding: report.source.text[statement.range], as: UTF8.self)
  }
}
