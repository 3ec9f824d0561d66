// Rows of text in columns. The first column is left-aligned, the others right-aligned, except the last one when it is
// for remarks.

package struct Table {
  private var rows: [[String]] = []
  private let header: [String]
  private let hasRemarks: Bool

  /// - Parameter hasRemarks: whether the last column is for words and not for figures.
  package init(_ header: [String], hasRemarks: Bool = false) {
    self.header = header
    self.hasRemarks = hasRemarks
  }

  /// Adds a row of as many cells as the header has.
  package mutating func append(_ row: [String]) {
    precondition(row.count == header.count, "\(row.count) cells below \(header.count)")
    rows.append(row)
  }

  /// Lines with a line under the header, each ended by a newline, without blanks at their ends. Columns that are empty
  /// in all rows are left out.
  package var text: String {
    let columns = header.indices.filter { column in
      column == 0 || rows.contains { !$0[column].isEmpty }
    }
    let widths = columns.map { column in
      ([header] + rows).map { $0[column].count }.max() ?? 0
    }
    let rule = widths.map { String(repeating: "─", count: $0) }.joined(separator: "  ")
    let lines = [line(header, columns, widths), rule] + rows.map { line($0, columns, widths) }
    return lines.map { $0 + "\n" }.joined()
  }

  private func line(_ row: [String], _ columns: [Int], _ widths: [Int]) -> String {
    let cells = zip(columns, widths).map { column, width in
      let blanks = String(repeating: " ", count: width - row[column].count)
      return isLeftAligned(column) ? row[column] + blanks : blanks + row[column]
    }
    let joined = cells.joined(separator: "  ")
    return String(joined.prefix(joined.count - joined.reversed().prefix { $0 == " " }.count))
  }

  private func isLeftAligned(_ column: Int) -> Bool {
    column == 0 || hasRemarks && column == header.count - 1
  }
}
