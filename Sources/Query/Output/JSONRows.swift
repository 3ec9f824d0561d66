// JSON, as one document or as one object per line. Always valid UTF-8: what is none becomes U+FFFD.

internal import Base

struct JSONRows: RowWriter {
  private let columns: [WrittenColumn]
  private let rowCount: Int
  private let isOneDocument: Bool
  /// `{"name":` of the first column, `,"name":` of the others, escaped once.
  private let keys: [[UInt8]]

  init(_ table: ResultTable, isOneDocument: Bool) {
    columns = table.columns.map { WrittenColumn($0) }
    rowCount = table.rowCount
    self.isOneDocument = isOneDocument
    let names = JSONRows.uniqueNames(of: columns)
    keys = names.enumerated().map { index, name in
      var key: [UInt8] = [index == 0 ? ASCII.openBrace : ASCII.comma]
      JSONRows.appendText(name, to: &key)
      return key + [ASCII.colon]
    }
  }

  func appendHead(to output: inout [UInt8]) {
    guard isOneDocument else { return }
    output.append(contentsOf: "{\"columns\":[".utf8)
    for (index, name) in JSONRows.uniqueNames(of: columns).enumerated() {
      if index > 0 { output.append(ASCII.comma) }
      output.append(contentsOf: "{\"name\":".utf8)
      JSONRows.appendText(name, to: &output)
      output.append(contentsOf: ",\"type\":\"\(columns[index].type.rawValue)\"}".utf8)
    }
    output.append(contentsOf: "],\"rows\":[".utf8)
  }

  func append(_ row: Int, to output: inout [UInt8]) {
    if isOneDocument {
      if row > 0 { output.append(ASCII.comma) }
      output.append(ASCII.newline)
    }
    for (key, column) in zip(keys, columns) {
      output.append(contentsOf: key)
      appendValue(row, of: column, to: &output)
    }
    output.append(contentsOf: (keys.isEmpty ? "{}" : "}").utf8)
    if !isOneDocument { output.append(ASCII.newline) }
  }

  func appendTail(to output: inout [UInt8]) {
    guard isOneDocument else { return }
    output.append(contentsOf: (rowCount == 0 ? "]}\n" : "\n]}\n").utf8)
  }

  private func appendValue(_ row: Int, of column: WrittenColumn, to output: inout [UInt8]) {
    guard !column.isNull(row) else { return appendNull(to: &output) }
    switch column.type {
    case .text:
      column.withText(row) { JSONRows.appendText($0, to: &output) }
    case .timestamp, .date, .interval:
      output.append(ASCII.quote)
      column.appendPlain(row, to: &output)
      output.append(ASCII.quote)
    case .number, .rate:
      // JSON has no words for these two.
      let isFinite = column.number(row).isFinite
      guard isFinite else { return appendNull(to: &output) }
      column.appendPlain(row, to: &output)
    case .integer, .decimal, .boolean:
      column.appendPlain(row, to: &output)
    }
  }

  private func appendNull(to output: inout [UInt8]) { output.append(contentsOf: "null".utf8) }

  /// The columns' names, with `_2`, `_3`, ... after repeated ones: an object's keys must differ.
  private static func uniqueNames(of columns: [WrittenColumn]) -> [String] {
    var used: Set<String> = []
    return columns.map { column in
      var name = column.name
      var number = 1
      while !used.insert(name).inserted {
        number += 1
        name = "\(column.name)_\(number)"
      }
      return name
    }
  }

  private static func appendText(_ text: String, to output: inout [UInt8]) {
    let bytes = Array(text.utf8)
    bytes.withUnsafeBufferPointer { appendText(ByteSlice($0), to: &output) }
  }

  private static func appendText(_ text: ByteSlice, to output: inout [UInt8]) {
    output.append(ASCII.quote)
    var clean = 0
    var index = 0
    while index < text.count {
      let byte = text[index]
      if byte >= 0x20, byte < 0x80, byte != ASCII.quote, byte != ASCII.backslash {
        index &+= 1
        continue
      }
      let step = UTF8Scan.step(in: text, at: index)
      if case .scalar(let value, _) = step, value >= 0x80 {
        index &+= step.byteCount
        continue
      }
      output.append(contentsOf: text.slice(from: clean, to: index).buffer)
      appendEscaped(step, to: &output)
      index &+= step.byteCount
      clean = index
    }
    output.append(contentsOf: text.suffix(from: clean).buffer)
    output.append(ASCII.quote)
  }

  private static func appendEscaped(_ step: UTF8Step, to output: inout [UInt8]) {
    guard case .scalar(let value, _) = step else {
      output.append(contentsOf: "\u{FFFD}".utf8)
      return
    }
    switch value {
    case 0x08: output.append(contentsOf: "\\b".utf8)
    case 0x09: output.append(contentsOf: "\\t".utf8)
    case 0x0A: output.append(contentsOf: "\\n".utf8)
    case 0x0C: output.append(contentsOf: "\\f".utf8)
    case 0x0D: output.append(contentsOf: "\\r".utf8)
    case 0x22, 0x5C: output.append(contentsOf: [ASCII.backslash, UInt8(value)])
    default:
      output.append(contentsOf: "\\u00".utf8)
      output.append(DisplayText.hexDigits[Int(value >> 4)])
      output.append(DisplayText.hexDigits[Int(value & 15)])
    }
  }
}
