// From the tree to the plan: names become columns, keys, aggregates and measures, WHERE is split into what dictionaries
// can answer and the rest, and what cannot be answered is refused with its place.

internal import Base
internal import Columnar

struct Binder {
  private let query: Select
  private let context: QueryContext
  private let table: TableColumns
  private let rows: RowScope
  private let rowBinder: TermBinder
  /// SELECT with `*` written out.
  private var items: [(expression: Expression, alias: Identifier?)] = []

  /// Binds a parsed query.
  ///
  /// - Parameter context: has the session's and the query's own settings together.
  static func bind(
    _ query: Select, _ context: QueryContext, _ runner: QueryRunner
  ) throws(QueryError) -> Plan {
    var binder = Binder(query, context, runner)
    return try binder.bind()
  }

  private init(_ query: Select, _ context: QueryContext, _ runner: QueryRunner) {
    self.query = query
    self.context = context
    table = TableColumns(query.source, context)
    rows = RowScope(table, runner)
    rowBinder = TermBinder(rows, context)
  }

  private mutating func bind() throws(QueryError) -> Plan {
    try collectItems()
    var plan = Plan(settings: context.settings)
    plan.limit = query.limit?.value
    plan.offset = query.offset?.value ?? 0
    for conjunct in query.filter?.conjuncts ?? [] {
      plan.conditions.append(
        Plan.Condition(written: conjunct, term: try rowBinder.condition(conjunct)))
    }
    if isGrouped { try bindGroups(&plan) } else { try bindListing(&plan) }
    return plan
  }

  private var isGrouped: Bool {
    if !query.groups.isEmpty || query.having != nil { return true }
    // An alias may have a measure's name.
    let order = query.order.map(\.expression).filter { aliased($0) == nil }
    let expressions = items.map(\.expression) + order
    return expressions.contains { $0.hasAggregate || query.source == .events && $0.hasMeasure }
  }

  private mutating func collectItems() throws(QueryError) {
    for item in query.items {
      switch item {
      case .expression(let expression, let alias): items.append((expression, alias))
      case .all(let place):
        guard query.groups.isEmpty else {
          throw QueryError("* cannot be grouped", at: place, hint: "name keys and aggregates")
        }
        for name in table.star {
          let parts = name.split(separator: ".", maxSplits: 1).map { String($0) }
          let column =
            parts.count == 2
            ? ColumnName(parts[1], of: parts[0], at: place) : ColumnName(name, at: place)
          items.append((.column(column), nil))
        }
      }
    }
  }

  private func name(of item: (expression: Expression, alias: Identifier?)) -> String {
    item.alias?.text ?? Printer.text(of: item.expression)
  }

  // MARK: Conditions

  private func predicate(_ term: Term) -> Predicate {
    Predicate(term, isUTC: context.settings.timeZone.isUTC)
  }

  /// The plan of plain SQL over the table's rows.
  private func rowPlan(_ shape: RowPlan.Shape, _ conditions: [Plan.Condition]) -> RowPlan {
    var plan = RowPlan(source: query.source, shape: shape)
    for term in conditions.map(\.term) {
      if query.source == .events || query.source == .messages && term.isOfMessage {
        plan.conditions += predicate(term).conjuncts
      }
      if query.source != .events { plan.filters += term.conjuncts }
    }
    return plan
  }

  // MARK: Listings

  private func bindListing(_ plan: inout Plan) throws(QueryError) {
    var columns: [Term] = []
    func place(_ term: Term) -> Int {
      if let known = columns.firstIndex(of: term) { return known }
      columns.append(term)
      return columns.count - 1
    }
    for item in items {
      let term = try rowBinder.term(item.expression)
      plan.items.append(
        Plan.Item(name: name(of: item), term: Term(.column(.frame(place(term))), term.type)))
    }
    var order: [(column: Int, isDescending: Bool, nullsFirst: Bool)] = []
    for item in query.order {
      let term = try rowBinder.term(try ordered(item.expression))
      order.append((place(term), item.isDescending, nullsFirst(item)))
    }
    for name in table.defaultOrder {
      if let term = table[name] { order.append((place(term), false, false)) }
    }
    let leadingKeyCount = order.count
    order += plan.items.compactMap { item in
      guard case .column(.frame(let column)) = item.term.node else { return nil }
      return (column, false, false)
    }
    var rows = rowPlan(.listing(columns), plan.conditions)
    rows.wantedRowCount = plan.limit.map { $0.addingReportingOverflow(plan.offset) }
      .flatMap { $0.overflow ? nil : $0.partialValue }
    rows.order = order
    rows.leadingKeyCount = leadingKeyCount
    plan.order = order.map { key in
      Plan.Order(
        term: Term(.column(.frame(key.column)), columns[key.column].type),
        isDescending: key.isDescending, nullsFirst: key.nullsFirst)
    }
    plan.rows = rows
  }

