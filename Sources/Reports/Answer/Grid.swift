// Rows of an answer laid out by two of its columns: what crosstabs and heat maps are drawn from.

internal import Base
internal import Query

struct Grid: Sendable {
  let rows: Axis
  let columns: Axis
  /// The type of the values, which decides how they are written.
  let value: ResultColumn
  /// By row and column, the row of `value`; few of all where both axes are long.
  private var cells: [Place: Int] = [:]

  /// A page with more cells is read by nobody.
  static let cellCountMax = 1_000_000

  private struct Place: Hashable {
    let row: Int
    let column: Int
  }

  init(_ table: ResultTable, _ axes: ReportAxes) throws(QueryError) {
    let rowKey = try Grid.column(axes.rows, of: table)
    let columnKey = try Grid.column(axes.columns, of: table)
    value = try Grid.column(axes.value, of: table)
    rows = Axis(rowKey)
    columns = Axis(columnKey)
    let (rowCount, columnCount) = (rows.labels.count, columns.labels.count)
    guard rowCount * columnCount <= Grid.cellCountMax else {
      throw QueryError(
        "\(rowCount) rows and \(columnCount) columns are more than \(Grid.cellCountMax) cells",
        at: 0..<0, hint: "ask for fewer values of each, or with --format tsv for the rows alone")
    }
    for row in 0..<table.rowCount {
      guard let i = rows.position(rowKey.cell(row)), let j = columns.position(columnKey.cell(row))
      else { continue }
      guard cells.updateValue(row, forKey: Place(row: i, column: j)) == nil else {
        throw QueryError(
          "several values for \(axes.rows) \(rows.labels[i]) and "
            + "\(axes.columns) \(columns.labels[j])", at: 0..<0, hint: "GROUP BY these two")
      }
    }
  }

  /// The row of `value` that belongs into a cell; nil where the answer has none.
  func place(_ row: Int, _ column: Int) -> Int? { cells[Place(row: row, column: column)] }

  /// The rows of `value` that stand in cells, in no order.
  var places: some Collection<Int> { cells.values }

  /// The value in a cell as a number; nil where there is none.
  func number(_ row: Int, _ column: Int) -> Double? { place(row, column).flatMap(number) }

  /// The value in a row of the answer as a number.
  func number(_ place: Int) -> Double? {
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
  /// By value, for different values may look alike: texts that are the same characters in other bytes, rounded rates.
  private let positions: [ResultCell: Int]

  /// Whole numbers in their order, everything else in the order of the answer, NULL last.
  init(_ column: ResultColumn) {
    name = column.name
    isNumeric = column.type == .integer
    var keys = Axis.calendar(column)
    var known = Set(keys)
    for row in 0..<column.rowCount {
      let key = column.cell(row)
      if known.insert(key).inserted { keys.append(key) }
    }
    keys = Axis.sorted(keys, column)
    labels = keys.map { Axis.label($0, column) }
    positions = Dictionary(uniqueKeysWithValues: keys.enumerated().map { ($1, $0) })
  }

  func position(_ cell: ResultCell) -> Int? { positions[cell] }

  private static func sorted(_ keys: [ResultCell], _ column: ResultColumn) -> [ResultCell] {
    var values = keys.filter { $0 != .null }
    if column.type == .integer {
      let numbers = values.compactMap { if case .integer(let value) = $0 { value } else { nil } }
      values = numbers.sorted().map { .integer($0) }
    }
    return values + (keys.contains(.null) ? [.null] : [])
  }

  // MARK: Weekdays and hours

  /// All values of a column that is known to have few.
  private static func calendar(_ column: ResultColumn) -> [ResultCell] {
    guard column.type == .integer else { return [] }
    if isWeekday(column.name) { return (1...7).map { .integer($0) } }
    if isHour(column.name) { return (0...23).map { .integer($0) } }
    return []
  }

  private static func label(_ key: ResultCell, _ column: ResultColumn) -> String {
    if column.type == .integer, case .integer(let value) = key {
      if isWeekday(column.name), (1...7).contains(value) { return weekdays[Int(value) - 1] }
      if isHour(column.name), (0...9).contains(value) { return "0\(value)" }
    }
    return PageText.plain(key, column)
  }

  private static func isWeekday(_ name: String) -> Bool {
    name == "weekday" || name == "sent_weekday"
  }

  private static func isHour(_ name: String) -> Bool {
    name == "hour_of_day" || name == "sent_hour_of_day"
  }

  private static let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
}
