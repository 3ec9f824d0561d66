// Values and prose as they stand on a page.

internal import Base
internal import Query

enum PageText {
  /// NULL.
  static let missing = "–"

  static func text(_ column: ResultColumn, _ row: Int) -> String {
    plain(column.cell(row), column)
  }

  /// A value of `column`, with control bytes escaped.
  static func plain(_ cell: ResultCell, _ column: ResultColumn) -> String {
    var bytes: [UInt8] = []
    switch cell {
    case .null: return missing
    case .text(let text):
      text.withUnsafeBufferPointer {
        _ = DisplayText.append(ByteSlice($0), limit: .max, to: &bytes)
      }
    case .number(let value) where column.type == .rate: CellText.appendPercent(value, to: &bytes)
    case .number(let value): CellText.append(value, to: &bytes)
    case .integer(let value):
      switch column.type {
      case .decimal: CellText.appendDecimal(value, to: &bytes)
      case .timestamp: CellText.appendTimestamp(value, column.zone, to: &bytes)
      case .date: CellText.appendDate(value, to: &bytes)
      case .interval: CellText.appendInterval(value, to: &bytes)
      case .boolean: return value != 0 ? "true" : "false"
      default: CellText.append(value, to: &bytes)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// A column's name as a heading: `hard_bounced` as two words.
  static func heading(_ name: String) -> String {
    let words = DisplayText.escape(name).split(separator: "_")
    return words.isEmpty ? name : words.joined(separator: " ")
  }

  static func width(_ text: String) -> Int {
    let bytes = Array(text.utf8)
    return bytes.withUnsafeBufferPointer { DisplayText.width(of: ByteSlice($0)) }
  }

  /// `text` cut to `width` columns, or filled up with blanks.
  static func fit(_ text: String, _ width: Int, isRight: Bool = false) -> String {
    let bytes = Array(text.utf8)
    var shown: [UInt8] = []
    let used = bytes.withUnsafeBufferPointer {
      DisplayText.append(ByteSlice($0), limit: width, to: &shown)
    }
    let blanks = String(repeating: " ", count: max(0, width - used))
    let cut = String(decoding: shown, as: UTF8.self)
    return isRight ? blanks + cut : cut + blanks
  }

  /// `texts` cut to `width` columns so that as many as possible stay apart: at the end, at the beginning they share, or
  /// in the middle.
  static func cut(_ texts: [String], _ width: Int) -> [String] {
    let long = texts.filter { PageText.width($0) > width }
    let shared = long.dropFirst().reduce(long.first ?? "") { $0.commonPrefix(with: $1) }
    let ways: [(String) -> String] = [
      { fit($0, width) }, { beginning($0, min(shared.count, $0.count - width + 1), width) },
      { middle($0, width) },
    ]
    var best: [String] = []
    for way in ways {
      let cut = texts.map { PageText.width($0) > width ? way($0) : $0 }
      if Set(cut).count > Set(best).count { best = cut }
    }
    return best
  }

  private static func beginning(_ text: String, _ count: Int, _ width: Int) -> String {
    fit("…" + text.dropFirst(max(0, count)), width)
  }

  private static func middle(_ text: String, _ width: Int) -> String {
    let tail = (width - 1) / 2
    var head = Substring(text)
    while PageText.width(String(head)) > width - 1 - tail { head.removeLast() }
    var end = Substring(text)
    while PageText.width(String(end)) > tail { end.removeFirst() }
    return head + "…" + end
  }

  /// `text` on lines of at most `width` columns, broken between words.
  static func wrap(_ text: String, _ width: Int?) -> [String] {
    guard let width else { return text.isEmpty ? [] : [text] }
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      if !line.isEmpty, PageText.width(line) + 1 + PageText.width(String(word)) > width {
        lines.append(line)
        line = ""
      }
      line += line.isEmpty ? String(word) : " \(word)"
    }
    return line.isEmpty ? lines : lines + [line]
  }

  /// `line` without the blanks at its end.
  static func trimmed(_ line: String) -> String {
    var line = Substring(line)
    while line.last == " " { line.removeLast() }
    return String(line)
  }
}

extension String {
  fileprivate func commonPrefix(with other: String) -> String {
    String(zip(self, other).prefix { $0 == $1 }.map(\.0))
  }
}
