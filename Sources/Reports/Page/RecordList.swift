// Rows as lists of names and values, for answers that are a few numbers.

internal import Query

struct RecordList {
  let table: ResultTable

  var lines: [String] {
    let headings = table.columns.map { PageText.heading($0.name) }
    let texts = (0..<table.rowCount).map { row in
      table.columns.map { PageText.text($0, row) }
    }
    let names = headings.map(PageText.width).max() ?? 0
    let values =
      zip(table.columns.indices, table.columns).map { index, column in
        column.type.isNumeric ? texts.map { PageText.width($0[index]) }.max() ?? 0 : 0
      }.max() ?? 0
    return texts.enumerated().flatMap { row, cells in
      (row > 0 ? [""] : [])
        + cells.enumerated().map { index, cell in
          let isRight = table.columns[index].type.isNumeric
          let value = isRight ? PageText.fit(cell, values, isRight: true) : cell
          return PageText.fit(headings[index], names) + "  " + value
        }
    }
  }
}
