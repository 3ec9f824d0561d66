// A query that cannot be answered: what is wrong, where, and how to go on.

package struct QueryError: Error, Equatable, Sendable {
  /// One line: control bytes of quoted query text are escaped.
  package let message: String
  /// Byte offsets into the query's text; empty at the end when the text stops too early.
  package let range: Range<Int>
  /// What to write instead, where that can be guessed.
  package let hint: String?
  package let kind: Kind

  /// What went wrong, for programs. Raw values are the codes of the line protocol.
  package enum Kind: String, Sendable {
    /// The query is not understood, or has no meaning.
    case query = "QUERY"
    /// The answer would be larger than a limit.
    case limit = "LIMIT"
    case timeout = "TIMEOUT"
    case cancelled = "CANCELLED"
    /// A file of the data directory cannot be read, or is not what was written.
    case damaged = "DAMAGED"
  }

  package init(
    _ message: String, at range: Range<Int>, hint: String? = nil, kind: Kind = .query
  ) {
    self.kind = kind
    self.message = DisplayText.escape(message)
    self.range = range
    self.hint = hint.map { DisplayText.escape($0) }
  }

  package init(_ message: String, at place: Place, hint: String? = nil) {
    self.init(message, at: place.range, hint: hint)
  }

  /// Message and hint on one line.
  package var summary: String {
    guard let hint else { return message }
    return "\(message): \(hint)"
  }
}

extension QueryError {
  /// The error for a name that is none of `names`; `noun` says what it should have been
  /// ("setting"). It names the one that was probably meant, or else all there are.
  package static func unknown(
    _ noun: String, _ name: Identifier, among names: [String]
  ) -> QueryError {
    let nearest = Spelling.suggestion(for: name.text, in: names)
    return QueryError(
      "unknown \(noun) \(Spelling.quote(name.text))", at: name.place,
      hint: nearest.map { "did you mean '\($0)'?" }
        ?? "there is \(names.joined(separator: ", "))")
  }

  /// The error for a column that is none of `names`. Text in double quotes is the usual cause, and
  /// the hint says so.
  package static func unknownColumn(_ name: ColumnName, among names: [String]) -> QueryError {
    let quoted = Spelling.quote(name.text)
    let message = "unknown column \(quoted)"
    if let nearest = Spelling.suggestion(for: name.text, in: names) {
      return QueryError(message, at: name.place, hint: "did you mean '\(nearest)'?")
    }
    let hint = "double quotes make a name; text is written \(quoted)"
    return QueryError(message, at: name.place, hint: name.place.isQuoted ? hint : nil)
  }
}
