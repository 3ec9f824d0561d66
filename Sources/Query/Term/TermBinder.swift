// From the tree to terms: names resolved by a scope, types found and made to meet, constants computed. What has no
// meaning is refused with its place.

internal import Base

/// What names and aggregates mean at a place of a query.
protocol TermScope: AnyObject {
  func column(_ name: ColumnName) throws(QueryError) -> Term
  /// What the whole expression stands for, if the scope knows it: a GROUP BY key.
  func known(_ expression: Expression) throws(QueryError) -> Term?
  func aggregate(_ call: Call, _ function: AggregateFunction) throws(QueryError) -> Term
  /// The words that a term's texts are among; nil where any text may stand.
  func words(of term: Term) -> WordList?
  /// The answer to the query behind an IN: one column.
  func answer(_ query: Select) throws(QueryError) -> FrameColumn
  /// - Throws: when the query must stop.
  func check() throws(QueryError)
}

struct TermBinder {
  let scope: any TermScope
  let calendar: Calendar
  /// UTC milliseconds.
  let now: Int64
  private let context: QueryContext

  init(_ scope: any TermScope, _ context: QueryContext) {
    self.scope = scope
    self.context = context
    calendar = Calendar(zone: context.settings.timeZone)
    now = context.settings.moment
  }

  func term(_ expression: Expression) throws(QueryError) -> Term {
    if let known = try scope.known(expression) { return known }
    return folded(try bound(expression))
  }

  /// A condition: a boolean, or NULL.
  func condition(_ expression: Expression) throws(QueryError) -> Term {
    let term = try term(expression)
    switch term.type {
    case .boolean: return term
    case .null: return Term(.constant(.null), .boolean)
    case .text where term.constant != nil: return try read(term, as: .boolean, expression.place)
    default:
      throw QueryError(
        "a condition was expected, this is \(term.type.described)", at: expression.place)
    }
  }

  func terms(_ expressions: [Expression]) throws(QueryError) -> [Term] {
    var result: [Term] = []
    for expression in expressions { result.append(try term(expression)) }
    return result
  }

  func conditions(_ expressions: [Expression]) throws(QueryError) -> [Term] {
    var result: [Term] = []
    for expression in expressions { result.append(try condition(expression)) }
    return result
  }

  private func bound(_ expression: Expression) throws(QueryError) -> Term {
    switch expression {
    case .literal(let literal, _): return constant(literal)
    case .column(let column): return try scope.column(column)
    case .negate(let operand, let place): return try negate(operand, place)
    case .not(let operand, _): return .boolean(.not(try condition(operand)))
    case .and(let operands, _): return .boolean(.and(try conditions(operands)))
    case .or(let operands, _): return .boolean(.or(try conditions(operands)))
    case .compare(let comparison, let left, let right, let place):
      return try compare(
        comparison, (try term(left), left.place), try term(right),
        TermBinder.suspect(left, right) ?? place)
    case .arithmetic(let operation, let left, let right, let place):
      return try arithmetic(operation, left, right, place)
    case .concatenate(let left, let right, _):
      let sides = [try text(left), try text(right)]
      return Term(.call(.concatenate, sides), .text)
    default: return try boundTest(expression)
    }
  }

  private func boundTest(_ expression: Expression) throws(QueryError) -> Term {
    switch expression {
    case .isNull(let operand, let isNegated, _):
      return negated(.boolean(.isNull(try term(operand))), isNegated)
    case .isTruth(let operand, let wanted, let isNegated, _):
      return negated(.boolean(.isTruth(try condition(operand), wanted)), isNegated)
    case .between(let operand, let low, let high, let isNegated, _):
      let operand = (try term(operand), operand.place)
      let isAbove = try compare(.greaterOrEqual, operand, try term(low), low.place)
      let isBelow = try compare(.lessOrEqual, operand, try term(high), high.place)
      return negated(.boolean(.and([isAbove, isBelow])), isNegated)
    case .like(let operand, let pattern, let ignoresCase, let isNegated, let place):
      return negated(try like(operand, pattern, ignoresCase, place), isNegated)
    case .inList(let operand, let elements, let isNegated, let place):
      return negated(try isIn((try term(operand), operand.place), elements, place), isNegated)
    case .inQuery(let operand, let query, let isNegated, let place):
      return negated(try isIn((try term(operand), operand.place), query, place), isNegated)
    case .conditional(let operand, let branches, let otherwise, let place):
      return try choose(operand, branches, otherwise, place)
    case .extract(let field, let operand, let place): return try extract(field, operand, place)
    case .cast(let operand, let type, let place): return try cast(operand, type, place)
    case .call(let call):
      if let function = AggregateFunction(rawValue: call.name.text) {
        return try scope.aggregate(call, function)
      }
      return try self.call(call)
    default: preconditionFailure("an expression that no binder knows")
    }
  }

