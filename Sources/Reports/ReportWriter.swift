// Writes a report: as a page for people, or as the rows of its queries for programs. docs/REPORTS.md, "What is
// printed".

internal import Base
package import Query

package struct ReportWriter: Sendable {
  package var format: ResultFormat
  package var style: PageStyle

  package init(_ format: ResultFormat, _ style: PageStyle = PageStyle()) {
    self.format = format
    self.style = style
  }

  /// Appends the report to `output`.
  package func write(_ answer: ReportAnswer, into output: inout [UInt8]) {
    switch format {
    case .table:
      for line in Page(answer, style).lines { output.append(contentsOf: "\(line)\n".utf8) }
    case .json: writeDocument(answer, into: &output)
    case .csv, .tsv, .ndjson: writeRows(answer, into: &output)
    }
  }

  private func writeRows(_ answer: ReportAnswer, into output: inout [UInt8]) {
    let writer = ResultWriter(format)
    let isAlone = answer.parts.count == 1
    for (index, part) in answer.parts.enumerated() {
      if isAlone {
        writer.write(part.table, into: &output)
      } else if format == .ndjson {
        writer.write(part.table.prefixed("statement", part.statement.title), into: &output)
      } else {
        let end = format == .csv ? "\r\n" : "\n"
        let title = "# \(DisplayText.escape(part.statement.title))"
        output.append(contentsOf: ((index > 0 ? end : "") + title + end).utf8)
        writer.write(part.table, into: &output)
      }
    }
  }

  private func writeDocument(_ answer: ReportAnswer, into output: inout [UInt8]) {
    let report = answer.report
    output += fields([("report", report.source.name), ("title", report.title)])
    output.append(contentsOf: ",\"statements\":[".utf8)
    for (index, part) in answer.parts.enumerated() {
      if index > 0 { output.append(ASCII.comma) }
      output.append(ASCII.newline)
      output += fields([("title", part.statement.title)])
      output.append(ASCII.comma)
      var document: [UInt8] = []
      ResultWriter(.json).write(part.table, into: &document)
      // The object goes on where the title ends; its line break comes with the next one.
      output.append(contentsOf: document.dropFirst().dropLast())
    }
    output.append(contentsOf: "\n]}\n".utf8)
  }

  /// An object of texts that is not closed yet.
  private func fields(_ texts: [(name: String, text: String)]) -> [UInt8] {
    var object: [UInt8] = []
    ResultWriter(.ndjson).write(ResultTable(texts), into: &object)
    return Array(object.dropLast(2))
  }
}