  /// Ascending has NULL last, descending first, as in PostgreSQL.
  private func nullsFirst(_ item: OrderItem) -> Bool {
    item.nulls.map { $0 == .first } ?? item.isDescending
  }

  /// What ORDER BY names by position or alias, or the expression itself.
  private func ordered(_ expression: Expression) throws(QueryError) -> Expression {
    if let named = aliased(expression) { return named }
    return try positioned(expression)
  }

  /// What an alias alone stands for; nil for every other expression.
  private func aliased(_ expression: Expression) -> Expression? {
    guard case .column(let column) = expression, column.qualifier == nil else { return nil }
    return items.first { $0.alias?.text == column.name }?.expression
  }

  /// What GROUP BY names: a column of the table before an alias.
  private func grouped(_ expression: Expression) throws(QueryError) -> Expression {
    if case .column(let column) = expression, table[column.text] == nil {
      return try ordered(expression)
    }
    return try positioned(expression)
  }

  private func positioned(_ expression: Expression) throws(QueryError) -> Expression {
    guard case .literal(.integer(let position), let place) = expression else { return expression }
    guard position >= 1, position <= items.count else {
      throw QueryError("there is no SELECT item \(position)", at: place)
    }
    return items[Int(position) - 1].expression
  }

  // MARK: Groups

  private func bindGroups(_ plan: inout Plan) throws(QueryError) {
    let scope = GroupScope(
      try keys(&plan), rows, rowBinder, isOfEvents: query.source == .events)
    let binder = TermBinder(scope, context)
    var items: [Plan.Item] = []
    for item in self.items {
      items.append(Plan.Item(name: name(of: item), term: try binder.term(item.expression)))
    }
    let having = try query.having.map { (having) throws(QueryError) in
      try binder.condition(having)
    }
    var order: [Plan.Order] = []
    for item in query.order {
      order.append(
        Plan.Order(
          term: try binder.term(try ordered(item.expression)), isDescending: item.isDescending,
          nullsFirst: nullsFirst(item)))
    }
    for (index, key) in scope.keys.enumerated() {
      order.append(
        Plan.Order(
          term: Term(.column(.frame(index)), key.type), isDescending: false, nullsFirst: false))
    }
    // Only now are all measures known, and with them the columns behind them.
    plan.items = items.map { Plan.Item(name: $0.name, term: scope.placed($0.term)) }
    plan.having = having.map { scope.placed($0) }
    plan.order = order.map { item in
      Plan.Order(
        term: scope.placed(item.term), isDescending: item.isDescending,
        nullsFirst: item.nullsFirst)
    }
    try count(scope, &plan)
  }

  private func keys(_ plan: inout Plan) throws(QueryError) -> [Term] {
    var keys: [Term] = []
    for group in query.groups {
      let expression = try grouped(group)
      if query.source == .events, case .column(let column) = expression,
        Measure(rawValue: column.text) != nil, table[column.text] == nil
      {
        throw QueryError("\(column.text) is a measure; GROUP BY takes dimensions", at: group.place)
      }
      if expression.hasAggregate {
        throw QueryError("GROUP BY takes no aggregates", at: group.place)
      }
      let key = try rowBinder.term(expression)
      if keys.contains(key) { continue }
      keys.append(key)
      plan.writtenKeys.append(expression)
    }
    return keys
  }

  /// What has to be counted in the shards.
  private func count(_ scope: GroupScope, _ plan: inout Plan) throws(QueryError) {
    if scope.measures.isEmpty || !scope.aggregates.isEmpty {
      plan.rows = rowPlan(.groups(scope.keys, scope.aggregates), plan.conditions)
    }
    guard !scope.measures.isEmpty else { return }
    guard let dimensions = scope.dimensions else {
      throw QueryError(
        "measures are grouped by dimensions", at: query.groups[0].place,
        hint: "such as campaign, hour or recipient.school")
    }
    try checkMixing(scope.measures, plan.conditions)
    plan.measures = MeasurePlan(
      keys: dimensions, formulas: scope.measures.map { $0.formula(plan.settings) },
      conditions: plan.conditions.flatMap { predicate($0.term).conjuncts },
      settings: plan.settings)
  }

  /// A rate cannot follow a condition that is partly about messages and partly about events.
  private func checkMixing(
    _ measures: [Measure], _ conditions: [Plan.Condition]
  ) throws(QueryError) {
    guard let rate = measures.first(where: \.isRate) else { return }
    for condition in conditions where !condition.term.isOfMessage {
      let mixes = condition.term.conjuncts.contains { part in
        !part.isOfMessage && part.columns.contains(where: \.isOfMessage)
      }
      guard mixes else { continue }
      throw QueryError(
        "\(rate.rawValue) has no meaning under a condition that mixes message and event dimensions",
        at: condition.written.place, hint: "split the condition with AND, or ask for counts")
    }
  }
}
