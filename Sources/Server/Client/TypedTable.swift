// Reads the lines of `FORMAT typed` back into the table they were written from.
//
// SAFETY: the bytes of a cell are lent to its column for the length of a call, which copies them.

internal import Base
internal import Query

enum TypedTable {
  /// - Parameter lines: the header line and the rows, each with its end.
  static func read(
    _ lines: ArraySlice<UInt8>, rowCount: Int, columnCount: Int
  ) throws(ClientError) -> ResultTable {
    var lines = lines.split(separator: ASCII.newline, omittingEmptySubsequences: false)
    lines.removeLast()
    guard let header = lines.first, lines.count == rowCount + 1 else { throw unreadable }
    var columns: [ResultColumn] = []
    for cell in header.split(separator: ASCII.tab, omittingEmptySubsequences: false) {
      columns.append(try column(cell))
    }
    guard columns.count == columnCount else { throw unreadable }
    for line in lines.dropFirst() {
      let cells = line.split(separator: ASCII.tab, omittingEmptySubsequences: false)
      guard cells.count == columnCount else { throw unreadable }
      for (index, cell) in cells.enumerated() { try append(cell, to: &columns[index]) }
    }
    return ResultTable(columns: columns)
  }

  private static let unreadable = ClientError.unreadable("the server's reply has another shape")

  /// The column of a header cell: `name:type`, and `@zone` where times are not UTC's.
  private static func column(_ cell: ArraySlice<UInt8>) throws(ClientError) -> ResultColumn {
    guard let colon = cell.lastIndex(of: ASCII.colon) else { throw unreadable }
    let name = String(decoding: unescaped(cell[..<colon]), as: UTF8.self)
    let words = cell[(colon + 1)...].split(separator: ASCII.at, maxSplits: 1)
      .map { String(decoding: $0, as: UTF8.self) }
    guard let word = words.first, let type = ResultType(rawValue: word) else { throw unreadable }
    guard words.count > 1 else { return ResultColumn(name: name, type: type) }
    guard let zone = TimeZoneRules.named(words[1]) else {
      throw .unreadable("the server's time zone \(words[1]) is not known here")
    }
    return ResultColumn(name: name, type: type, zone: zone)
  }

  private static func append(
    _ cell: ArraySlice<UInt8>, to column: inout ResultColumn
  ) throws(ClientError) {
    if cell.elementsEqual("\\N".utf8) { return column.appendNull() }
    let type = column.type
    if type == .text {
      unescaped(cell).withUnsafeBufferPointer { column.append(ByteSlice($0)) }
      return
    }
    let text = String(decoding: cell, as: UTF8.self)
    if type == .number || type == .rate {
      guard let number = Double(text) else { throw unreadable }
      return column.append(number)
    }
    guard let integer = integer(text, type) else { throw unreadable }
    column.append(integer)
  }

  private static func integer(_ text: String, _ type: ResultType) -> Int64? {
    switch type {
    case .integer: Int64(text)
    case .decimal: millionths(text)
    case .timestamp, .date: TimeText.milliseconds(of: Array(text.utf8))
    case .boolean: text == "true" ? 1 : text == "false" ? 0 : nil
    case .interval: interval(text)
    case .text, .number, .rate: nil
    }
  }

  /// The milliseconds of `-2 days 03:04:05.678`.
  private static func interval(_ text: String) -> Int64? {
    let isNegative = text.hasPrefix("-")
    let words = (isNegative ? text.dropFirst() : text[...]).split(separator: " ")
    guard let clock = words.last, words.count == 1 || words.count == 3 else { return nil }
    let parts = clock.split(separator: ":")
    guard parts.count == 3, let hours = Int64(parts[0]), let minutes = Int64(parts[1]),
      let microseconds = millionths(String(parts[2])),
      let days = words.count == 3 ? Int64(words[0]) : 0
    else { return nil }
    // Whoever answered may not be a server of ours: what does not fit is no interval.
    return sum(days, 24, hours).flatMap { sum($0, 60, minutes) }
      .flatMap { sum($0, 60_000, microseconds / 1000) }
      .flatMap { sum($0, isNegative ? -1 : 1, 0) }
  }

  /// `value * factor + rest`; nil where it does not fit.
  private static func sum(_ value: Int64, _ factor: Int64, _ rest: Int64) -> Int64? {
    let (product, isLost) = value.multipliedReportingOverflow(by: factor)
    let (sum, overflows) = product.addingReportingOverflow(rest)
    return isLost || overflows ? nil : sum
  }

  /// The millionths of `-12.5`.
  private static func millionths(_ text: String) -> Int64? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    let fraction = parts.count == 2 ? parts[1] : ""
    guard parts.count <= 2, fraction.count <= 6 else { return nil }
    return Int64(parts[0] + fraction + String(repeating: "0", count: 6 - fraction.count))
  }

  private static func unescaped(_ cell: ArraySlice<UInt8>) -> [UInt8] {
    guard cell.contains(ASCII.backslash) else { return Array(cell) }
    var bytes: [UInt8] = []
    var isEscaped = false
    for byte in cell {
      if isEscaped {
        bytes.append(meaning(byte))
        isEscaped = false
      } else if byte == ASCII.backslash {
        isEscaped = true
      } else {
        bytes.append(byte)
      }
    }
    return bytes
  }

  /// What a byte after a backslash stands for.
  private static func meaning(_ letter: UInt8) -> UInt8 {
    switch letter {
    case UInt8(ascii: "0"): 0
    case UInt8(ascii: "b"): 0x08
    case UInt8(ascii: "t"): ASCII.tab
    case UInt8(ascii: "n"): ASCII.newline
    case UInt8(ascii: "f"): 0x0C
    case UInt8(ascii: "r"): ASCII.carriageReturn
    default: letter
    }
  }
}
