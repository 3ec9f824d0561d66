// Puts lines together until they are a statement: a person may write one over several lines, with or without `;`.

internal import Base
internal import Query

package struct StatementReader: Sendable {
  package enum Entry: Equatable, Sendable {
    /// More lines are needed.
    case incomplete
    /// Nothing was written.
    case nothing
    /// A query.
    case query(String)
    /// `SET name = value`, without the SET.
    case settings(String)
    /// `FORMAT name`, without the FORMAT.
    case format(String)
    case help
    case quit
  }

  private var lines: [String] = []

  package init() {}

  /// Whether a statement is begun.
  package var isBegun: Bool { !lines.isEmpty }

  /// Takes a line.
  package mutating func add(_ line: String) -> Entry {
    let isBlank = line.allSatisfy(\.isWhitespace)
    if lines.isEmpty {
      if isBlank { return .nothing }
      if let command = StatementReader.command(line) { return command }
    }
    if !isBlank { lines.append(line) }
    let text = lines.joined(separator: "\n")
    guard isBlank || StatementReader.isEnough(Array(text.utf8)) else { return .incomplete }
    lines = []
    return .query(text)
  }

  /// Forgets what was begun.
  package mutating func reset() { lines = [] }

  /// Whether the text is a statement, or wrong in a way that no further line can mend.
  private static func isEnough(_ text: [UInt8]) -> Bool {
    if text.last(where: { $0 != ASCII.space && $0 != ASCII.tab }) == ASCII.semicolon { return true }
    do throws(QueryError) {
      _ = try Parser.statement(text)
      return true
    } catch {
      // What stops too early has its error behind the last byte.
      let last = text.lastIndex { $0 != ASCII.space && $0 != ASCII.tab && $0 != ASCII.newline }
      return !error.range.isEmpty || error.range.lowerBound <= last ?? 0
    }
  }

  private static func command(_ line: String) -> Entry? {
    let words = line.split(maxSplits: 1, whereSeparator: \.isWhitespace)
    let word = words[0].lowercased()
    let rest = words.count > 1 ? String(words[1]) : ""
    let argument = rest.hasSuffix(";") ? String(rest.dropLast()) : rest
    switch word {
    case "\\q", "quit", "exit", "quit;", "exit;": return .quit
    case "\\h", "\\?", "help", "help;": return .help
    case "set": return .settings(argument)
    case "format": return .format(argument.trimmed)
    default: return nil
    }
  }
}

extension String {
  /// Without blanks at its ends.
  fileprivate var trimmed: String {
    split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}
