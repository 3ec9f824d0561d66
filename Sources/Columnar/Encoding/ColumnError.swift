// What can be wrong with the bytes of a column, with the place.

package struct ColumnError: Error, Equatable, Sendable {
  package enum Reason: Equatable, Sendable {
    /// The bytes end before the column does.
    case truncated
    /// More rows than the reader allows.
    case rowCount
    /// An encoding number that is none.
    case encoding
    /// A header whose fields contradict each other or its encoding.
    case header
    /// Run lengths that are zero or do not add up to the block's rows.
    case runs
    /// A code that is no index into the block's dictionary.
    case code
    /// The payload's length is not what the headers add up to.
    case payload
    /// A value outside the block's minimum and maximum.
    case zone
  }

  package let reason: Reason
  /// Where, in bytes from the start of what the cursor reads.
  package let offset: Int

  package init(_ reason: Reason, offset: Int) {
    self.reason = reason
    self.offset = offset
  }
}
