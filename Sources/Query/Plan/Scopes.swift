// What names mean in the two places of a query: in WHERE and inside aggregates a column of the table's rows,
// behind GROUP BY a key, an aggregate or a measure.

internal import Base

/// What binding needs of whoever runs queries.
struct QueryRunner {
  /// Answers the query behind an IN, which has one column; its rows come in any order.
  let answer: (Select) throws(QueryError) -> FrameColumn
  /// Throws when the query must stop.
  let check: () throws(QueryError) -> Void
}

/// Names as columns of single rows.
final class RowScope: TermScope {
  private let table: TableColumns
  private let runner: QueryRunner
  /// A part of the query may be bound more than once, but what stands behind an IN is answered once.
  private var answers: [Select: FrameColumn] = [:]

  init(_ table: TableColumns, _ runner: QueryRunner) {
    self.table = table
    self.runner = runner
  }

  func check() throws(QueryError) { try runner.check() }

  func known(_ expression: Expression) throws(QueryError) -> Term? { nil }

  /// The column with a name, or nil.
  func known(_ name: ColumnName) -> Term? { table[name.text] }

  func column(_ name: ColumnName) throws(QueryError) -> Term {
    if let column = known(name) { return column }
    if Measure(rawValue: name.text) != nil {
      if table.source != .events {
        throw QueryError(
          "\(name.text) is a measure of events", at: name.place, hint: "FROM events")
      }
      throw QueryError(
        "\(name.text) is a measure; WHERE and aggregates look at single events",
        at: name.place, hint: "HAVING \(name.text) ...")
    }
    throw .unknownColumn(name, among: table.names)
  }

  func words(of term: Term) -> WordList? {
    guard case .column(let column) = term.node else { return nil }
    return WordList(of: column)
  }

  func aggregate(_ call: Call, _ function: AggregateFunction) throws(QueryError) -> Term {
    throw QueryError(
      "\(function.rawValue) is an aggregate and cannot stand here", at: call.place,
      hint: "conditions on aggregates go into HAVING")
  }

  func answer(_ query: Select) throws(QueryError) -> FrameColumn {
    if let known = answers[query] { return known }
    let column = try runner.answer(query)
    answers[query] = column
    return column
  }
}

/// Names as columns of groups. It collects the measures and aggregates that are asked for.
final class GroupScope: TermScope {
  private let rows: RowScope
  private let rowBinder: TermBinder
  private let isOfEvents: Bool
  /// What GROUP BY groups by, over the rows.
  let keys: [Term]
  private(set) var measures: [Measure] = []
  private(set) var aggregates: [Aggregate] = []
  /// The dimensions that the keys are, where all are dimensions.
  let dimensions: [Dimension]?

  init(_ keys: [Term], _ rows: RowScope, _ rowBinder: TermBinder, isOfEvents: Bool) {
    self.keys = keys
    self.rows = rows
    self.rowBinder = rowBinder
    self.isOfEvents = isOfEvents
    let dimensions = keys.compactMap(\.groupingDimension)
    self.dimensions = dimensions.count == keys.count ? dimensions : nil
  }

  /// A measure's column is marked by a number from here on until all keys and measures are known.
  private static let measureBase = 1 << 20
  private static let aggregateBase = 1 << 21

  func known(_ expression: Expression) throws(QueryError) -> Term? {
    if expression.isConstant || expression.hasAggregate { return nil }
    guard let term = rowTerm(expression), let key = keys.firstIndex(of: term) else { return nil }
    return Term(.column(.frame(key)), term.type)
  }

  /// Only what is a key as a whole matters; what is wrong with the rest is found when it is bound.
  private func rowTerm(_ expression: Expression) -> Term? {
    if case .column(let name) = expression { return rows.known(name) }
    return try? rowBinder.term(expression)
  }

  func column(_ name: ColumnName) throws(QueryError) -> Term {
    if isOfEvents, let measure = Measure(rawValue: name.text) {
      if !measures.contains(measure) { measures.append(measure) }
      let place = GroupScope.measureBase + (measures.firstIndex(of: measure) ?? 0)
      return Term(.column(.frame(place)), TermType(measure.formula(QuerySettings()).resultType))
    }
    _ = try rows.column(name)
    throw QueryError(
      "column '\(name.text)' must stand in GROUP BY", at: name.place,
      hint: "GROUP BY \(name.text)")
  }

  func aggregate(_ call: Call, _ function: AggregateFunction) throws(QueryError) -> Term {
    let aggregate = try bound(call, function)
    if !aggregates.contains(aggregate) { aggregates.append(aggregate) }
    let place = GroupScope.aggregateBase + (aggregates.firstIndex(of: aggregate) ?? 0)
    return Term(.column(.frame(place)), aggregate.type)
  }

