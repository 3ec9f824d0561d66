// Every report that comes with the program: it answers on the sample as the golden files show, and its numbers add up.
// `GOLDEN_UPDATE=1` rewrites the files; `git diff` shows what that means.

import Engine
import Foundation
import Glibc
import Query
import Reports
import TestSupport
import Testing

@Suite("shipped reports", .serialized)
struct ShippedReportTests {
  static let names = ReportShelf(folders: []).names

  private let sample: SampleData

  init() throws { sample = try SampleData() }

  @Test("golden")
  func golden() throws {
    for name in ShippedReportTests.names {
      let answer = try sample.answer(name)
      for part in answer.parts {
        #expect(!part.statement.title.isEmpty, "\(name)")
      }
      try expect(answer.text(.table, PageStyle(width: 80)), in: "\(name).80.txt")
      try expect(answer.text(.table, PageStyle(width: 160)), in: "\(name).160.txt")
      try expect(answer.text(.tsv), in: "\(name).tsv")
    }
    let hours = try sample.answer("open-hours")
    try expect(
      hours.text(.table, PageStyle(width: 80, hasColors: true)), in: "open-hours.colors.txt")
    let list = ReportList(ReportShelf(folders: []), PageStyle(width: 80))
    #expect(list.errors.isEmpty)
    try expect(list.lines.map { $0 + "\n" }.joined(), in: "list.txt")
  }

  @Test("no line of a page is wider than the terminal")
  func widths() throws {
    for name in ShippedReportTests.names {
      for width in [40, 60, 80, 100, 160] {
        let answer = try sample.answer(name, name == "list-hygiene" ? [("soft", "1")] : [])
        for line in answer.text(.table, PageStyle(width: width)).split(separator: "\n") {
          #expect(line.unicodeScalars.count <= width, "\(name) at \(width): \(line)")
        }
      }
    }
  }

  @Test("every parameter of every report can be given")
  func parameters() throws {
    for name in ShippedReportTests.names {
      let report = try ReportShelf(folders: []).report(name)
      for parameter in report.parameters {
        let text =
          switch parameter.kind {
          case .text: parameter.name == "zone" ? "Europe/Vienna" : "2026-03-%"
          case .integer: "1"
          case .date: "2026-03-02"
          }
        let answer = try sample.answer(name, [(parameter.name, text)])
        #expect(answer.given.map(\.name) == [parameter.name])
      }
    }
  }

  @Test("the detail adds up to the summary")
  func sums() throws {
    try expectSums(sample)
    try expectSums(sample, [("from", "2026-03-02"), ("campaign", "2026-03-%")])
    for seed in 1...3 as ClosedRange<UInt64> {
      try expectSums(try SampleData(seed: seed, lineCount: 1500))
    }
  }

  @Test("the summary counts what plain SQL over the messages counts")
  func summary() throws {
    let summary = try sample.answer("email-summary")
    let plain = try sample.engine.query(
      """
      SELECT count(sent_at) AS sent, count(delivered_at) AS delivered,
        count(*) FILTER (WHERE bounce_class = 'hard') AS hard_bounced,
        count(*) FILTER (WHERE bounce_class = 'soft') AS soft_bounced,
        count(*) FILTER (WHERE delivered_at IS NOT NULL AND tracked = 'yes') AS tracked,
        count(*) FILTER (WHERE opened) AS opened, count(*) FILTER (WHERE clicks > 0) AS clicked,
        count(unsubscribed_at) AS unsubscribed, count(complained_at) AS complained
      FROM messages
      """)
    let counts = Dictionary(
      uniqueKeysWithValues: summary.parts.flatMap { $0.table.columns }.map { ($0.name, $0.cell(0)) }
    )
    for column in plain.columns {
      #expect(counts[column.name] == column.cell(0), "\(column.name)")
    }
  }

  @Test("the document names every report, and its example is one")
  func document() throws {
    let text = Repository.text("docs/REPORTS.md")
    for name in ShippedReportTests.names { #expect(text.contains("\n| `\(name)` |"), "\(name)") }
    let parts = text.components(separatedBy: "```sql\n")
    try #require(parts.count == 2)
    let example = parts[1].components(separatedBy: "```")[0]
    let report = try ReportReader.read(
      ReportSource(name: "example", path: "example.sql", text: Array(example.utf8)))
    let answer = try sample.answer(report, [("from", "2026-03-02")])
    #expect(answer.parts.count == 2 && answer.parts.allSatisfy { $0.table.rowCount > 1 })
  }

  private func expectSums(
    _ data: SampleData, _ values: [(name: String, text: String)] = []
  ) throws {
    let summary = try data.answer("email-summary", values)
    let detail = try data.answer("email-detail", values)
    #expect(summary.parts.map(\.statement.title) == detail.parts.map(\.statement.title))
    var sumCount = 0
    for (whole, parts) in zip(summary.parts, detail.parts) {
      #expect(whole.table.rowCount == 1)
      #expect(parts.table.rowCount > 1)
      for column in whole.table.columns where column.type == .integer {
        let detailed = try #require(
          parts.table.columns.first { $0.name == column.name }, "\(column.name)")
        let sum = (0..<detailed.rowCount).reduce(0) { $0 + detailed.integer($1) }
        #expect(sum == column.integer(0), "\(column.name)")
        sumCount += 1
      }
    }
    #expect(sumCount == 12)
  }

  private func expect(_ text: String, in file: String) throws {
    let path = Repository.path("Tests/Golden/reports/\(file)")
    if getenv("GOLDEN_UPDATE") != nil {
      let stream = try #require(fopen(path, "w"))
      defer { fclose(stream) }
      let bytes = Array(text.utf8)
      #expect(fwrite(bytes, 1, bytes.count, stream) == bytes.count)
      return
    }
    let expected = String(decoding: TemporaryFolder.read(path), as: UTF8.self)
    #expect(text == expected, "\(file)")
  }
}
