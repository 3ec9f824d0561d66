// What makes a whole event file or attribute file unreadable, as opposed to one line of it.

/// Why nothing of a file can be read. Whoever opened the file adds its name.
package enum EventFileError: Error, Equatable {
  /// The header lacks a column that every event needs.
  case missingColumn(String)
  /// Two columns have the same name.
  case duplicateColumn(String)
  /// An attribute's name cannot be written in a query, even after normalising it.
  case attributeName(String)
  /// The header has more than `Limits.columnCountMax` columns.
  case tooManyColumns
  /// The file's first record is no header, or there is none.
  case noHeader
}

extension EventFileError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .missingColumn(let name): "the required column '\(name)' is missing from the header"
    case .duplicateColumn(let name): "the column '\(name)' appears twice"
    case .attributeName(let name):
      "the attribute name '\(name)' is not made of a-z, 0-9 and _ (at most "
        + "\(Limits.attributeNameByteCountMax) of them, no digit first)"
    case .tooManyColumns: "more than \(Limits.columnCountMax) columns"
    case .noHeader: "there is no header to read"
    }
  }
}
