// Shows a query's error under the query, with a caret below the place.

internal import Base

extension QueryError {
  /// Line and column of the error in `text`, both counted from 1; columns are characters (Unicode
  /// scalars).
  package func position(in text: [UInt8]) -> (line: Int, column: Int) {
    let start = min(range.lowerBound, text.count)
    let before = text[..<start]
    let lineStart = before.lastIndex(of: ASCII.newline).map { $0 + 1 } ?? 0
    let line = before.count { $0 == ASCII.newline } + 1
    let column = before[lineStart...].count { $0 & 0xC0 != 0x80 } + 1
    return (line, column)
  }

  /// Three lines without a final newline: `line:column: message`, the query's line, the caret.
  ///
  ///     1:8: unknown column 'campain': did you mean 'campaign'?
  ///       SELECT campain FROM events
  ///              ^^^^^^^
  ///
  /// A long line is cut around the place; control bytes are escaped.
  /// - Parameters:
  ///   - line: where the text begins, of what it is a part of.
  ///   - column: the same, for its first line.
  package func rendered(in text: [UInt8], line: Int = 1, column: Int = 1) -> String {
    let position = position(in: text)
    let excerpt = Excerpt(of: text, around: range)
    let columnOffset = position.line == 1 ? column - 1 : 0
    return """
      \(position.line + line - 1):\(position.column + columnOffset): \(summary)
        \(excerpt.text)
        \(excerpt.caret)
      """
  }

  /// The same for a query held as text.
  package func rendered(in text: String) -> String { rendered(in: Array(text.utf8)) }
}

/// The part of the query's line that is shown, and the marks under it.
private struct Excerpt {
  private(set) var text = ""
  private(set) var caret = ""

  private static let columnsBefore = 40
  private static let columnsMax = 90

  init(of text: [UInt8], around range: Range<Int>) {
    let start = min(range.lowerBound, text.count)
    let lineStart = text[..<start].lastIndex(of: ASCII.newline).map { $0 + 1 } ?? 0
    let lineEnd = text[start...].firstIndex(of: ASCII.newline) ?? text.count
    var shownFrom = lineStart
    if start - lineStart > Excerpt.columnsBefore, lineEnd - lineStart > Excerpt.columnsMax {
      shownFrom = Excerpt.boundary(in: text, at: start - Excerpt.columnsBefore)
    }
    let shownTo = Excerpt.boundary(
      in: text, at: min(lineEnd, max(shownFrom + Excerpt.columnsMax, start)))
    let end = min(max(range.upperBound, start), shownTo)
    let before = Excerpt.display(text[shownFrom..<start])
    let marked = Excerpt.display(text[start..<max(start, end)])
    let after = Excerpt.display(text[max(start, end)..<max(shownTo, start)])
    let head = shownFrom > lineStart ? "…" : ""
    self.text = head + before.text + marked.text + after.text + (shownTo < lineEnd ? "…" : "")
    let indent = before.width + (head.isEmpty ? 0 : 1)
    caret = String(repeating: " ", count: indent)
    caret += String(repeating: "^", count: max(1, marked.width))
  }

  /// The nearest place at or before `offset` where no character is cut.
  private static func boundary(in text: [UInt8], at offset: Int) -> Int {
    var offset = offset
    while offset > 0, offset < text.count, text[offset] & 0xC0 == 0x80 { offset -= 1 }
    return offset
  }

  private static func display(_ bytes: ArraySlice<UInt8>) -> (text: String, width: Int) {
    let plain = bytes.map { $0 == ASCII.tab ? ASCII.space : $0 }
    var shown: [UInt8] = []
    let width = plain.withUnsafeBufferPointer {
      DisplayText.append(ByteSlice($0), limit: .max, to: &shown)
    }
    return (String(decoding: shown, as: UTF8.self), width)
  }
}
