// Expressions over values, by SQL's rules: three-valued logic, and NULL in, NULL out.

import Query

enum ModelExpression {
  /// The value of an expression, given the columns'.
  static func value(_ expression: Expression, _ column: (String) -> ModelValue) -> ModelValue {
    switch expression {
    case .literal(let literal, _): return value(literal)
    case .column(let name): return column(name.text)
    case .negate(let term, _):
      switch value(term, column) {
      case .integer(let number): return .integer(-number)
      case .number(let number): return .number(-number)
      default: return .null
      }
    case .arithmetic(let operation, let left, let right, _):
      return compute(operation, value(left, column), value(right, column))
    case .conditional(nil, let branches, let otherwise, _):
      for branch in branches where value(branch.condition, column).truth == true {
        return value(branch.result, column)
      }
      return otherwise.map { value($0, column) } ?? .null
    default: return ModelValue(truth(expression, column))
    }
  }

  /// The truth of a condition; nil is unknown.
  private static func truth(_ expression: Expression, _ column: (String) -> ModelValue) -> Bool? {
    switch expression {
    case .and(let terms, _):
      let truths = terms.map { value($0, column).truth }
      return truths.contains(false) ? false : truths.contains(nil) ? nil : true
    case .or(let terms, _):
      let truths = terms.map { value($0, column).truth }
      return truths.contains(true) ? true : truths.contains(nil) ? nil : false
    case .not(let term, _): return value(term, column).truth.map { !$0 }
    case .compare(let comparison, let left, let right, _):
      return compare(comparison, value(left, column), value(right, column))
    case .isNull(let term, let isNegated, _):
      return (value(term, column) == .null) != isNegated
    case .isTruth(let term, let wanted, let isNegated, _):
      return (value(term, column).truth == wanted) != isNegated
    default: return membership(expression, column)
    }
  }

  private static func membership(
    _ expression: Expression, _ column: (String) -> ModelValue
  ) -> Bool? {
    switch expression {
    case .between(let term, let low, let high, let isNegated, _):
      let term = value(term, column)
      let isAbove = compare(.greaterOrEqual, term, value(low, column))
      let isBelow = compare(.lessOrEqual, term, value(high, column))
      let isInside =
        isAbove == false || isBelow == false ? false : isAbove == nil || isBelow == nil ? nil : true
      return isInside.map { $0 != isNegated }
    case .inList(let term, let elements, let isNegated, _):
      let term = value(term, column)
      let truths = elements.map { compare(.equal, term, value($0, column)) }
      let isIn = truths.contains(true) ? true : truths.contains(nil) ? nil : false
      return isIn.map { $0 != isNegated }
    case .like(let term, let pattern, let ignoresCase, let isNegated, _):
      guard case .text(let text) = value(term, column),
        case .text(let pattern) = value(pattern, column)
      else { return nil }
      return text.isLike(pattern, ignoresCase: ignoresCase) != isNegated
    default: preconditionFailure("the model cannot answer \(expression)")
    }
  }

  private static func value(_ literal: Literal) -> ModelValue {
    switch literal {
    case .null: .null
    case .boolean(let value): .boolean(value)
    case .integer(let value): .integer(Int(value))
    case .number(let value): .number(value)
    case .text(let bytes): .text(String(decoding: bytes, as: UTF8.self))
    case .timestamp(let time), .localTimestamp(let time): .time(Int(time))
    case .date(let days): .time(days * 86_400_000)
    case .interval: preconditionFailure("the model knows no intervals")
    }
  }

  private static func compare(
    _ comparison: Comparison, _ left: ModelValue, _ right: ModelValue
  ) -> Bool? {
    guard let order = left.order(to: right) else { return nil }
    switch comparison {
    case .equal: return order == 0
    case .notEqual: return order != 0
    case .less: return order < 0
    case .lessOrEqual: return order <= 0
    case .greater: return order > 0
    case .greaterOrEqual: return order >= 0
    }
  }

  /// Dividing keeps the fraction; dividing by zero is NULL.
  private static func compute(
    _ operation: Arithmetic, _ left: ModelValue, _ right: ModelValue
  ) -> ModelValue {
    if case .integer(let a) = left, case .integer(let b) = right, operation != .divide {
      switch operation {
      case .add: return .integer(a + b)
      case .subtract: return .integer(a - b)
      case .multiply: return .integer(a * b)
      default: return b == 0 ? .null : .integer(a % b)
      }
    }
    guard let a = left.number, let b = right.number else { return .null }
    switch operation {
    case .add: return .number(a + b)
    case .subtract: return .number(a - b)
    case .multiply: return .number(a * b)
    case .divide: return b == 0 ? .null : .number(a / b)
    case .modulo: return b == 0 ? .null : .number(a.truncatingRemainder(dividingBy: b))
    }
  }

  /// The columns that an expression names; functions and aggregates with `()` behind them.
  ///
  /// What stands inside an aggregate counts too, what stands in a query behind IN does not.
  static func names(_ expression: Expression) -> [String] {
    switch expression {
    case .column(let name): [name.text]
    case .literal: []
    case .negate(let term, _), .not(let term, _), .isNull(let term, _, _),
      .isTruth(let term, _, _, _), .inQuery(let term, _, _, _), .extract(_, let term, _),
      .cast(let term, _, _):
      names(term)
    case .and(let terms, _), .or(let terms, _): terms.flatMap(names)
    case .compare(_, let left, let right, _), .arithmetic(_, let left, let right, _),
      .concatenate(let left, let right, _), .like(let left, let right, _, _, _):
      names(left) + names(right)
    case .between(let term, let low, let high, _, _): [term, low, high].flatMap(names)
    case .inList(let term, let elements, _, _): names(term) + elements.flatMap(names)
    case .conditional(let operand, let branches, let otherwise, _):
      ([operand, otherwise].compactMap { $0 }
        + branches.flatMap { [$0.condition, $0.result] }).flatMap(names)
    case .call(let call):
      ["\(call.name.text)()"] + (call.arguments + [call.filter].compactMap { $0 }).flatMap(names)
    }
  }

  /// The columns that an expression names.
  static func columns(_ expression: Expression) -> [String] {
    switch expression {
    case .column(let name): [name.text]
    case .literal: []
    case .negate(let term, _), .not(let term, _), .isNull(let term, _, _),
      .isTruth(let term, _, _, _):
      columns(term)
    case .and(let terms, _), .or(let terms, _): terms.flatMap(columns)
    case .compare(_, let left, let right, _), .arithmetic(_, let left, let right, _),
      .like(let left, let right, _, _, _):
      columns(left) + columns(right)
    case .between(let term, let low, let high, _, _): [term, low, high].flatMap(columns)
    case .inList(let term, let elements, _, _): columns(term) + elements.flatMap(columns)
    case .conditional(let operand, let branches, let otherwise, _):
      ([operand, otherwise].compactMap { $0 }
        + branches.flatMap { [$0.condition, $0.result] }).flatMap(columns)
    default: preconditionFailure("the model cannot answer \(expression)")
    }
  }
}
