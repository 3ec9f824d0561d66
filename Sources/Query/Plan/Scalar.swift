// An expression over one result row: keys, measures and constants, computed after counting.

indirect enum Scalar: Equatable, Sendable {
  case constant(Value)
  /// A GROUP BY key, by its position.
  case key(Int)
  case measure(Measure)
  case negate(Scalar)
  case arithmetic(Arithmetic, Scalar, Scalar)
  case compare(Comparison, Scalar, Scalar)
  case and([Scalar])
  case or([Scalar])
  case not(Scalar)
  case isNull(Scalar)
  /// Whether the value is a boolean and this one.
  case isTruth(Scalar, Bool)
  case like(Scalar, LikePattern)
  /// Conditions and results in order, then the ELSE.
  case choose([(condition: Scalar, result: Scalar)], otherwise: Scalar)

  static func == (left: Scalar, right: Scalar) -> Bool {
    switch (left, right) {
    case (.constant(let a), .constant(let b)): a == b
    case (.key(let a), .key(let b)): a == b
    case (.measure(let a), .measure(let b)): a == b
    default: false
    }
  }
}

extension Scalar {
  /// The measures it needs.
  var measures: Set<Measure> {
    switch self {
    case .measure(let measure): [measure]
    case .constant, .key: []
    case .negate(let term), .not(let term), .isNull(let term), .isTruth(let term, _),
      .like(let term, _):
      term.measures
    case .arithmetic(_, let left, let right), .compare(_, let left, let right):
      left.measures.union(right.measures)
    case .and(let terms), .or(let terms): terms.reduce(into: []) { $0.formUnion($1.measures) }
    case .choose(let branches, let otherwise):
      branches.reduce(into: otherwise.measures) {
        $0.formUnion($1.condition.measures.union($1.result.measures))
      }
    }
  }

  /// The value, given those of keys and measures.
  func value(_ lookUp: (Scalar) -> Value) -> Value {
    switch self {
    case .constant(let value): return value
    case .key, .measure: return lookUp(self)
    case .negate(let term): return term.value(lookUp).negated
    case .arithmetic(let operation, let left, let right):
      return Value.compute(operation, left.value(lookUp), right.value(lookUp))
    case .isNull(let term): return .boolean(term.value(lookUp) == .null)
    case .isTruth(let term, let wanted): return .boolean(term.value(lookUp) == .boolean(wanted))
    case .choose(let branches, let otherwise):
      for branch in branches where branch.condition.value(lookUp) == .boolean(true) {
        return branch.result.value(lookUp)
      }
      return otherwise.value(lookUp)
    default:
      switch truth(lookUp) {
      case .yes: return .boolean(true)
      case .no: return .boolean(false)
      case .unknown: return .null
      }
    }
  }

  /// The truth of a condition.
  func truth(_ lookUp: (Scalar) -> Value) -> Truth {
    switch self {
    case .compare(let comparison, let left, let right):
      return Test.compare(comparison, right.value(lookUp)).truth(of: left.value(lookUp))
    case .and(let terms):
      return Truth(rawValue: terms.map { $0.truth(lookUp).rawValue }.min() ?? 2) ?? .yes
    case .or(let terms):
      return Truth(rawValue: terms.map { $0.truth(lookUp).rawValue }.max() ?? 0) ?? .no
    case .not(let term): return Truth(rawValue: 2 - term.truth(lookUp).rawValue) ?? .unknown
    case .like(let term, let pattern): return Test.like(pattern).truth(of: term.value(lookUp))
    default:
      guard case .boolean(let value) = value(lookUp) else { return .unknown }
      return Truth(value)
    }
  }
}

extension Value {
  fileprivate var negated: Value {
    switch self {
    case .integer(let value): .integer(0 &- value)
    case .number(let value): .number(-value)
    default: .null
    }
  }

  /// Arithmetic in PostgreSQL's sense, except that dividing two integers keeps the fraction and dividing by
  /// zero is NULL:
  /// `clicks / opens` is meant as a ratio.
  fileprivate static func compute(_ operation: Arithmetic, _ left: Value, _ right: Value) -> Value {
    if case .integer(let left) = left, case .integer(let right) = right, operation != .divide {
      return compute(operation, left, right)
    }
    guard let left = left.numericValue, let right = right.numericValue else { return .null }
    let result: Double =
      switch operation {
      case .add: left + right
      case .subtract: left - right
      case .multiply: left * right
      case .divide: right == 0 ? .nan : left / right
      case .modulo: right == 0 ? .nan : left.truncatingRemainder(dividingBy: right)
      }
    return result.isFinite ? .number(result) : .null
  }

  private static func compute(_ operation: Arithmetic, _ left: Int64, _ right: Int64) -> Value {
    let (result, isLost) =
      switch operation {
      case .add: left.addingReportingOverflow(right)
      case .subtract: left.subtractingReportingOverflow(right)
      case .multiply: left.multipliedReportingOverflow(by: right)
      case .divide: left.dividedReportingOverflow(by: right)
      case .modulo: left.remainderReportingOverflow(dividingBy: right)
      }
    return isLost ? .null : .integer(result)
  }
}
