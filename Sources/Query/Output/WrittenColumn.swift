// A column as rows are written from it. A class, so that no value costs a copy of the column: one holds on to all its
// parts.

internal import Base

final class WrittenColumn {
  private let column: ResultColumn

  init(_ column: ResultColumn) { self.column = column }

  var name: String { column.name }

  var type: ResultType { column.type }

  @inline(__always)
  func isNull(_ row: Int) -> Bool { column.isNull(row) }

  /// The value of `row`; 0 for NULL. For number and rate columns.
  @inline(__always)
  func number(_ row: Int) -> Double { column.number(row) }

  /// Lends the bytes of `row`'s text to `body`; none for NULL. For text columns.
  @inline(__always)
  func withText<Result>(_ row: Int, _ body: (ByteSlice) -> Result) -> Result {
    column.withText(row, body)
  }

  /// Appends a value that is neither text nor NULL, as every format but the table writes it.
  func appendPlain(_ row: Int, to output: inout [UInt8]) {
    let isNumber = type == .number || type == .rate
    let word = isNumber ? column.number(row).bitPattern : Cell.word(column.integer(row))
    CellText.append(word, type, column.zone, to: &output)
  }
}
