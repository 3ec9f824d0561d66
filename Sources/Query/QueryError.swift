// A query that cannot be answered: what is wrong, where, and how to go on.

package struct QueryError: Error, Equatable, Sendable {
  package var message: String
  /// Byte offsets into the query's text; empty at the end when the text stops too early.
  package var range: Range<Int>

  package init(_ message: String, at range: Range<Int>) {
    self.message = message
    self.range = range
  }
}
