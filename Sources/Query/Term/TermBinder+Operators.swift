// Arithmetic and casts: which types an operator takes and what comes out.

internal import Base

extension TermBinder {
  func negate(_ operand: Expression, _ place: Place) throws(QueryError) -> Term {
    let term = try term(operand)
    switch term.type {
    case .integer, .decimal, .number, .interval, .null: return Term(.negate(term), term.type)
    case .text: return Term(.negate(try read(term, as: .number, place)), .number)
    default: throw QueryError("- takes a number or an interval", at: operand.place)
    }
  }

  func arithmetic(
    _ operation: Arithmetic, _ left: Expression, _ right: Expression, _ place: Place
  ) throws(QueryError) -> Term {
    let (a, b) = (try term(left), try term(right))
    if a.type.isTime || b.type.isTime {
      return try timeArithmetic(operation, (a, left), (b, right), place)
    }
    if a.type == .interval || b.type == .interval {
      return try intervalArithmetic(operation, a, b, place)
    }
    return try numbers(
      operation, try number(a, beside: b, left.place), try number(b, beside: a, right.place), place)
  }

  /// A number, or a text read as one.
  private func number(_ term: Term, beside other: Term, _ place: Place) throws(QueryError) -> Term {
    switch term.type {
    case .integer, .decimal, .number: return term
    case .null: return Term(.constant(.null), .integer)
    case .text:
      if term.constant != nil {
        let whole = folded(Term(.convert(term), .integer))
        if whole.constant != .null { return whole }
        if other.isAttribute { return folded(Term(.convert(term), .number)) }
      }
      return try read(term, as: .number, place)
    default: throw QueryError("a number was expected, this is \(term.type.described)", at: place)
    }
  }

  private func numbers(
    _ operation: Arithmetic, _ left: Term, _ right: Term, _ place: Place
  ) throws(QueryError) -> Term {
    let types = Set([left.type, right.type])
    if types == [.integer], operation != .divide {
      return Term(.arithmetic(operation, left, right), .integer)
    }
    let isSum = operation == .add || operation == .subtract
    if isSum, types.contains(.decimal), !types.contains(.number) {
      return Term(
        .arithmetic(
          operation, try converted(left, to: .decimal, place),
          try converted(right, to: .decimal, place)), .decimal)
    }
    if operation == .multiply, types == [.integer, .decimal] {
      // Millionths times a whole number are millionths.
      return Term(.arithmetic(.multiply, left, right), .decimal)
    }
    return Term(
      .arithmetic(
        operation, try converted(left, to: .number, place),
        try converted(right, to: .number, place)), .number)
  }

  // MARK: Times

  private func timeArithmetic(
    _ operation: Arithmetic, _ left: (term: Term, written: Expression),
    _ right: (term: Term, written: Expression), _ place: Place
  ) throws(QueryError) -> Term {
    if operation == .add, !left.term.type.isTime {
      return try timeArithmetic(operation, right, left, place)
    }
    guard operation == .add || operation == .subtract, left.term.type.isTime else {
      throw refusal(operation, left.term, right.term, place)
    }
    let time = try converted(left.term, to: .timestamp, place)
    if right.term.type == .null { return Term(.constant(.null), .timestamp) }
    if operation == .subtract, right.term.type.isTime {
      let other = try converted(right.term, to: .timestamp, place)
      return Term(.arithmetic(.subtract, time, other), .interval)
    }
    guard right.term.type == .interval else {
      throw refusal(operation, left.term, right.term, place)
    }
    if let interval = exactInterval(right.written), interval.months != 0 {
      let sign = operation == .add ? 1 : -1
      let moved = Term(.addMonths(time, sign * interval.months), .timestamp)
      let rest = Term(.constant(.integer(interval.milliseconds)), .interval)
      return Term(.arithmetic(operation, moved, rest), .timestamp)
    }
    return Term(.arithmetic(operation, time, right.term), .timestamp)
  }

  /// An interval that is written out, with its months.
  private func exactInterval(_ expression: Expression) -> Interval? {
    switch expression {
    case .literal(.interval(let interval), _): return interval
    case .negate(let operand, _):
      return exactInterval(operand).map {
        Interval(months: -$0.months, milliseconds: -$0.milliseconds)
      }
    default: return nil
    }
  }

  private func intervalArithmetic(
    _ operation: Arithmetic, _ left: Term, _ right: Term, _ place: Place
  ) throws(QueryError) -> Term {
    switch (operation, left.type, right.type) {
    case (.add, .interval, .interval), (.subtract, .interval, .interval),
      (.multiply, .interval, .integer), (.multiply, .integer, .interval):
      return Term(.arithmetic(operation, left, right), .interval)
    case (_, .null, _), (_, _, .null): return Term(.constant(.null), .interval)
    default: throw refusal(operation, left, right, place)
    }
  }

  private func refusal(
    _ operation: Arithmetic, _ left: Term, _ right: Term, _ place: Place
  ) -> QueryError {
    QueryError(
      "\(operation.rawValue) does not take \(left.type.described) and \(right.type.described)",
      at: place)
  }

  // MARK: Casts

  func cast(_ operand: Expression, _ type: CastType, _ place: Place) throws(QueryError) -> Term {
    let term = try term(operand)
    let wanted = type.termType
    if term.type == .null { return Term(.constant(.null), wanted) }
    guard TermBinder.isCastable(term.type, wanted) else {
      throw QueryError("\(term.type.described) cannot be cast to \(type.rawValue)", at: place)
    }
    return Term(.convert(term), wanted)
  }

  private static func isCastable(_ from: TermType, _ type: TermType) -> Bool {
    if from == type || from == .text || type == .text { return true }
    if from.isNumeric, type.isNumeric { return true }
    if from.isTime, type.isTime { return true }
    return from == .boolean && type == .integer || from == .integer && type == .boolean
  }
}

extension CastType {
  fileprivate var termType: TermType {
    switch self {
    case .text: .text
    case .integer: .integer
    case .number: .number
    case .boolean: .boolean
    case .timestamp: .timestamp
    case .date: .date
    }
  }
}
