// What is wrong with a report or with a value given to it.

internal import Base
internal import Query

package struct ReportError: Error, Equatable, CustomStringConvertible {
  /// One line, or, with a place in the file, three: the place and what is wrong, the line, a caret.
  package let description: String
  /// Whether the description begins with a place in the file.
  package let hasPlace: Bool
  /// Whether something else should have been written; otherwise there was nobody to answer.
  package let isWrongUsage: Bool

  package init(_ message: String, isWrongUsage: Bool = true) {
    description = DisplayText.escape(message)
    hasPlace = false
    self.isWrongUsage = isWrongUsage
  }

  /// An error at `range` of a report's text.
  init(_ message: String, at range: Range<Int>, of source: ReportSource, hint: String? = nil) {
    self.init(QueryError(message, at: range, hint: hint), of: source)
  }

  /// A query's error whose range is one of the report's text.
  init(_ error: QueryError, of source: ReportSource) {
    description = "\(DisplayText.escape(source.path)):\(error.rendered(in: source.text))"
    hasPlace = true
    isWrongUsage = true
  }

  /// The error for a name that is none of `names`, with the one that was meant, if that can be guessed.
  static func unknown(
    _ noun: String, _ name: String, at range: Range<Int>, of source: ReportSource,
    among names: [String]
  ) -> ReportError {
    ReportError(
      "unknown \(noun) \(Spelling.quote(name))", at: range, of: source,
      hint: suggestion(name, among: names)
        ?? (names.isEmpty ? nil : "there is \(names.joined(separator: ", "))"))
  }

  /// What was meant by `name`, as a question.
  static func suggestion(_ name: String, among names: [String]) -> String? {
    Spelling.suggestion(for: name, in: names).map { "did you mean '\($0)'?" }
  }
}
