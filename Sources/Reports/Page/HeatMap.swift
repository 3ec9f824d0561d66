// A grid with shaded cells. Wide cells show their number; narrow ones are a block of colour or of `░▒▓█`, with bars for
// the totals below.

internal import Query

struct HeatMap {
  private let grid: Grid
  private let style: PageStyle
  private let scale: HeatScale
  private let layout: Layout

  private static let gap = "  "

  init(_ grid: Grid, _ style: PageStyle) {
    self.grid = grid
    self.style = style
    scale = HeatScale(grid, hasColors: style.hasColors)
    layout = Layout(grid, style.width)
  }

  var lines: [String] {
    var lines = [heading]
    let labels = PageText.cut(grid.rows.labels, layout.labelWidth)
    lines += labels.indices.map { line($0, labels[$0]) }
    if let totals = layout.totals { lines.append(footer(totals)) }
    let hiddenCount = grid.columns.labels.count - layout.columnCount
    if hiddenCount > 0 {
      lines.append("\(hiddenCount) more \(hiddenCount == 1 ? "column" : "columns") would not fit")
    }
    let legend = scale.legend
    return legend.isEmpty ? lines : lines + [""] + flow(legend)
  }

  /// Labels of columns too narrow for theirs are left out where they would touch.
  private var heading: String {
    var text = ""
    for (index, label) in grid.columns.labels.prefix(layout.columnCount).enumerated() {
      let end = (index + 1) * layout.cellWidth - (layout.hasNumbers ? 1 : 0)
      let width = min(PageText.width(label), max(layout.cellWidth - 1, 2))
      let start = layout.hasNumbers ? end - width : index * layout.cellWidth
      guard start >= PageText.width(text) + (text.isEmpty ? 0 : 1) else { continue }
      text = PageText.fit(text, start) + PageText.fit(label, width)
    }
    let cells = PageText.fit(text, layout.columnCount * layout.cellWidth)
    let total = layout.totals.map { _ in
      HeatMap.gap + PageText.fit("all", layout.totalWidth, isRight: true)
    }
    let blank = String(repeating: " ", count: layout.labelWidth)
    return style.bold(PageText.trimmed(blank + HeatMap.gap + cells + (total ?? "")))
  }

  private func line(_ row: Int, _ label: String) -> String {
    let cells = (0..<layout.columnCount).map { column in
      let place = grid.place(row, column)
      let text = layout.hasNumbers ? place.map { PageText.text(grid.value, $0) } ?? "" : nil
      return scale.cell(grid.number(row, column), text, width: layout.cellWidth)
    }
    let head = PageText.fit(
      PageText.trimmed(label), layout.labelWidth, isRight: grid.rows.isNumeric && !hasNames)
    let total = layout.totals.map { totals in
      HeatMap.gap
        + PageText.fit(
          HeatScale.text(totals.rows[row], grid.value.type), layout.totalWidth, isRight: true)
    }
    return PageText.trimmed(head + HeatMap.gap + cells.joined() + (total ?? ""))
  }

  /// Whether the rows' labels are words although their values are numbers.
  private var hasNames: Bool { grid.rows.labels.contains { $0.first?.isLetter == true } }

  private func footer(_ totals: Grid.Totals) -> String {
    let largest = totals.columns.prefix(layout.columnCount).max() ?? 0
    let cells = totals.columns.prefix(layout.columnCount).map { total in
      layout.hasTotals
        ? PageText.fit(
          HeatScale.text(total, grid.value.type), layout.cellWidth - 1, isRight: true) + " "
        : HeatScale.bar(total, of: largest, width: layout.cellWidth)
    }
    let all = PageText.fit(
      HeatScale.text(totals.all, grid.value.type), layout.totalWidth, isRight: true)
    return PageText.fit("all", layout.labelWidth) + HeatMap.gap + cells.joined() + HeatMap.gap + all
  }

  /// Pieces of the legend on as many lines as they need; colours take no room.
  private func flow(_ pieces: [String]) -> [String] {
    var lines: [String] = []
    var line = ""
    var used = 0
    for piece in pieces {
      let width = PageText.width(HeatMap.uncolored(piece)) + 3
      if let limit = style.width, used > 0, used + width > limit {
        lines.append(line)
        (line, used) = ("", 0)
      }
      line += (used > 0 ? "   " : "") + piece
      used += width
    }
    return lines + [line]
  }

  private static func uncolored(_ text: String) -> String {
    var isEscape = false
    return text.filter { character in
      if character == "\u{1B}" { isEscape = true }
      defer { if isEscape, character == "m" { isEscape = false } }
      return !isEscape
    }
  }

  /// Widths that fit the page.
  private struct Layout {
    let labelWidth: Int
    let cellWidth: Int
    let columnCount: Int
    let hasNumbers: Bool
    /// Whether the totals of columns fit their cells.
    let hasTotals: Bool
    let totals: Grid.Totals?
    let totalWidth: Int

    init(_ grid: Grid, _ limit: Int?) {
      let totals = grid.totals
      self.totals = totals
      let totalWidth =
        totals.map { max(3, HeatScale.text($0.all, grid.value.type).count) } ?? 0
      let labels = grid.rows.labels.map(PageText.width).max() ?? 0
      let labelWidth = max(totals == nil ? 1 : 3, min(labels, max(12, (limit ?? .max) / 3)))
      self.labelWidth = labelWidth
      self.totalWidth = totalWidth
      let gaps = HeatMap.gap.count * (totals == nil ? 1 : 2)
      let room = limit.map { max(1, $0 - labelWidth - totalWidth - gaps) }
      let count = max(1, grid.columns.labels.count)
      let share = room.map { $0 / count } ?? .max
      let numbers = Layout.numberWidth(grid)
      let sums = max(numbers, Layout.sumWidth(totals, grid))
      hasNumbers = share >= numbers
      hasTotals = share >= sums
      let width = hasTotals ? sums : hasNumbers ? numbers : max(1, min(4, share))
      cellWidth = width
      columnCount = min(grid.columns.labels.count, room.map { max(1, $0 / width) } ?? .max)
    }

    /// A blank, the widest value or label, and a shade.
    private static func numberWidth(_ grid: Grid) -> Int {
      let values = grid.places.map { PageText.width(PageText.text(grid.value, $0)) }
      let labels = grid.columns.labels.map(PageText.width)
      return 2 + max(values.max() ?? 0, labels.max() ?? 0)
    }

    private static func sumWidth(_ totals: Grid.Totals?, _ grid: Grid) -> Int {
      let texts = totals?.columns.map { HeatScale.text($0, grid.value.type).count } ?? []
      return 2 + (texts.max() ?? 0)
    }
  }
}

extension Grid {
  /// Sums along both sides.
  struct Totals {
    let rows: [Double]
    let columns: [Double]
    let all: Double
  }

  /// Nil for values that do not add up, such as rates.
  var totals: Totals? {
    guard value.type == .integer || value.type == .decimal else { return nil }
    let sums = rows.labels.indices.map { row in
      columns.labels.indices.map { number(row, $0) ?? 0 }
    }
    return Totals(
      rows: sums.map { $0.reduce(0, +) },
      columns: columns.labels.indices.map { column in sums.reduce(0) { $0 + $1[column] } },
      all: sums.joined().reduce(0, +))
  }
}
