// How strong a value is shown: levels of equal size from 0 to the largest value, each a shade or a colour.

internal import Query

struct HeatScale {
  /// The largest value of the grid; 0 where nothing is above 0.
  let maximum: Double
  private let type: ResultType
  private let hasColors: Bool

  private static let shades: [Character] = ["░", "▒", "▓", "█"]
  /// Of the 256 colours, from dark blue to yellow; readable on light and on dark ground.
  private static let colors = [17, 24, 30, 36, 71, 149, 185, 227]
  /// From this level on, text on the colour is dark.
  private static let lightLevel = 5
  private static let bars: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

  init(_ grid: Grid, hasColors: Bool) {
    maximum = grid.places.reduce(0) { max($0, grid.number($1) ?? 0) }
    self.hasColors = hasColors
    type = grid.value.type
  }

  /// - Throws: when the values of a column are nothing that can be weak or strong.
  static func check(_ column: ResultColumn) throws(QueryError) {
    guard column.type.isNumeric || column.type == .interval else {
      throw QueryError(
        "a heat map shades numbers, \(Spelling.quote(column.name)) is a column of type "
          + column.type.rawValue, at: 0..<0, hint: "a crosstab shows every value")
    }
  }

  private var levelCount: Int {
    hasColors ? HeatScale.colors.count : HeatScale.shades.count
  }

  /// 0 for nothing, 1 for the weakest.
  private func level(_ value: Double) -> Int {
    guard value > 0, maximum > 0 else { return 0 }
    return min(levelCount, max(1, Int((value / maximum * Double(levelCount)).rounded(.up))))
  }

  /// A cell of `width` columns with `text` in it, or with nothing but its shade.
  func cell(_ value: Double?, _ text: String?, width: Int) -> String {
    let level = level(value ?? 0)
    guard level > 0 else { return PageText.fit(text == nil ? "·" : "· ", width, isRight: true) }
    if hasColors {
      return paint(PageText.fit(text.map { "\($0) " } ?? "", width, isRight: true), level)
    }
    let shade = HeatScale.shades[level - 1]
    guard let text else { return String(repeating: shade, count: width) }
    return PageText.fit(text, width - 1, isRight: true) + String(shade)
  }

  private func paint(_ text: String, _ level: Int) -> String {
    let ink = level >= HeatScale.lightLevel ? 16 : 231
    return "\u{1B}[48;5;\(HeatScale.colors[level - 1]);38;5;\(ink)m\(text)\u{1B}[0m"
  }

  /// What the shades stand for.
  var legend: [String] {
    guard maximum > 0 else { return [] }
    var last = ""
    return (1...levelCount).compactMap { level in
      let bound = bound(level)
      // Of few whole numbers, some levels have none.
      guard bound != last, bound != "0" else { return nil }
      last = bound
      let mark = hasColors ? paint("  ", level) : String(HeatScale.shades[level - 1])
      return "\(mark) to \(bound)"
    }
  }

  private func bound(_ level: Int) -> String {
    let value = maximum * Double(level) / Double(levelCount)
    return HeatScale.text(type == .integer ? value.rounded(.down) : value, type)
  }

  /// A number as the values of such a column are written.
  static func text(_ value: Double, _ type: ResultType) -> String {
    var bytes: [UInt8] = []
    switch type {
    case .integer, .interval:
      // A sum may be beyond all whole numbers.
      guard let whole = Int64(exactly: value.rounded()) else { return "\(value)" }
      if type == .interval {
        CellText.appendInterval(whole, to: &bytes)
      } else {
        CellText.append(whole, to: &bytes)
      }
    case .rate: CellText.appendPercent(value, to: &bytes)
    default: return "\((value * 100).rounded() / 100)"
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// A bar of `width` columns, as high as `value` is beside `maximum`.
  static func bar(_ value: Double, of maximum: Double, width: Int) -> String {
    guard value > 0, maximum > 0 else { return String(repeating: " ", count: width) }
    let step = Int((value / maximum * Double(bars.count)).rounded(.up))
    return String(repeating: bars[min(bars.count, max(1, step)) - 1], count: width)
  }
}