  private func bound(_ call: Call, _ function: AggregateFunction) throws(QueryError) -> Aggregate {
    if let inner = call.arguments.first(where: \.hasAggregate) {
      throw QueryError("aggregates cannot be nested", at: inner.place)
    }
    let filter = try call.filter.map { (filter) throws(QueryError) in
      try rowBinder.condition(filter)
    }
    if call.isStar {
      guard function == .count else {
        throw QueryError("\(function.rawValue) takes a value, not *", at: call.place)
      }
      return Aggregate(function: function, argument: nil, filter: filter, isDistinct: false)
    }
    guard call.arguments.count == 1 else {
      throw QueryError(
        "\(function.rawValue) takes one argument", at: call.place,
        hint: function == .count && call.arguments.isEmpty ? "count(*) counts rows" : nil)
    }
    var argument = try rowBinder.term(call.arguments[0])
    if function == .sum || function == .average {
      argument = try summable(argument, call.arguments[0].place, function)
    }
    return Aggregate(
      function: function, argument: argument, filter: filter, isDistinct: call.isDistinct)
  }

  private func summable(
    _ term: Term, _ place: Place, _ function: AggregateFunction
  ) throws(QueryError) -> Term {
    switch term.type {
    case .integer, .decimal, .number, .interval: return term
    case .null: return Term(.constant(.null), .integer)
    case .text: return try rowBinder.read(term, as: .number, place)
    default:
      throw QueryError(
        "\(function.rawValue) takes numbers, this is \(term.type.described)", at: place)
    }
  }

  func words(of term: Term) -> WordList? {
    guard case .column(.frame(let place)) = term.node, keys.indices.contains(place) else {
      return nil
    }
    return rows.words(of: keys[place])
  }

  func answer(_ query: Select) throws(QueryError) -> FrameColumn { try rows.answer(query) }

  func check() throws(QueryError) { try rows.check() }

  // MARK: Places

  /// A term with the marks of measures and aggregates replaced by the frame's columns: keys, measures, aggregates.
  func placed(_ term: Term) -> Term {
    term.mapColumns { key in
      guard case .frame(let place) = key else { return key }
      if place >= GroupScope.aggregateBase {
        return .frame(place - GroupScope.aggregateBase + keys.count + measures.count)
      }
      if place >= GroupScope.measureBase {
        return .frame(place - GroupScope.measureBase + keys.count)
      }
      return key
    }
  }
}

extension Term {
  /// The dimension a GROUP BY key is, also where a function of a time says so.
  var groupingDimension: Dimension? {
    if let dimension { return dimension }
    guard case .call(let function, let operands) = node, operands.count == 1,
      operands[0].dimension == .time
    else { return nil }
    switch function {
    case .truncate(.hour): return .bucket(.hour)
    case .extract(.hour): return .bucket(.hourOfDay)
    case .extract(.isodow): return .bucket(.weekday)
    default: return nil
    }
  }

  /// The same term over other columns.
  func mapColumns(_ map: (ColumnKey) -> ColumnKey) -> Term {
    let mapped: Node
    switch node {
    case .constant: return self
    case .column(let key): mapped = .column(map(key))
    case .not(let term): mapped = .not(term.mapColumns(map))
    case .negate(let term): mapped = .negate(term.mapColumns(map))
    case .addMonths(let term, let months): mapped = .addMonths(term.mapColumns(map), months)
    case .isNull(let term): mapped = .isNull(term.mapColumns(map))
    case .isTruth(let term, let wanted): mapped = .isTruth(term.mapColumns(map), wanted)
    case .isIn(let term, let set): mapped = .isIn(term.mapColumns(map), set)
    case .isAmong(let term, let set): mapped = .isAmong(term.mapColumns(map), set)
    case .like(let term, let pattern): mapped = .like(term.mapColumns(map), pattern)
    case .convert(let term): mapped = .convert(term.mapColumns(map))
    case .and(let terms): mapped = .and(terms.map { $0.mapColumns(map) })
    case .or(let terms): mapped = .or(terms.map { $0.mapColumns(map) })
    case .call(let function, let terms):
      mapped = .call(function, terms.map { $0.mapColumns(map) })
    case .compare(let comparison, let left, let right):
      mapped = .compare(comparison, left.mapColumns(map), right.mapColumns(map))
    case .arithmetic(let operation, let left, let right):
      mapped = .arithmetic(operation, left.mapColumns(map), right.mapColumns(map))
    case .choose(let choices, let otherwise):
      mapped = .choose(
        choices.map {
          Choice(condition: $0.condition.mapColumns(map), result: $0.result.mapColumns(map))
        }, otherwise: otherwise.mapColumns(map))
    }
    return Term(mapped, type)
  }
}
