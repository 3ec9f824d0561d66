// Answers as lines of text, so that they can be compared with those of plain loops.

internal import Query

enum AnswerText {
  /// Cells joined by tabs; times as milliseconds, NULL as `\N`, numbers as Swift writes them.
  static func rows(_ table: ResultTable) -> [String] {
    (0..<table.rowCount).map { row in
      table.row(row).map(text).joined(separator: "\t")
    }
  }

  private static func text(_ cell: ResultCell) -> String {
    switch cell {
    case .null: "\\N"
    case .text(let bytes): String(decoding: bytes, as: UTF8.self)
    case .integer(let value): "\(value)"
    case .number(let value): "\(value)"
    }
  }

  /// A line of the same form.
  static func row(_ cells: [any CustomStringConvertible]) -> String {
    cells.map(\.description).joined(separator: "\t")
  }
}
