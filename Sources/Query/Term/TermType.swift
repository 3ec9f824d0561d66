// The types of values inside a query. docs/SEMANTICS.md, "Types and operators".

enum TermType: String, Hashable, Sendable {
  /// Only NULL.
  case null
  case text
  case integer
  /// Millionths.
  case decimal
  case number
  case boolean
  /// UTC milliseconds.
  case timestamp
  /// UTC milliseconds of the day's first moment, as if the day were one of UTC.
  case date
  /// Milliseconds.
  case interval

  var isNumeric: Bool { self == .integer || self == .decimal || self == .number }

  var isTime: Bool { self == .timestamp || self == .date }

  /// How results show it.
  var resultType: ResultType {
    switch self {
    case .null, .text: .text
    case .integer: .integer
    case .decimal: .decimal
    case .number: .number
    case .boolean: .boolean
    case .timestamp: .timestamp
    case .date: .date
    case .interval: .interval
    }
  }

  init(_ type: ResultType) {
    switch type {
    case .text: self = .text
    case .integer: self = .integer
    case .decimal: self = .decimal
    case .number, .rate: self = .number
    case .boolean: self = .boolean
    case .timestamp: self = .timestamp
    case .date: self = .date
    case .interval: self = .interval
    }
  }
}
