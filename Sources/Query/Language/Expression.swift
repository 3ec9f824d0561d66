// Expressions as they were written, in PostgreSQL's sense and precedence.

package indirect enum Expression: Hashable, Sendable {
  case literal(Literal, Place)
  case column(ColumnName)
  /// Unary minus.
  case negate(Expression, Place)
  case not(Expression, Place)
  /// Two terms or more, none of which is an `and` itself: nested ones are flattened.
  case and([Expression], Place)
  /// Two terms or more, none of which is an `or` itself.
  case or([Expression], Place)
  case compare(Comparison, Expression, Expression, Place)
  case arithmetic(Arithmetic, Expression, Expression, Place)
  /// `||`.
  case concatenate(Expression, Expression, Place)
  case isNull(Expression, isNegated: Bool, Place)
  /// `IS [NOT] TRUE` and `IS [NOT] FALSE`.
  case isTruth(Expression, Bool, isNegated: Bool, Place)
  case between(Expression, low: Expression, high: Expression, isNegated: Bool, Place)
  case like(Expression, pattern: Expression, ignoresCase: Bool, isNegated: Bool, Place)
  /// At least one element.
  case inList(Expression, [Expression], isNegated: Bool, Place)
  /// The query has exactly one item, and that is no `*`.
  case inQuery(Expression, Select, isNegated: Bool, Place)
  /// CASE. With an operand, each branch's condition is compared with it. At least one branch.
  case conditional(operand: Expression?, [Branch], otherwise: Expression?, Place)
  case call(Call)
  /// `extract(field FROM expression)`.
  case extract(Identifier, from: Expression, Place)
  case cast(Expression, to: CastType, Place)
}

package enum Comparison: String, CaseIterable, Sendable {
  case equal = "="
  case notEqual = "<>"
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
}

package enum Arithmetic: String, CaseIterable, Sendable {
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
  case modulo = "%"
}

/// A column, perhaps with what it belongs to: `campaign`, `recipient.school`.
package struct ColumnName: Hashable, Sendable {
  package var qualifier: String?
  package var name: String
  package var place: Place

  package init(_ name: String, of qualifier: String? = nil, at place: Place = .none) {
    self.qualifier = qualifier
    self.name = name
    self.place = place
  }

  /// `qualifier.name`, the way columns are listed.
  package var text: String { qualifier.map { "\($0).\(name)" } ?? name }
}

/// `WHEN condition THEN result`.
package struct Branch: Hashable, Sendable {
  package var condition: Expression
  package var result: Expression

  package init(when condition: Expression, then result: Expression) {
    self.condition = condition
    self.result = result
  }
}

/// A function or an aggregate, with what may stand around its arguments.
package struct Call: Hashable, Sendable {
  package var name: Identifier
  package var arguments: [Expression]
  /// `count(*)`; there are no arguments then.
  package var isStar = false
  /// `count(DISTINCT x)`.
  package var isDistinct = false
  /// `FILTER (WHERE filter)`.
  package var filter: Expression?
  package var place: Place

  package init(_ name: Identifier, _ arguments: [Expression] = [], at place: Place = .none) {
    self.name = name
    self.arguments = arguments
    self.place = place
  }
}

/// What CAST and `::` can make. Raw values are the canonical names.
package enum CastType: String, CaseIterable, Sendable {
  case text
  case integer
  case number = "double precision"
  case boolean
  case timestamp
  case date
}

extension Expression {
  /// Where the expression was written.
  package var place: Place {
    switch self {
    case .column(let name): name.place
    case .call(let call): call.place
    case .literal(_, let place), .negate(_, let place), .not(_, let place), .and(_, let place),
      .or(_, let place), .compare(_, _, _, let place), .arithmetic(_, _, _, let place),
      .concatenate(_, _, let place), .isNull(_, _, let place), .isTruth(_, _, _, let place),
      .between(_, _, _, _, let place), .like(_, _, _, _, let place),
      .inList(_, _, _, let place), .inQuery(_, _, _, let place),
      .conditional(_, _, _, let place), .extract(_, _, let place), .cast(_, _, let place):
      place
    }
  }

  /// Byte offsets into the query's text.
  package var range: Range<Int> { place.range }
}

/// How tightly an operator binds, loosest first; parser and printer share the order.
enum Precedence: Int, Comparable {
  case or = 1
  case and
  case not
  case truth
  case comparison
  /// BETWEEN, IN, LIKE.
  case membership
  case concatenation
  case sum
  case product
  case sign
  /// Names, literals, calls and everything in parentheses.
  case operand

  static func < (left: Precedence, right: Precedence) -> Bool { left.rawValue < right.rawValue }

  /// The next tighter one: what the right side of a left-associative operator must have.
  var tighter: Precedence { Precedence(rawValue: rawValue + 1) ?? .operand }
}

extension Expression {
  var precedence: Precedence {
    switch self {
    case .or: .or
    case .and: .and
    case .not: .not
    case .isNull, .isTruth: .truth
    case .compare: .comparison
    case .between, .like, .inList, .inQuery: .membership
    case .concatenate: .concatenation
    case .arithmetic(.add, _, _, _), .arithmetic(.subtract, _, _, _): .sum
    case .arithmetic: .product
    case .negate: .sign
    case .literal, .column, .conditional, .call, .extract, .cast: .operand
    }
  }
}
