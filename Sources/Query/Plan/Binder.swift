// From the tree to the plan: names become dimensions and measures, literals get the type of what they are
// compared with,
// and what cannot be answered is refused with its place.

internal import Base
package import Columnar

package struct Binder {
  private let catalog: DimensionCatalog
  private var plan: Plan
  /// GROUP BY keys may be written as a SELECT item's alias or position.
  private var items: [(expression: Expression, alias: Identifier?)] = []

  /// Binds a parsed query.
  ///
  /// - Parameter settings: the session's; the query's own override them.
  package static func bind(
    _ statement: Statement, _ snapshot: Snapshot, settings: QuerySettings
  ) throws(QueryError) -> Plan {
    var binder = Binder(snapshot, settings)
    return try binder.bind(statement)
  }

  private init(_ snapshot: Snapshot, _ settings: QuerySettings) {
    catalog = DimensionCatalog(snapshot)
    plan = Plan(settings: settings)
  }

  private mutating func bind(_ statement: Statement) throws(QueryError) -> Plan {
    let query = statement.query
    guard statement.purpose == .answer else {
      throw QueryError("EXPLAIN is not there yet", at: query.place)
    }
    guard query.source == .events else {
      throw QueryError(
        "FROM \(query.source.rawValue) is not there yet", at: query.sourcePlace,
        hint: "FROM events answers every measure")
    }
    for setting in query.settings { try plan.settings.apply(setting) }
    try collectItems(query)
    for group in query.groups { try bindGroup(group) }
    if let filter = query.filter { plan.conditions = try predicate(filter).conjuncts }
    for item in items {
      plan.items.append(
        Plan.Item(name: name(of: item), scalar: try scalar(item.expression)))
    }
    plan.having = try query.having.map { (having) throws(QueryError) in try scalar(having) }
    for order in query.order { plan.order.append(try bindOrder(order)) }
    plan.limit = query.limit?.value
    plan.offset = query.offset?.value ?? 0
    try checkMixing(query)
    return plan
  }

  private mutating func collectItems(_ query: Select) throws(QueryError) {
    for item in query.items {
      switch item {
      case .all(let place):
        throw QueryError(
          "SELECT * is not there yet", at: place, hint: "name the measures and dimensions")
      case .expression(let expression, let alias): items.append((expression, alias))
      }
    }
  }

  private func name(of item: (expression: Expression, alias: Identifier?)) -> String {
    item.alias?.text ?? Printer.text(of: item.expression)
  }

  // MARK: Keys

  private mutating func bindGroup(_ group: Expression) throws(QueryError) {
    let expression = try dereference(group)
    guard case .column(let column) = expression else {
      throw QueryError("GROUP BY takes dimensions", at: group.place)
    }
    guard let dimension = catalog[column.text] else {
      if Measure(rawValue: column.text) != nil {
        throw QueryError("\(column.text) is a measure; GROUP BY takes dimensions", at: group.place)
      }
      throw .unknownColumn(column, among: catalog.names)
    }
    if !plan.keys.contains(dimension) { plan.keys.append(dimension) }
  }

  /// The SELECT item that a position or an alias stands for, or the expression itself.
  private func dereference(_ expression: Expression) throws(QueryError) -> Expression {
    if case .literal(.integer(let position), let place) = expression {
      guard position >= 1, position <= items.count else {
        throw QueryError("there is no SELECT item \(position)", at: place)
      }
      return items[Int(position) - 1].expression
    }
    if case .column(let column) = expression, column.qualifier == nil,
      let item = items.first(where: { $0.alias?.text == column.name })
    {
      return item.expression
    }
    return expression
  }

  private func bindOrder(_ order: OrderItem) throws(QueryError) -> Plan.Order {
    Plan.Order(
      scalar: try scalar(try dereference(order.expression)), isDescending: order.isDescending,
      nullsFirst: order.nulls.map { $0 == .first } ?? order.isDescending)
  }

  /// A rate cannot follow a condition that is partly about messages and partly about events.
  private func checkMixing(_ query: Select) throws(QueryError) {
    let measures = plan.measures
    guard let filter = query.filter,
      let rate = Measure.allCases.first(where: { $0.isRate && measures.contains($0) })
    else { return }
    for term in filter.conjuncts {
      let dimensions = try predicate(term).dimensions
      guard dimensions.contains(where: \.isOfMessage),
        dimensions.contains(where: { !$0.isOfMessage })
      else { continue }
      throw QueryError(
        "\(rate.rawValue) has no meaning under a condition that mixes message and event dimensions",
        at: term.place, hint: "split the condition with AND, or ask for counts")
    }
  }

  // MARK: Scalars

  private func scalar(_ expression: Expression) throws(QueryError) -> Scalar {
    switch expression {
    case .literal(let literal, let place): return .constant(try value(literal, place))
    case .column(let column): return try scalar(column)
    case .negate(let term, _): return .negate(try scalar(term))
    case .not(let term, _): return .not(try scalar(term))
    case .and(let terms, _): return .and(try scalars(terms))
    case .or(let terms, _): return .or(try scalars(terms))
    case .compare(let comparison, let left, let right, _):
      return .compare(comparison, try scalar(left, with: right), try scalar(right, with: left))
    case .arithmetic(let operation, let left, let right, _):
      return .arithmetic(operation, try scalar(left), try scalar(right))
    case .isNull(let term, let isNegated, _):
      let test = Scalar.isNull(try scalar(term))
      return isNegated ? .not(test) : test
    case .isTruth(let term, let wanted, let isNegated, _):
      let test = Scalar.isTruth(try scalar(term), wanted)
      return isNegated ? .not(test) : test
    default: return try compoundScalar(expression)
    }
  }

  private func compoundScalar(_ expression: Expression) throws(QueryError) -> Scalar {
    switch expression {
    case .between(let term, let low, let high, let isNegated, _):
      let bound = try scalar(term)
      let test = Scalar.and([
        .compare(.greaterOrEqual, bound, try scalar(low, with: term)),
        .compare(.lessOrEqual, bound, try scalar(high, with: term)),
      ])
      return isNegated ? .not(test) : test
    case .inList(let term, let elements, let isNegated, _):
      let bound = try scalar(term)
      var tests: [Scalar] = []
      for element in elements {
        tests.append(.compare(.equal, bound, try scalar(element, with: term)))
      }
      return isNegated ? .not(.or(tests)) : .or(tests)
    case .like(let term, let pattern, let ignoresCase, let isNegated, _):
      let test = Scalar.like(
        try scalar(term), LikePattern(try text(pattern), ignoresCase: ignoresCase))
      return isNegated ? .not(test) : test
    case .conditional(nil, let branches, let otherwise, _):
      var bound: [(condition: Scalar, result: Scalar)] = []
      for branch in branches {
        bound.append((try scalar(branch.condition), try scalar(branch.result)))
      }
      let fallback = try otherwise.map { (value) throws(QueryError) in try scalar(value) }
      return .choose(bound, otherwise: fallback ?? .constant(.null))
    default: throw QueryError("this expression is not there yet", at: expression.place)
    }
  }

  private func scalars(_ expressions: [Expression]) throws(QueryError) -> [Scalar] {
    var result: [Scalar] = []
    for expression in expressions { result.append(try scalar(expression)) }
    return result
  }

  /// One side of a comparison: a literal beside a key has the key's type, as in WHERE.
  private func scalar(
    _ expression: Expression, with other: Expression
  ) throws(QueryError) -> Scalar {
    guard case .literal = expression, case .column(let column) = other,
      Measure(rawValue: column.text) == nil, let dimension = catalog[column.text]
    else { return try scalar(expression) }
    return .constant(try constant(expression, dimension))
  }

  private func scalar(_ column: ColumnName) throws(QueryError) -> Scalar {
    if let measure = Measure(rawValue: column.text) { return .measure(measure) }
    guard let dimension = catalog[column.text] else {
      let names = catalog.names + Measure.allCases.map(\.rawValue)
      throw .unknownColumn(column, among: names)
    }
    guard let key = plan.keys.firstIndex(of: dimension) else {
      throw QueryError(
        "column '\(column.text)' must stand in GROUP BY", at: column.place,
        hint: "GROUP BY \(column.text)")
    }
    return .key(key)
  }

  private func value(_ literal: Literal, _ place: Place) throws(QueryError) -> Value {
    switch literal {
    case .null: return .null
    case .boolean(let value): return .boolean(value)
    case .integer(let value): return .integer(value)
    case .number(let value): return .number(value)
    case .text(let value): return .text(value)
    case .timestamp(let value): return .time(value)
    case .date(let days): return .time(Int64(days) * CivilTime.millisecondsPerDay)
    case .interval: throw QueryError("an interval cannot stand here yet", at: place)
    }
  }

  private func text(_ expression: Expression) throws(QueryError) -> [UInt8] {
    guard case .literal(.text(let bytes), _) = expression else {
      throw QueryError("a pattern in quotes was expected", at: expression.place)
    }
    return bytes
  }

  // MARK: Conditions

  private func predicate(_ expression: Expression) throws(QueryError) -> Predicate {
    switch expression {
    case .and(let terms, _): return .and(try predicates(terms))
    case .or(let terms, _): return .or(try predicates(terms))
    case .not(let term, _): return .not(try predicate(term))
    case .literal(.boolean(let value), _): return .constant(Truth(value))
    case .literal(.null, _): return .constant(.unknown)
    case .column(let column): return .test(try dimension(column), .isTrue)
    case .compare(let comparison, let left, let right, _):
      return try comparePredicate(comparison, left, right)
    case .isNull(let term, let isNegated, _):
      return negate(.test(try dimension(of: term), .isNull), isNegated)
    default: return try compoundPredicate(expression)
    }
  }

  private func compoundPredicate(_ expression: Expression) throws(QueryError) -> Predicate {
    switch expression {
    case .isTruth(let term, let wanted, let isNegated, _):
      let inner = try predicate(term)
      guard case .test(let dimension, .isTrue) = inner else {
        throw QueryError("IS TRUE takes a column of booleans", at: expression.place)
      }
      let isTrue = Predicate.test(dimension, .isIn([.boolean(wanted)], hasNull: false))
      let isKnownTrue = Predicate.and([.not(.test(dimension, .isNull)), isTrue])
      return negate(isKnownTrue, isNegated)
    case .between(let term, let low, let high, let isNegated, _):
      let dimension = try dimension(of: term)
      return negate(
        .test(dimension, .between(try constant(low, dimension), try constant(high, dimension))),
        isNegated)
    case .inList(let term, let elements, let isNegated, _):
      let dimension = try dimension(of: term)
      var values: [Value] = []
      for element in elements { values.append(try constant(element, dimension)) }
      let known = values.filter { $0 != .null }
      return negate(
        .test(dimension, .isIn(known, hasNull: known.count < values.count)), isNegated)
    case .like(let term, let pattern, let ignoresCase, let isNegated, _):
      let like = LikePattern(try text(pattern), ignoresCase: ignoresCase)
      return negate(.test(try dimension(of: term), .like(like)), isNegated)
    default:
      throw QueryError(
        "a condition compares a dimension with constants", at: expression.place,
        hint: "such as campaign = 'x' AND hour_of_day < 12")
    }
  }

  private func predicates(_ expressions: [Expression]) throws(QueryError) -> [Predicate] {
    var result: [Predicate] = []
    for expression in expressions { result.append(try predicate(expression)) }
    return result
  }

  private func negate(_ predicate: Predicate, _ isNegated: Bool) -> Predicate {
    isNegated ? .not(predicate) : predicate
  }

  private func comparePredicate(
    _ comparison: Comparison, _ left: Expression, _ right: Expression
  ) throws(QueryError) -> Predicate {
    if case .literal = left {
      let dimension = try dimension(of: right)
      return .test(dimension, .compare(comparison.mirrored, try constant(left, dimension)))
    }
    let dimension = try dimension(of: left)
    return .test(dimension, .compare(comparison, try constant(right, dimension)))
  }

  private func dimension(of expression: Expression) throws(QueryError) -> Dimension {
    guard case .column(let column) = expression else {
      throw QueryError("a dimension was expected", at: expression.place)
    }
    return try dimension(column)
  }

  private func dimension(_ column: ColumnName) throws(QueryError) -> Dimension {
    if let dimension = catalog[column.text] { return dimension }
    if Measure(rawValue: column.text) != nil {
      throw QueryError(
        "\(column.text) is a measure; WHERE looks at single events", at: column.place,
        hint: "HAVING \(column.text) ...")
    }
    throw .unknownColumn(column, among: catalog.names)
  }

  /// A literal in the type of the dimension it is compared with.
  private func constant(
    _ expression: Expression, _ dimension: Dimension
  ) throws(QueryError) -> Value {
    if case .negate(.literal(.integer(let value), _), _) = expression { return .integer(-value) }
    if case .negate(.literal(.number(let value), _), _) = expression { return .number(-value) }
    guard case .literal(let literal, let place) = expression else {
      throw QueryError("a constant was expected", at: expression.place)
    }
    let value = try value(literal, place)
    switch (dimension.resultType, value) {
    case (.timestamp, .text(let bytes)), (.date, .text(let bytes)):
      guard let time = TimeText.milliseconds(of: bytes) else {
        throw QueryError(
          "this is no time", at: place, hint: "such as '2026-03-14' or '2026-03-14T09:00:00Z'")
      }
      return .time(time)
    case (.timestamp, .integer), (.date, .integer), (.timestamp, .number), (.date, .number):
      throw QueryError(
        "a time was expected", at: place, hint: "such as '2026-03-14' or '2026-03-14T09:00:00Z'")
    case (.boolean, .text(let bytes)): return Binder.boolean(bytes) ?? value
    default: return value
    }
  }

  private static func boolean(_ text: [UInt8]) -> Value? {
    switch String(decoding: text, as: UTF8.self) {
    case "yes", "true", "on", "1": .boolean(true)
    case "no", "false", "off", "0": .boolean(false)
    default: nil
    }
  }
}

extension Expression {
  /// Its top-level AND terms.
  fileprivate var conjuncts: [Expression] {
    if case .and(let terms, _) = self { return terms }
    return [self]
  }
}

extension Comparison {
  /// The comparison with its sides exchanged.
  fileprivate var mirrored: Comparison {
    switch self {
    case .equal, .notEqual: self
    case .less: .greater
    case .lessOrEqual: .greaterOrEqual
    case .greater: .less
    case .greaterOrEqual: .lessOrEqual
    }
  }
}
