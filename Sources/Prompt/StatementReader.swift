// Puts lines together until they are statements: one may stand on several lines, and several on one. A line that is a
// whole statement needs no `;`.

internal import Base
internal import Query

package struct StatementReader: Sendable {
  package enum Entry: Equatable, Sendable {
    /// A query.
    case query(StatementText)
    /// `SET name = value`, without the SET.
    case settings(StatementText)
    /// `FORMAT name`, without the FORMAT.
    case format(String)
    case help
    case quit
  }

  /// What was begun and is not given out yet.
  private var begun: StatementText?
  private var lineCount = 0

  package init() {}

  /// Whether a statement is begun.
  package var isBegun: Bool { begun != nil }

  /// Takes a line, and gives out what it ends. A statement without `;` may go on in the next line: `pause` or
  /// `finish` gives it out.
  package mutating func add(_ line: [UInt8]) -> [Entry] {
    lineCount += 1
    if String(decoding: line, as: UTF8.self).allSatisfy(\.isWhitespace) { return finish() }
    if let begun {
      if StatementReader.isContinued(begun, by: line) { return take(begun.appending(line: line)) }
      return finish() + begin(line)
    }
    return begin(line)
  }

  package mutating func add(_ line: String) -> [Entry] { add(Array(line.utf8)) }

  /// Nothing more is there yet: gives out what is a statement, or can never become one.
  package mutating func pause() -> [Entry] { begun?.state == .incomplete ? [] : finish() }

  /// Nothing more comes, of the statement at least: gives out what was begun.
  package mutating func finish() -> [Entry] {
    defer { begun = nil }
    return begun.map { [.query($0)] } ?? []
  }

  /// Forgets what was begun.
  package mutating func reset() { begun = nil }

  private mutating func begin(_ line: [UInt8]) -> [Entry] {
    let text = StatementText(line, line: lineCount)
    return StatementReader.command(text).map { [$0] } ?? take(text)
  }

  private mutating func take(_ text: StatementText) -> [Entry] {
    let (closed, rest) = text.statements
    begun = rest
    let entries = closed.map { Entry.query($0) }
    // Beyond the longest query there is nothing to wait for.
    let isTooLong = (rest?.bytes.count ?? 0) > LanguageLimits.textByteCountMax
    return isTooLong ? entries + finish() : entries
  }

  /// Whether a line goes on with a statement: whether its first word may stand there.
  private static func isContinued(_ begun: StatementText, by line: [UInt8]) -> Bool {
    let indent = line.prefix { $0 == ASCII.space || $0 == ASCII.tab }.count
    let word = line.dropFirst(indent).prefix(while: Lexer.continuesWord).map(ASCII.lowercase)
    if line.dropFirst(indent).starts(with: "--".utf8) { return true }
    if begun.state == .broken {
      let isBeginning = word == Array("select".utf8) || word == Array("explain".utf8)
      return !isBeginning && command(StatementText(line)) == nil
    }
    do throws(QueryError) {
      _ = try Parser.statement(begun.appending(line: line).bytes)
      return true
    } catch {
      return error.range.lowerBound > begun.bytes.count + 1 + indent
    }
  }

  private static func command(_ line: StatementText) -> Entry? {
    let words = line.text.split(maxSplits: 1, whereSeparator: \.isWhitespace)
    let word = words[0].lowercased()
    let rest = words.count > 1 ? words[1].drop(while: \.isWhitespace) : ""
    let end = rest.lastIndex { !$0.isWhitespace }
    let written = end.map { rest[...$0] } ?? rest
    let argument = written.hasSuffix(";") ? written.dropLast() : written
    switch word {
    case "\\q", "quit", "exit", "quit;", "exit;": return .quit
    case "\\h", "\\?", "help", "help;": return .help
    case "set":
      let column = line.text[..<argument.startIndex].unicodeScalars.count + 1
      return .settings(StatementText(String(argument), line: line.line, column: column))
    case "format": return .format(String(argument).trimmed)
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