  /// The side of a comparison that is blamed when the two do not meet: a constant.
  private static func suspect(_ left: Expression, _ right: Expression) -> Place? {
    right.isConstant ? right.place : left.isConstant ? left.place : nil
  }

  private func negated(_ term: Term, _ isNegated: Bool) -> Term {
    isNegated ? .boolean(.not(term)) : term
  }

  private func constant(_ literal: Literal) -> Term {
    switch literal {
    case .null: .null
    case .boolean(let value): Term(.constant(.integer(value ? 1 : 0)), .boolean)
    case .integer(let value): Term(.constant(.integer(value)), .integer)
    case .number(let value): Term(.constant(.number(value)), .number)
    case .text(let bytes): Term(.constant(.text(bytes)), .text)
    case .timestamp(let time): Term(.constant(.integer(time)), .timestamp)
    case .localTimestamp(let time):
      Term(.constant(.integer(calendar.zone.time(ofLocal: time))), .timestamp)
    case .date(let days):
      Term(.constant(.integer(Int64(days) * CivilTime.millisecondsPerDay)), .date)
    case .interval(let interval):
      Term(.constant(.integer(interval.approximateMilliseconds)), .interval)
    }
  }

  // MARK: Constants

  /// A term without columns is computed now.
  func folded(_ term: Term) -> Term {
    guard term.constant == nil, term.reads(only: { _ in false }) else { return term }
    let vector = context.evaluator(term, NoColumns()).run(1)
    if vector.nulls[0] != 0 { return Term(.constant(.null), term.type) }
    switch term.type {
    case .text: return Term(.constant(.text(vector.text(0).array)), .text)
    case .number: return Term(.constant(.number(Cell.number(vector.words[0]))), .number)
    default: return Term(.constant(.integer(Cell.integer(vector.words[0]))), term.type)
    }
  }

  // MARK: CASE

  private func choose(
    _ operand: Expression?, _ branches: [Branch], _ otherwise: Expression?, _ place: Place
  ) throws(QueryError) -> Term {
    var conditions: [Term] = []
    let subject = try operand.map { (operand) throws(QueryError) in
      (try term(operand), operand.place)
    }
    for branch in branches {
      if let subject {
        conditions.append(
          try compare(.equal, subject, try term(branch.condition), branch.condition.place))
      } else {
        conditions.append(try condition(branch.condition))
      }
    }
    let results = branches.map(\.result) + [otherwise ?? .literal(.null, place)]
    return choice(conditions, try unified(results, place))
  }

  /// One result more than conditions; all of one type.
  func choice(_ conditions: [Term], _ results: [Term]) -> Term {
    let choices = zip(conditions, results).map { Term.Choice(condition: $0, result: $1) }
    let otherwise = results[conditions.count]
    return Term(.choose(choices, otherwise: otherwise), otherwise.type)
  }
}

/// The source of terms that have no columns.
private final class NoColumns: ColumnSource {
  func slot(_ key: ColumnKey) -> ColumnSlot { preconditionFailure("a constant has no columns") }
}

extension Interval {
  /// With months of 30 days.
  var approximateMilliseconds: Int64 {
    milliseconds + Int64(months) * 30 * CivilTime.millisecondsPerDay
  }
}

extension TermType {
  var described: String {
    switch self {
    case .null: "NULL"
    case .text: "text"
    case .integer: "an integer"
    case .decimal, .number: "a number"
    case .boolean: "a boolean"
    case .timestamp: "a timestamp"
    case .date: "a date"
    case .interval: "an interval"
    }
  }
}
