// A value of a parameter, and the literal that stands for it in a query. Nothing else ever takes the
// place of a parameter, so no value can become a part of the language.

internal import Base
internal import Query

package enum ReportValue: Hashable, Sendable {
  case text(String)
  case integer(Int64)
  /// Days since 1970-01-01.
  case date(Int)

  /// Reads what somebody wrote; nil when it is no value of that kind.
  package init?(_ text: String, _ kind: ReportParameter.Kind) {
    switch kind {
    case .text: self = .text(text)
    case .integer:
      // The smallest has no literal: its digits without the sign are too many.
      guard let value = Int64(text), value != .min else { return nil }
      self = .integer(value)
    case .date:
      guard let days = TimeText.days(of: Array(text.utf8)) else { return nil }
      self = .date(days)
    }
  }

  /// The value as people write it.
  package var shown: String {
    switch self {
    case .text(let text): text
    case .integer(let value): "\(value)"
    case .date(let days): CivilTime.formatDate(CivilDate(daysSinceEpoch: days))
    }
  }

  /// The literal in a query; a missing value is NULL.
  static func literal(_ value: ReportValue?) -> String {
    switch value {
    case nil: "NULL"
    case .text(let text):
      "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''")
        + "'"
    // Two signs in a row would begin a comment.
    case .integer(let value): value < 0 ? "(\(value))" : "\(value)"
    case .date: "DATE '\(value?.shown ?? "")'"
    }
  }
}

extension ReportParameter.Kind {
  /// What a value is, for errors.
  var noun: String {
    switch self {
    case .text: "a text"
    case .integer: "a whole number"
    case .date: "a date such as 2026-03-14"
    }
  }
}
