// The answer to a query: columns of the same height.

package struct ResultTable: Sendable {
  package let columns: [ResultColumn]
  package let rowCount: Int

  /// All columns must have the same number of rows.
  package init(columns: [ResultColumn]) {
    rowCount = columns.first?.rowCount ?? 0
    for column in columns {
      precondition(column.rowCount == rowCount, "\(column.name) has \(column.rowCount) rows")
    }
    self.columns = columns
  }

  /// The values of one row, for code that is not in a hurry.
  package func row(_ row: Int) -> [ResultCell] { columns.map { $0.cell(row) } }
}
