// The formats of replies. docs/PROTOCOL.md, "Replies".

/// Raw values are the names that FORMAT takes.
package enum ReplyFormat: String, CaseIterable, Sendable {
  case tsv
  case csv
  case json
  /// Tab-separated, with the types of columns in the header line, so that values can be read back.
  case typed

  static let list = allCases.map(\.rawValue).joined(separator: ", ")
}
