// From the terms of WHERE to predicates: what compares one dimension with constants can be answered by dictionaries and
// zone maps, the rest is computed row by row.

internal import Base

extension Predicate {
  /// - Parameter isUTC: whether dates are days of UTC, so that they compare with times as they are.
  init(_ term: Term, isUTC: Bool) {
    switch term.node {
    case .and(let terms): self = .and(terms.map { Predicate($0, isUTC: isUTC) })
    case .or(let terms): self = .or(terms.map { Predicate($0, isUTC: isUTC) })
    case .not(let operand): self = .not(Predicate(operand, isUTC: isUTC))
    case .constant(let constant):
      self = .constant(constant == .null ? .unknown : Truth(constant == .integer(1)))
    default: self = Predicate.leaf(term, isUTC) ?? .term(term)
    }
  }

  private static func leaf(_ term: Term, _ isUTC: Bool) -> Predicate? {
    switch term.node {
    case .compare(let comparison, let left, let right):
      if let dimension = left.comparedDimension(isUTC), let constant = right.constant {
        return compare(comparison, dimension, constant, right.type)
      }
      if let dimension = right.comparedDimension(isUTC), let constant = left.constant {
        return compare(comparison.mirrored, dimension, constant, left.type)
      }
      return nil
    case .isNull(let operand):
      return operand.dimension.map { $0 == .time ? .constant(.no) : .test($0, .isNull) }
    case .isIn(let operand, let set):
      guard let dimension = operand.comparedDimension(isUTC), dimension != .time else {
        return nil
      }
      return .test(dimension, .isIn(set))
    case .isAmong(let operand, let set):
      return operand.dimension.map { .test($0, .isAmong(set)) }
    case .like(let operand, let pattern):
      return operand.dimension.map { .test($0, .like(pattern)) }
    case .column: return term.dimension.map { .test($0, .isTrue) }
    default: return nil
    }
  }

  private static func compare(
    _ comparison: Comparison, _ dimension: Dimension, _ constant: Constant, _ type: TermType
  ) -> Predicate? {
    if constant == .null { return .constant(.unknown) }
    guard dimension == .time else {
      return .test(dimension, .compare(comparison, Value(constant, type)))
    }
    guard case .integer(let time) = constant else { return nil }
    switch comparison {
    case .equal: return .during(time...time)
    case .less: return time == .min ? .constant(.no) : .during(.min...time - 1)
    case .lessOrEqual: return .during(.min...time)
    case .greater: return time == .max ? .constant(.no) : .during(time + 1...(.max))
    case .greaterOrEqual: return .during(time...(.max))
    case .notEqual: return nil
    }
  }

  /// Whether it looks at messages only.
  var isOfMessage: Bool {
    switch self {
    case .term(let term): term.isOfMessage
    case .and(let terms), .or(let terms): terms.allSatisfy(\.isOfMessage)
    case .not(let term): term.isOfMessage
    case .test(let dimension, _): dimension.isOfMessage
    case .during: false
    case .constant: true
    }
  }
}

extension Term {
  /// The dimension that it is.
  var dimension: Dimension? {
    if case .column(.dimension(let dimension)) = node { return dimension }
    return nil
  }

  /// The dimension that it is, or whose dates it takes as times.
  fileprivate func comparedDimension(_ isUTC: Bool) -> Dimension? {
    if let dimension { return dimension }
    guard isUTC, type == .timestamp, case .convert(let operand) = node, operand.type == .date
    else { return nil }
    return operand.dimension
  }

  /// Whether it reads dimensions of messages and nothing else.
  var isOfMessage: Bool { reads(only: \.isOfMessage) }
}

extension ColumnKey {
  /// Whether it is a dimension of messages.
  var isOfMessage: Bool {
    if case .dimension(let dimension) = self { dimension.isOfMessage } else { false }
  }
}

extension Value {
  init(_ constant: Constant, _ type: TermType) {
    switch constant {
    case .null: self = .null
    case .number(let value): self = .number(value)
    case .text(let bytes): self = .text(bytes)
    case .integer(let value):
      switch type {
      case .boolean: self = .boolean(value != 0)
      case .timestamp, .date: self = .time(value)
      default: self = .integer(value)
      }
    }
  }
}

extension Comparison {
  /// The comparison with its sides exchanged.
  var mirrored: Comparison {
    switch self {
    case .equal, .notEqual: self
    case .less: .greater
    case .lessOrEqual: .greaterOrEqual
    case .greater: .less
    case .greaterOrEqual: .lessOrEqual
    }
  }
}
