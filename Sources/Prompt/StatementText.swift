// A statement as it was written, and where it begins in what somebody types or a script holds.

internal import Base
internal import Query

package struct StatementText: Equatable, Sendable {
  /// What is no UTF-8 is left to the language to refuse.
  package let bytes: [UInt8]
  /// Both are counted from 1; columns are characters (Unicode scalars).
  package let line: Int
  package let column: Int

  package init(_ bytes: [UInt8], line: Int = 1, column: Int = 1) {
    self.bytes = bytes
    self.line = line
    self.column = column
  }

  package init(_ text: String, line: Int = 1, column: Int = 1) {
    self.init(Array(text.utf8), line: line, column: column)
  }

  package var text: String { String(decoding: bytes, as: UTF8.self) }

  /// The same statement on one line, without its comments; nil when a text or a name in it goes over several.
  package var oneLine: String? {
    guard bytes.contains(ASCII.newline) else { return text }
    guard let tokens = try? Lexer.tokens(of: bytes) else { return nil }
    var line: [UInt8] = []
    var end = 0
    for range in tokens.map(\.place.range) {
      let gap = bytes[end..<range.lowerBound]
      line += gap.contains(ASCII.newline) ? [ASCII.space] : gap
      guard !bytes[range].contains(ASCII.newline) else { return nil }
      line += bytes[range]
      end = range.upperBound
    }
    return String(decoding: line, as: UTF8.self)
  }

  /// A part of it from a byte on, at its own place.
  func part(_ range: Range<Int>) -> StatementText {
    let before = bytes[..<range.lowerBound]
    let lineStart = before.lastIndex(of: ASCII.newline).map { $0 + 1 } ?? 0
    let lineCount = before.count { $0 == ASCII.newline }
    let columnCount = before[lineStart...].count { $0 & 0xC0 != 0x80 }
    return StatementText(
      Array(bytes[range]), line: line + lineCount,
      column: columnCount + (lineCount == 0 ? column : 1))
  }

  func appending(line: [UInt8]) -> StatementText {
    StatementText(bytes + [ASCII.newline] + line, line: self.line, column: column)
  }

  enum State {
    /// A statement.
    case whole
    /// Further lines may make it one.
    case incomplete
    /// Wrong in a way that no further line can mend.
    case broken
  }

  var state: State {
    do throws(QueryError) {
      _ = try Parser.statement(bytes)
      return .whole
    } catch {
      // What stops too early has its error behind the last byte.
      let last = bytes.lastIndex { $0 != ASCII.space && $0 != ASCII.tab && $0 != ASCII.newline }
      return error.range.isEmpty && error.range.lowerBound > last ?? 0 ? .incomplete : .broken
    }
  }

  /// The statements that end in `;`, and what follows them; comments before and between them are left out.
  ///
  /// What cannot be read as words and symbols stays together.
  var statements: (closed: [StatementText], rest: StatementText?) {
    guard let tokens = try? Lexer.tokens(of: bytes) else { return ([], self) }
    var closed: [StatementText] = []
    var start: Int?
    for token in tokens where token.kind != .end {
      let range = token.place.range
      if token.kind != .symbol(.semicolon) {
        start = start ?? range.lowerBound
      } else if let first = start {
        closed.append(part(first..<range.upperBound))
        start = nil
      }
    }
    return (closed, start.map { part($0..<bytes.count) })
  }
}
