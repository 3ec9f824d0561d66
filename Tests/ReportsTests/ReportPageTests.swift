// How answers are drawn: on made-up tables, so that every line can be read here.

import Query
import Reports
import Testing

@Suite("report pages")
struct ReportPageTests {
  @Test("a table that is too wide continues below with its first column repeated")
  func blocks() throws {
    let table = table([
      ("campaign", .text, ["spring", "autumn"]), ("one_long_heading", .integer, [1, 22]),
      ("another_heading", .integer, [3, 4]), ("last", .integer, [5, 6]),
    ])
    #expect(
      try page("table", table, width: 26) == """
                      one
                     long  another
        campaign  heading  heading
        ────────  ───────  ───────
        spring          1        3
        autumn         22        4

        campaign  last
        ────────  ────
        spring       5
        autumn       6

        """)
    let lines = try page("table", table, width: 22).split(separator: "\n")
    #expect(lines.count { $0.hasPrefix("spring") } == 3)
    #expect(lines.allSatisfy { $0.count <= 22 })
  }

  @Test(
    "cut texts stay apart: cut at the end, at the beginning they share, or in the middle",
    arguments: [
      (["spring-of-the-year", "autumn-of-the-year"], ["spring-of-the-…", "autumn-of-the-…"]),
      (["a-long-prefix-spring", "a-long-prefix-autumn"], ["…-prefix-spring", "…-prefix-autumn"]),
      (
        ["a-long-prefix-spring", "a-long-prefix-autumn", "another-long-text"],
        ["a-long-…-spring", "a-long-…-autumn", "another…ng-text"]
      ),
    ])
  func cuts(texts: [String], expected: [String]) throws {
    let table = table([("campaign", .text, texts), ("opens", .integer, texts.map { _ in 1 })])
    let rows = try page("table", table, width: 22).split(separator: "\n").dropFirst(2)
    #expect(rows.map { $0.prefix(15) } == expected.map { $0[...] })
  }

  @Test("a table says how many rows it leaves out")
  func first() throws {
    let table = table([("n", .integer, [1, 2, 3])])
    #expect(
      try page("table first=1", table)
        == "n\n─\n1\nand 2 more; --format tsv has all of them\n")
    #expect(try page("table first=3", table) == "n\n─\n1\n2\n3\n")
  }

  @Test("a record is a list of names and values")
  func record() throws {
    let table = table([
      ("name", .text, ["x", nil]), ("open_rate", .rate, [0.5, nil]), ("n", .integer, [1, 20]),
    ])
    #expect(
      try page("record", table) == """
        name       x
        open rate  50.00 %
        n                1

        name       –
        open rate        –
        n               20

        """)
  }

  @Test(
    "a crosstab has a column for each value; numbers in order, NULL last, gaps for what is missing")
  func crosstab() throws {
    let table = table([
      ("campaign", .text, ["a", "a", "b", nil]), ("position", .integer, [10, 2, nil, 2]),
      ("ctr", .rate, [0.1, 0.2, 0.3, 0.4]),
    ])
    #expect(
      try page("crosstab rows=campaign columns=position value=ctr", table) == """
        campaign        2       10        –
        ────────  ───────  ───────  ───────
        a         20.00 %  10.00 %        –
        b               –        –  30.00 %
        –         40.00 %        –        –

        """)
  }

  @Test("a heat map shades from 0 to the largest value, and adds up counts")
  func heatMap() throws {
    let table = table([
      ("campaign", .text, ["a", "a", "b"]), ("position", .integer, [1, 2, 2]),
      ("clicks", .integer, [1, 8, 0]),
    ])
    let form = "heatmap rows=campaign columns=position value=clicks"
    #expect(
      try page(form, table) == """
              1  2   all
        a     1░ 8█    9
        b     ·  ·     0
        all   1  8     9

        ░ to 2   ▒ to 4   ▓ to 6   █ to 8

        """)
    #expect(
      try page(form, table, colors: true).contains("\u{1B}[48;5;227;38;5;16m 8 \u{1B}[0m"))
  }

  @Test("sums beyond all whole numbers are drawn all the same")
  func largeSums() throws {
    let table = table([
      ("campaign", .text, ["a", "b"]), ("position", .integer, [1, 1]),
      ("n", .integer, [Int.max, Int.max]),
    ])
    let text = try page("heatmap rows=campaign columns=position value=n", table)
    #expect(text.contains("all   1.8446744073709552e+19   1.8446744073709552e+19\n"))
  }

  @Test("the shades of intervals are said in intervals; texts have none")
  func shades() throws {
    let times = table([
      ("campaign", .text, ["a", "b"]), ("position", .integer, [1, 1]),
      ("delay", .interval, [3_600_000, 7_200_000]),
    ])
    let text = try page("heatmap rows=campaign columns=position value=delay", times)
    #expect(text.contains("░ to 00:30:00   ▒ to 01:00:00   ▓ to 01:30:00   █ to 02:00:00"))
    let form = "heatmap rows=position columns=delay value=campaign"
    let error = try #require(throws: ReportError.self) { try page(form, times) }
    #expect(error.description.hasPrefix("x.sql:2:1: a heat map shades numbers, 'campaign'"))
  }

  @Test("texts that look alike are rows of their own")
  func lookalikes() throws {
    let texts = ["\u{E9}", "e\u{301}", "a\u{1B}", "a\\x1b"]
    let table = table([
      ("name", .text, texts), ("b", .text, texts.map { _ in "y" }), ("n", .integer, [1, 2, 3, 4]),
    ])
    let lines = try page("crosstab rows=name columns=b value=n", table).split(separator: "\n")
    #expect(lines.dropFirst(2).map(\.last) == ["1", "2", "3", "4"])
  }

  @Test("a grid too large to read is refused on a page, and is no matter elsewhere")
  func largeGrid() throws {
    let numbers = (0...1000).map { Optional($0) }
    let table = table(["a", "b", "n"].map { ($0, .integer, numbers) })
    let form = "crosstab rows=a columns=b value=n"
    let error = try #require(throws: ReportError.self) { try page(form, table) }
    #expect(
      error.description.hasPrefix("x.sql:2:1: 1001 rows and 1001 columns are more than 1000000"))
    let answer = try answer(form, table, for: .tsv)
    #expect(answer.text(.tsv).hasPrefix("a\tb\tn\n0\t0\t0\n"))
  }

  @Test("rates are never added up")
  func rates() throws {
    let table = table([
      ("campaign", .text, ["a", "b"]), ("position", .integer, [1, 1]), ("ctr", .rate, [0.1, 0.4]),
    ])
    #expect(
      try page("heatmap rows=campaign columns=position value=ctr", table) == """
                  1
        a   10.00 %░
        b   40.00 %█

        ░ to 10.00 %   ▒ to 20.00 %   ▓ to 30.00 %   █ to 40.00 %

        """)
  }

  @Test("weekdays and hours are all there; narrow cells are blocks over bars of totals")
  func week() throws {
    let table = table([
      ("weekday", .integer, [1, 7]), ("hour_of_day", .integer, [0, 23]),
      ("opens", .integer, [400, 100]),
    ])
    let lines = try page(
      "heatmap rows=weekday columns=hour_of_day value=opens", table, width: 60
    ).split(separator: "\n")
    #expect(lines.count == 10)
    #expect(lines[0] == "     00  02  04  06  08  10  12  14  16  18  20  22    all")
    #expect(lines[1] == "Mon  ██" + String(repeating: " ·", count: 23) + "  400")
    #expect(lines[7] == "Sun  " + String(repeating: " ·", count: 23) + "░░  100")
    #expect(lines[8] == "all  ██" + String(repeating: " ", count: 44) + "▂▂  500")
  }

  @Test("columns of a heat map that find no room are counted")
  func tooManyColumns() throws {
    let positions = (0..<100).map { Optional($0) }
    let table = table([
      ("campaign", .text, positions.map { _ in "a" }), ("position", .integer, positions),
      ("clicks", .integer, positions),
    ])
    let text = try page("heatmap rows=campaign columns=position value=clicks", table, width: 60)
    #expect(text.contains("more columns would not fit"))
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 60 })
  }

  @Test("several values for one cell, and columns that are not there, are errors of the report")
  func wrongGrids() throws {
    let twice = table([
      ("a", .text, ["x", "x"]), ("b", .text, ["y", "y"]), ("n", .integer, [1, 2]),
    ])
    let form = "crosstab rows=a columns=b value=n"
    let error = try #require(throws: ReportError.self) { try page(form, twice) }
    #expect(error.description.hasPrefix("x.sql:2:1: several values for a x and b y"))
    let missing = try #require(throws: ReportError.self) {
      try page("crosstab rows=a columns=c value=n", twice)
    }
    #expect(missing.description.hasPrefix("x.sql:2:1: unknown column 'c'"))
  }

  @Test("an answer without rows says so, and control bytes are shown, not obeyed")
  func smallThings() throws {
    #expect(try page("table", table([("n", .integer, [])])) == "none\n")
    let hostile = table([("n\u{1B}", .text, ["\u{1B}[2Jx"])])
    #expect(!(try page("table", hostile)).contains("\u{1B}"))
  }

  @Test("a loop stacks the answers behind its value, and they must be alike")
  func loops() throws {
    let text = "-- @foreach d in a, 'b c'\nSELECT :d"
    let report = try ReportReader.read(
      ReportSource(name: "x", path: "x.sql", text: Array(text.utf8)))
    let values = try ReportValues([], for: report)
    var asked: [String] = []
    let answer = try ReportAnswer(report, values) { (sql) throws(ReportFailure) in
      asked.append(sql)
      return table([("n", .integer, [asked.count, nil])])
    }
    #expect(asked == ["SELECT  'a' ", "SELECT  'b c' "])
    #expect(answer.text(.tsv) == "d\tn\na\t1\na\t\\N\nb c\t2\nb c\t\\N\n")
    #expect(throws: ReportError.self) {
      var count = 0
      _ = try ReportAnswer(report, values) { (sql) throws(ReportFailure) in
        count += 1
        return table([("n\(count)", .integer, [])])
      }
    }
  }

  // MARK: Making tables

  /// Columns by name, type and values.
  private func table(_ columns: [(String, ResultType, [Any?])]) -> ResultTable {
    ResultTable(
      columns: columns.map { name, type, values in
        var column = ResultColumn(name: name, type: type)
        for value in values {
          switch value {
          case let value as Int: column.append(Int64(value))
          case let value as Double: column.append(value)
          case let value as String: column.append(value)
          default: column.appendNull()
          }
        }
        return column
      })
  }

  private func answer(
    _ form: String, _ table: ResultTable, for format: ResultFormat = .table
  ) throws -> ReportAnswer {
    let text = "-- @form \(form)\nSELECT 1"
    let report = try ReportReader.read(
      ReportSource(name: "x", path: "x.sql", text: Array(text.utf8)))
    return try ReportAnswer(report, try ReportValues([], for: report), for: format) {
      (sql) throws(ReportFailure) in table
    }
  }

  /// What stands below the title of a report with one statement.
  private func page(
    _ form: String, _ table: ResultTable, width: Int? = nil, colors: Bool = false
  ) throws -> String {
    let answer = try answer(form, table)
    let page = answer.text(.table, PageStyle(width: width, hasColors: colors))
    let lines = page.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.dropFirst(2).joined(separator: "\n")
  }
}
