// Questions about expressions as they were written.

extension Expression {
  /// The expressions it is made of, one level down.
  var parts: [Expression] {
    switch self {
    case .literal, .column: []
    case .negate(let operand, _), .not(let operand, _), .isNull(let operand, _, _),
      .isTruth(let operand, _, _, _), .extract(_, let operand, _), .cast(let operand, _, _),
      .inQuery(let operand, _, _, _):
      [operand]
    case .and(let operands, _), .or(let operands, _): operands
    case .compare(_, let left, let right, _), .arithmetic(_, let left, let right, _),
      .concatenate(let left, let right, _):
      [left, right]
    case .between(let operand, let low, let high, _, _): [operand, low, high]
    case .like(let operand, let pattern, _, _, _): [operand, pattern]
    case .inList(let operand, let elements, _, _): [operand] + elements
    case .conditional(let operand, let branches, let otherwise, _):
      [operand, otherwise].compactMap { $0 } + branches.flatMap { [$0.condition, $0.result] }
    case .call(let call): call.arguments + (call.filter.map { [$0] } ?? [])
    }
  }

  /// Whether an aggregate stands in it.
  var hasAggregate: Bool {
    if case .call(let call) = self, AggregateFunction(rawValue: call.name.text) != nil {
      return true
    }
    return parts.contains(where: \.hasAggregate)
  }

  /// Whether it reads no column.
  var isConstant: Bool {
    if case .column = self { return false }
    return parts.allSatisfy(\.isConstant)
  }

  /// Whether a column stands in it whose name is a measure's; also inside of an aggregate, which is refused later.
  var hasMeasure: Bool {
    if case .column(let column) = self { return Measure(rawValue: column.text) != nil }
    return parts.contains(where: \.hasMeasure)
  }

  /// Its top-level AND terms.
  var conjuncts: [Expression] {
    if case .and(let terms, _) = self { return terms }
    return [self]
  }
}
