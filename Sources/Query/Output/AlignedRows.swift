// A table for people: aligned columns, numbers to the right, rates as percentages, and a line that
// says how many rows there are. Fits a terminal by cutting text first and leaving out columns at
// the right last.

internal import Base

struct AlignedRows: RowWriter {
  private let columns: [WrittenColumn]
  private let rowCount: Int
  /// The width of each column that is shown, in terminal columns.
  private let widths: [Int]
  private var scratch: [UInt8] = []

  /// Text is not cut below this.
  private static let textWidthMin = 12
  /// What stands between two columns: ` │ `.
  private static let gap = 3

  init(_ table: ResultTable, terminalWidth: Int?) {
    columns = table.columns.map { WrittenColumn($0) }
    rowCount = table.rowCount
    let natural = columns.map { AlignedRows.naturalWidth(of: $0, rowCount: table.rowCount) }
    widths = AlignedRows.fit(natural, types: columns.map(\.type), into: terminalWidth)
  }

  func appendHead(to output: inout [UInt8]) {
    guard !widths.isEmpty else { return }
    var cell: [UInt8] = []
    for (index, width) in widths.enumerated() {
      if index > 0 { output.append(contentsOf: " │ ".utf8) }
      let name = Array(columns[index].name.utf8)
      cell.removeAll(keepingCapacity: true)
      let used = name.withUnsafeBufferPointer {
        DisplayText.append(ByteSlice($0), limit: width, to: &cell)
      }
      append(cell, used, in: index, to: &output)
    }
    output.append(ASCII.newline)
    for (index, width) in widths.enumerated() {
      if index > 0 { output.append(contentsOf: "─┼─".utf8) }
      for _ in 0..<width { output.append(contentsOf: "─".utf8) }
    }
    output.append(ASCII.newline)
  }

  mutating func append(_ row: Int, to output: inout [UInt8]) {
    for index in widths.indices {
      if index > 0 { output.append(contentsOf: " │ ".utf8) }
      scratch.removeAll(keepingCapacity: true)
      let used = AlignedRows.appendCell(
        row, of: columns[index], limit: widths[index], to: &scratch)
      append(scratch, used, in: index, to: &output)
    }
    output.append(ASCII.newline)
  }

  func appendTail(to output: inout [UInt8]) {
    output.append(contentsOf: "\(rowCount) \(rowCount == 1 ? "row" : "rows")".utf8)
    let hiddenCount = columns.count - widths.count
    if hiddenCount > 0 {
      let noun = hiddenCount == 1 ? "column" : "columns"
      output.append(contentsOf: ", \(hiddenCount) more \(noun) would not fit".utf8)
    }
    output.append(ASCII.newline)
  }

  /// Appends `cell`, which is `used` columns wide, on the side where its column's values stand.
  private func append(_ cell: [UInt8], _ used: Int, in index: Int, to output: inout [UInt8]) {
    let blankCount = max(0, widths[index] - used)
    let isRight = columns[index].type.isNumeric
    if isRight { appendBlanks(blankCount, to: &output) }
    output.append(contentsOf: cell)
    let isLast = index == widths.count - 1
    if !isRight, !isLast { appendBlanks(blankCount, to: &output) }
  }

  private func appendBlanks(_ count: Int, to output: inout [UInt8]) {
    var index = 0
    while index < count {
      output.append(ASCII.space)
      index &+= 1
    }
  }

  private static func appendCell(
    _ row: Int, of column: WrittenColumn, limit: Int, to output: inout [UInt8]
  ) -> Int {
    if column.isNull(row) {
      output.append(contentsOf: "–".utf8)
      return 1
    }
    switch column.type {
    case .text: return column.withText(row) { DisplayText.append($0, limit: limit, to: &output) }
    case .rate: CellText.appendPercent(column.number(row), to: &output)
    default: column.appendPlain(row, to: &output)
    }
    return output.count
  }

  private static func naturalWidth(of column: WrittenColumn, rowCount: Int) -> Int {
    let name = Array(column.name.utf8)
    var width = name.withUnsafeBufferPointer { DisplayText.width(of: ByteSlice($0)) }
    var scratch: [UInt8] = []
    for row in 0..<rowCount {
      scratch.removeAll(keepingCapacity: true)
      width = max(width, appendCell(row, of: column, limit: .max, to: &scratch))
    }
    return width
  }

  /// Widths that fit `limit`: the widest text columns shrink first, then columns are dropped at the
  /// right. The first column always stays.
  private static func fit(_ natural: [Int], types: [ResultType], into limit: Int?) -> [Int] {
    guard let limit else { return natural }
    var widths = natural
    while total(widths) > limit {
      let shrinkable = widths.indices.filter { types[$0] == .text && widths[$0] > textWidthMin }
      guard let widest = shrinkable.max(by: { widths[$0] < widths[$1] }) else { break }
      // Down to the next narrower one at once would be quicker, but a terminal has few columns.
      widths[widest] = max(textWidthMin, widths[widest] - max(1, (total(widths) - limit) / 2))
    }
    while total(widths) > limit, widths.count > 1 { widths.removeLast() }
    if types.first == .text, let first = widths.first { widths[0] = min(first, max(1, limit)) }
    return widths
  }

  private static func total(_ widths: [Int]) -> Int {
    widths.reduce(0, +) + gap * max(0, widths.count - 1)
  }
}
