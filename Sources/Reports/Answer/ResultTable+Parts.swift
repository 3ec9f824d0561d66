// Tables made of tables: answers on top of each other, and a column of one text in front.

internal import Base
internal import Query

extension ResultTable {
  /// The rows of all `tables`, and in front of them a column `name` with the key of each one's table; nil when their
  /// columns differ.
  init?(stacking tables: [ResultTable], under keys: [String], as name: String) {
    guard let first = tables.first else { return nil }
    let shape = first.columns.map { ResultColumn(name: $0.name, type: $0.type, zone: $0.zone) }
    var columns = [ResultColumn(name: name, type: .text)] + shape
    for (key, table) in zip(keys, tables) {
      let isAlike = table.columns.elementsEqual(shape) { $0.name == $1.name && $0.type == $1.type }
      guard isAlike else { return nil }
      for row in 0..<table.rowCount {
        columns[0].append(key)
        for (index, column) in table.columns.enumerated() {
          columns[index + 1].append(column.cell(row))
        }
      }
    }
    self.init(columns: columns)
  }

  /// The same rows with a column of one text in front.
  func prefixed(_ name: String, _ text: String) -> ResultTable {
    var column = ResultColumn(name: name, type: .text)
    for _ in 0..<rowCount { column.append(text) }
    return ResultTable(columns: [column] + columns)
  }

  /// One row of texts.
  init(_ texts: [(name: String, text: String)]) {
    self.init(
      columns: texts.map { name, text in
        var column = ResultColumn(name: name, type: .text)
        column.append(text)
        return column
      })
  }
}

extension ResultColumn {
  /// Appends a value of the column's own type.
  mutating func append(_ cell: ResultCell) {
    switch cell {
    case .null: appendNull()
    case .integer(let value): append(value)
    case .number(let value): append(value)
    case .text(let bytes): bytes.withUnsafeBufferPointer { append(ByteSlice($0)) }
    }
  }
}
