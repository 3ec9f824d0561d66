// Comma-separated values as RFC 4180 has them: CRLF, quotes where needed. NULL is nothing at all,
// the empty text is `""`. Bytes that are no UTF-8 pass unchanged.

internal import Base

struct CSVRows: RowWriter {
  private let columns: [WrittenColumn]
  private let isFormulaSafe: Bool

  init(_ table: ResultTable, isFormulaSafe: Bool) {
    columns = table.columns.map { WrittenColumn($0) }
    self.isFormulaSafe = isFormulaSafe
  }

  func appendHead(to output: inout [UInt8]) {
    for (index, column) in columns.enumerated() {
      if index > 0 { output.append(ASCII.comma) }
      let name = Array(column.name.utf8)
      name.withUnsafeBufferPointer { appendText(ByteSlice($0), to: &output) }
    }
    appendLineEnd(to: &output)
  }

  func append(_ row: Int, to output: inout [UInt8]) {
    for (index, column) in columns.enumerated() {
      if index > 0 { output.append(ASCII.comma) }
      if column.isNull(row) { continue }
      if column.type == .text {
        column.withText(row) { appendText($0, to: &output) }
      } else {
        column.appendPlain(row, to: &output)
      }
    }
    appendLineEnd(to: &output)
  }

  func appendTail(to output: inout [UInt8]) {}

  private func appendLineEnd(to output: inout [UInt8]) {
    output.append(ASCII.carriageReturn)
    output.append(ASCII.newline)
  }

  private func appendText(_ text: ByteSlice, to output: inout [UInt8]) {
    let isFormula = isFormulaSafe && CSVRows.looksLikeFormula(text)
    guard CSVRows.needsQuotes(text) else {
      if isFormula { output.append(ASCII.apostrophe) }
      output.append(contentsOf: text.buffer)
      return
    }
    output.append(ASCII.quote)
    if isFormula { output.append(ASCII.apostrophe) }
    for byte in text.buffer {
      if byte == ASCII.quote { output.append(ASCII.quote) }
      output.append(byte)
    }
    output.append(ASCII.quote)
  }

  /// All bytes are looked at, because that goes many at once.
  private static func needsQuotes(_ text: ByteSlice) -> Bool {
    var special: UInt8 = text.isEmpty ? 1 : 0
    for byte in text.buffer {
      special |= byte == ASCII.comma || byte == ASCII.quote ? 1 : 0
      special |= byte == ASCII.newline || byte == ASCII.carriageReturn ? 1 : 0
    }
    return special != 0
  }

  /// Whether a spreadsheet may run `text`: what starts with `=`, `+`, `-`, `@`, TAB or CR and is no
  /// number.
  private static func looksLikeFormula(_ text: ByteSlice) -> Bool {
    guard !text.isEmpty else { return false }
    switch text[0] {
    case ASCII.equals, ASCII.at, ASCII.tab, ASCII.carriageReturn: return true
    case ASCII.plus, ASCII.minus: return !isNumber(text.suffix(from: 1))
    default: return false
    }
  }

  /// Whether `text` is digits with at most one point between or beside them.
  private static func isNumber(_ text: ByteSlice) -> Bool {
    var digitCount = 0
    var dotCount = 0
    for byte in text.buffer {
      if ASCII.isDigit(byte) {
        digitCount += 1
      } else if byte == ASCII.dot {
        dotCount += 1
      } else {
        return false
      }
    }
    return digitCount > 0 && dotCount <= 1
  }
}
