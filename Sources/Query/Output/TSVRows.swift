// Tab-separated values with ClickHouse's escaping: `\t \n \r \b \f \0 \' \\`, NULL as `\N`. A row
// is always exactly one line, which the line protocol relies on. Bytes that are no UTF-8 pass
// unchanged.

internal import Base

struct TSVRows: RowWriter {
  private let columns: [WrittenColumn]

  init(_ table: ResultTable) { columns = table.columns.map { WrittenColumn($0) } }

  func appendHead(to output: inout [UInt8]) {
    for (index, column) in columns.enumerated() {
      if index > 0 { output.append(ASCII.tab) }
      let name = Array(column.name.utf8)
      name.withUnsafeBufferPointer { TSVRows.appendText(ByteSlice($0), to: &output) }
    }
    output.append(ASCII.newline)
  }

  func append(_ row: Int, to output: inout [UInt8]) {
    for (index, column) in columns.enumerated() {
      if index > 0 { output.append(ASCII.tab) }
      if column.isNull(row) {
        output.append(ASCII.backslash)
        output.append(0x4E)
      } else if column.type == .text {
        column.withText(row) { TSVRows.appendText($0, to: &output) }
      } else {
        column.appendPlain(row, to: &output)
      }
    }
    output.append(ASCII.newline)
  }

  func appendTail(to output: inout [UInt8]) {}

  private static func appendText(_ text: ByteSlice, to output: inout [UInt8]) {
    if isPlain(text) { return output.append(contentsOf: text.buffer) }
    for byte in text.buffer {
      if let letter = escapeLetter(of: byte) {
        output.append(ASCII.backslash)
        output.append(letter)
      } else {
        output.append(byte)
      }
    }
  }

  /// Whether no byte may need a backslash. All are looked at, because that goes many at once.
  private static func isPlain(_ text: ByteSlice) -> Bool {
    var special: UInt8 = 0
    for byte in text.buffer {
      special |= byte <= ASCII.carriageReturn ? 1 : 0
      special |= byte == ASCII.apostrophe ? 1 : 0
      special |= byte == ASCII.backslash ? 1 : 0
    }
    return special == 0
  }

  /// What follows the backslash, for bytes that need one.
  private static func escapeLetter(of byte: UInt8) -> UInt8? {
    switch byte {
    case 0x00: 0x30
    case 0x08: 0x62
    case ASCII.tab: 0x74
    case ASCII.newline: 0x6E
    case 0x0C: 0x66
    case ASCII.carriageReturn: 0x72
    case ASCII.apostrophe, ASCII.backslash: byte
    default: nil
    }
  }
}
