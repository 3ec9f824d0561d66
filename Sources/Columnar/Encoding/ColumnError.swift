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
    /// Widths of groups that do not add up to what the header says.
    case groups
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

extension ColumnError: CustomStringConvertible {
  package var description: String {
    let problem =
      switch reason {
      case .truncated: "it ends too early"
      case .rowCount: "it has more rows than there can be"
      case .encoding: "an encoding that is none"
      case .header: "a header that contradicts itself"
      case .runs: "runs that do not add up to the rows"
      case .groups: "groups whose widths do not add up"
      case .code: "a code beyond the block's dictionary"
      case .payload: "a payload of another length than its headers say"
      case .zone: "a value outside the block's zone"
      }
    return "\(problem), at byte \(offset)"
  }
}
