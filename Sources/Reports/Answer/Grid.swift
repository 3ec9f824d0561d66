// Rows of an answer laid out by two of its columns: what crosstabs and heat maps are drawn from.

internal import Base
internal import Query

struct Grid: Sendable {
  let rows: Axis
  let columns: Axis
  /// The type of the values, which decides how they are written.
  let value: ResultColumn
  /// By row and column, the row of `value`; nil where the answer has none.
  private(set) var cells: [[Int?]]

  init(_ table: ResultTable, _ axes: ReportAxes) throws(QueryError) {
    let rowKey = try Grid.column(axes.rows, of: table)
    let columnKey = try Grid.column(axes.columns, of: table)
    value = try Grid.column(axes.value, of: table)
    rows = Axis(rowKey)
    columns = Axis(columnKey)
    cells = Array(
      repeating: Array(repeating: nil, count: columns.labels.count), count: rows.labels.count)
    for row in 0..<table.rowCount {
      guard let i = rows.position(rowKey.cell(row)), let j = columns.position(columnKey.cell(row))
      else { continue }
      guard cells[i][j] == nil else {
        throw QueryError(
          "several values for \(axes.rows) \(rows.labels[i]) and "
            + "\(axes.columns) \(columns.labels[j])", at: 0..<0, hint: "GROUP BY these two")
      }
      cells[i][j] = row
    }
  }

  /// The value in a cell as a number; nil where there is none.
  func number(_ row: Int, _ column: Int) -> Double? {
    guard let place = cells[row][column] else { return nil }
    switch value.cell(place) {
    case .null, .text: return nil
    case .integer(let value):
      return self.value.type == .decimal ? Double(value) / 1e6 : Double(value)
    case .number(let value): return value
    }
  }

  private static func column(
    _ name: String, of table: ResultTable
  ) throws(QueryError) -> ResultColumn {
    if let column = table.columns.first(where: { $0.name == name }) { return column }
    throw .unknown("column", Identifier(name), among: table.columns.map(\.name))
  }
}

/// The values along one side of a grid.
struct Axis: Sendable {
  let name: String
  let labels: [String]
  /// Whether labels are written to the right.
  let isNumeric: Bool
  private let positions: [Key: Int]

  private enum Key: Hashable {
    case null
    case integer(Int64)
    case text(String)
  }

  /// Whole numbers in their order, everything else in the order of the answer, NULL last.
  init(_ column: ResultColumn) {
    name = column.name
    isNumeric = column.type == .integer
    var keys: [Key] = Axis.calendar(column)
    var known = Set(keys)
    for row in 0..<column.rowCount {
      let key = Axis.key(column.cell(row), column)
      if known.insert(key).inserted { keys.append(key) }
    }
    keys = Axis.sorted(keys)
    labels = keys.map { Axis.label($0, column.name) }
    positions = Dictionary(uniqueKeysWithValues: keys.enumerated().map { ($1, $0) })
    self.column = column
  }

  private let column: ResultColumn

  func position(_ cell: ResultCell) -> Int? { positions[Axis.key(cell, column)] }

  private static func sorted(_ keys: [Key]) -> [Key] {
    let numbers = keys.compactMap { if case .integer(let value) = $0 { value } else { nil } }
    let texts = keys.filter { if case .text = $0 { true } else { false } }
    return numbers.sorted().map { .integer($0) } + texts + (keys.contains(.null) ? [.null] : [])
  }

  private static func key(_ cell: ResultCell, _ column: ResultColumn) -> Key {
    if cell == .null { return .null }
    if column.type == .integer, case .integer(let value) = cell { return .integer(value) }
    return .text(PageText.plain(cell, column))
  }

  // MARK: Weekdays and hours

  /// All values of a column that is known to have few.
  private static func calendar(_ column: ResultColumn) -> [Key] {
    guard column.type == .integer else { return [] }
    if isWeekday(column.name) { return (1...7).map { .integer($0) } }
    if isHour(column.name) { return (0...23).map { .integer($0) } }
    return []
  }

  private static func label(_ key: Key, _ name: String) -> String {
    switch key {
    case .null: "–"
    case .text(let text): text
    case .integer(let value) where isWeekday(name) && (1...7).contains(value):
      weekdays[Int(value) - 1]
    case .integer(let value) where isHour(name) && (0...9).contains(value): "0\(value)"
    case .integer(let value): "\(value)"
    }
  }

  private static func isWeekday(_ name: String) -> Bool {
    name == "weekday" || name == "sent_weekday"
  }

  private static func isHour(_ name: String) -> Bool {
    name == "hour_of_day" || name == "sent_hour_of_day"
  }

  private static let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
}
