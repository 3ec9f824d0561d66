// A report for people: titles, and each answer in the form its statement asks for.

internal import Query

struct Page {
  private let answer: ReportAnswer
  private let style: PageStyle

  init(_ answer: ReportAnswer, _ style: PageStyle) {
    self.answer = answer
    self.style = style
  }

  var lines: [String] {
    let title = DisplayText.escape(answer.report.title)
    var lines = PageText.wrap(title, style.width).map(style.bold)
    lines += prose(answer.report.about)
    for (name, value) in answer.given {
      lines.append(style.dim(DisplayText.escape("\(name) = \(value.shown)")))
    }
    for part in answer.parts { lines += [""] + self.lines(of: part) }
    return lines
  }

  private func prose(_ text: String) -> [String] {
    PageText.wrap(DisplayText.escape(text), style.width.map { min($0, 100) }).map(style.dim)
  }

  private func lines(of part: ReportAnswer.Part) -> [String] {
    let statement = part.statement
    var lines: [String] = []
    if !statement.title.isEmpty {
      let titles = PageText.wrap(DisplayText.escape(statement.title), style.width)
      let rule = String(repeating: "═", count: titles.map(PageText.width).max() ?? 0)
      lines += titles.map(style.bold) + [style.dim(rule)]
    }
    if !statement.about.isEmpty { lines += prose(statement.about) + [""] }
    return lines + body(of: part)
  }

  private func body(of part: ReportAnswer.Part) -> [String] {
    let table = part.table
    guard table.rowCount > 0 else { return ["none"] }
    switch part.statement.form {
    case .record: return RecordList(table: table).lines
    case .heatMap: return part.grid.map { HeatMap($0, style).lines } ?? []
    case .crosstab: return part.grid.map { PageTable($0, style).lines } ?? []
    case .table(let first):
      let shown = min(first ?? table.rowCount, table.rowCount)
      let lines = PageTable(table, rowCount: shown, style).lines
      guard shown < table.rowCount else { return lines }
      return lines + ["and \(table.rowCount - shown) more; --format tsv has all of them"]
    }
  }
}

extension PageTable {
  /// A grid as a table: the rows' values in front, a column for each of the columns'.
  init(_ grid: Grid, _ style: PageStyle) {
    let front = Column(
      heading: PageText.heading(grid.rows.name), cells: grid.rows.labels,
      isRight: grid.rows.isNumeric, isText: !grid.rows.isNumeric)
    let rest = grid.columns.labels.enumerated().map { index, label in
      Column(
        heading: label,
        cells: grid.rows.labels.indices.map { row in
          grid.place(row, index).map { PageText.text(grid.value, $0) } ?? PageText.missing
        },
        isRight: grid.value.type.isNumeric, isText: grid.value.type == .text)
    }
    self.init([front] + rest, style)
  }
}
