// An aligned table that fits a width without losing a column: headings break between words, text is cut, and columns
// that still find no room continue below, behind the first column once more.

internal import Query

struct PageTable {
  struct Column {
    let heading: String
    let cells: [String]
    let isRight: Bool
    /// Whether cells may be cut.
    let isText: Bool
  }

  private let columns: [Column]
  private let style: PageStyle

  private static let gap = "  "
  /// Text is not cut below this.
  private static let textWidthMin = 12

  init(_ columns: [Column], _ style: PageStyle) {
    self.columns = columns
    self.style = style
  }

  /// The first `rowCount` rows of an answer.
  init(_ table: ResultTable, rowCount: Int, _ style: PageStyle) {
    let columns = table.columns.map { column in
      Column(
        heading: PageText.heading(column.name),
        cells: (0..<rowCount).map { PageText.text(column, $0) },
        isRight: column.type.isNumeric, isText: column.type == .text)
    }
    self.init(columns, style)
  }

  var lines: [String] {
    guard !columns.isEmpty else { return [] }
    let plan = Layout(columns, style.width)
    return plan.blocks.enumerated().flatMap { index, block in
      (index > 0 ? [""] : []) + lines(of: block, plan)
    }
  }

  private func lines(of block: [Int], _ plan: Layout) -> [String] {
    let rules = block.map { String(repeating: "─", count: plan.widths[$0]) }
    let rowCount = columns[0].cells.count
    return headings(of: block, plan) + [style.dim(rules.joined(separator: PageTable.gap))]
      + (0..<rowCount).map { row in line(block, plan) { plan.cells[$0][row] } }
  }

  /// Headings of several lines stand at the bottom, above their values.
  private func headings(of block: [Int], _ plan: Layout) -> [String] {
    let height = block.map { plan.headings[$0].count }.max() ?? 0
    return (0..<height).map { index in
      let text = line(block, plan) { column in
        let lines = plan.headings[column]
        let place = index - (height - lines.count)
        return place < 0 ? "" : lines[place]
      }
      return style.bold(text)
    }
  }

  private func line(_ block: [Int], _ plan: Layout, _ text: (Int) -> String) -> String {
    let cells = block.map {
      PageText.fit(text($0), plan.widths[$0], isRight: columns[$0].isRight)
    }
    return PageText.trimmed(cells.joined(separator: PageTable.gap))
  }

  /// Widths, broken headings, and which columns stand beside each other.
  private struct Layout {
    private(set) var widths: [Int]
    private(set) var headings: [[String]]
    /// By column, cut to its width.
    private(set) var cells: [[String]]
    private(set) var blocks: [[Int]]

    init(_ columns: [Column], _ limit: Int?) {
      let values = columns.map { $0.cells.map(PageText.width).max() ?? 0 }
      headings = columns.map { [$0.heading] }
      cells = columns.map(\.cells)
      widths = zip(values, headings).map { max($0, Layout.width($1)) }
      blocks = [Array(columns.indices)]
      guard let limit, Layout.total(widths[...]) > limit else { return }
      for (index, column) in columns.enumerated() {
        let broken = column.heading.split(separator: " ").map(String.init)
        let room = max(values[index], Layout.width(broken))
        headings[index] = PageText.wrap(column.heading, room)
        widths[index] = room
      }
      shrink(columns, limit)
      blocks = fill(columns, limit)
      for index in columns.indices where widths[index] < values[index] {
        cells[index] = PageText.cut(cells[index], widths[index])
      }
    }

    /// Cuts texts, the widest first, while that can make room for everything; else to what a table of several blocks
    /// can bear.
    private mutating func shrink(_ columns: [Column], _ limit: Int) {
      let texts = columns.indices.filter { columns[$0].isText }
      let least = columns.indices.map {
        columns[$0].isText ? min(widths[$0], textWidthMin) : widths[$0]
      }
      guard Layout.total(least[...]) <= limit else {
        for index in texts { widths[index] = min(widths[index], max(textWidthMin, limit / 3)) }
        return
      }
      while Layout.total(widths[...]) > limit {
        guard let widest = texts.max(by: { widths[$0] < widths[$1] }) else { return }
        widths[widest] -= 1
      }
    }

    private func fill(_ columns: [Column], _ limit: Int) -> [[Int]] {
      var blocks: [[Int]] = []
      var block: [Int] = []
      for index in columns.indices {
        let next = block + [index]
        if block.count > 1 || (blocks.isEmpty && !block.isEmpty),
          Layout.total(next.map { widths[$0] }[...]) > limit
        {
          blocks.append(block)
          block = [0]
        }
        block.append(index)
      }
      return blocks + [block]
    }

    private static func width(_ heading: [String]) -> Int {
      heading.map(PageText.width).max() ?? 0
    }

    private static func total(_ widths: ArraySlice<Int>) -> Int {
      widths.reduce(0, +) + gap.count * max(0, widths.count - 1)
    }
  }
}
