// The names in an expression, found without knowing what they mean.

import Query

enum ModelExpression {
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

  /// Whether it has the same value wherever it stands.
  static func isConstant(_ expression: Expression) -> Bool {
    names(expression).allSatisfy { name in
      name.hasSuffix("()") && !ModelAggregate.names.contains(String(name.dropLast(2)))
    } && !hasQuery(expression)
  }

  private static func hasQuery(_ expression: Expression) -> Bool {
    Printer.text(of: expression).contains("IN (SELECT ")
  }
}
