// A whole query of any table, answered clause by clause. docs/SEMANTICS.md, "Rows and plain SQL" and "Measures".

import Query

/// Columns and rows, as a result shows them.
struct ModelAnswer {
  var names: [String] = []
  var types: [ModelType] = []
  var rows: [[ModelValue]] = []
}

struct ModelSelect {
  private typealias Item = (expression: Expression, alias: String?, name: String)

  private let query: Select
  private let database: ModelDatabase
  private let settings: ModelSettings
  private let table: ModelTable

  init(_ query: Select, _ database: ModelDatabase, _ settings: ModelSettings) {
    self.query = query
    self.database = database
    self.settings = settings
    table = database.table(query.source, settings)
  }

  /// The answer to a statement.
  static func answer(_ statement: Statement, _ database: ModelDatabase) throws -> ModelAnswer {
    let settings = try ModelSettings(checking: statement.query.settings)
    return try ModelSelect(statement.query, database, settings).answer()
  }

  func answer() throws -> ModelAnswer {
    let items = expandedItems
    let order = try query.order.map { item in
      (item: item, expression: try dereference(item.expression, items, isOrder: true))
    }
    let after =
      items.map(\.expression) + order.map(\.expression) + (query.having.map { [$0] } ?? [])
    let names = after.flatMap(ModelExpression.names)
    let measures = query.source == .events ? names.filter(ModelMeasures.all.contains) : []
    let isGrouped =
      !query.groups.isEmpty || query.having != nil || !measures.isEmpty
      || names.contains {
        ModelAggregate.names.contains($0.replacingSuffix("()", "")) && $0.hasSuffix("()")
      }
    if isGrouped && query.items.contains(where: isStar) {
      throw ModelRefusal.nonsense("* of groups")
    }
    var binder = ModelBinder(database: database, table: table, settings: settings)
    let filter = try query.filter.map(binder.truth)
    let keys = try query.groups.map { group in
      let expression = try dereference(group, items, isOrder: false)
      return (expression: expression, bound: try binder.bind(expression))
    }
    if !measures.isEmpty { try checkMeasures(measures, keys.map(\.expression)) }
    let contexts: [ModelContext]
    if isGrouped {
      contexts =
        measures.isEmpty
        ? try groups(filter, keys.map(\.bound))
        : try measuredGroups(measures, keys.map(\.expression))
      binder.scope = .group(keys: keys, hasMeasures: !measures.isEmpty)
    } else {
      contexts = try table.rows.map { ModelContext(row: $0) }.filter { try passes($0, filter) }
    }
    let bound = try items.map { try binder.bind($0.expression) }
    let sorting = try order.map { ModelSorting($0.item, try binder.bind($0.expression)) }
    let having = try query.having.map(binder.truth)
    let ties = isGrouped ? nil : table.order
    var rows: [ModelSortedRow] = []
    for context in contexts where try passes(context, having) {
      rows.append(
        ModelSortedRow(
          order: try sorting.map { try $0.bound.value(context) },
          ties: ties?.map { context.row?.values[$0] ?? .null } ?? context.key,
          items: try bound.map { try $0.value(context) }))
    }
    rows = Array(ModelSortedRow.sorted(rows, by: sorting).dropFirst(query.offset?.value ?? 0))
    if let limit = query.limit { rows = Array(rows.prefix(limit.value)) }
    return ModelAnswer(
      names: items.map(\.name), types: bound.map { $0.type ?? .text }, rows: rows.map(\.items))
  }

  private func passes(_ context: ModelContext, _ condition: ModelBound?) throws -> Bool {
    guard let condition else { return true }
    return try condition.value(context).truth == true
  }

  // MARK: Items

  private func isStar(_ item: SelectItem) -> Bool {
    if case .all = item { return true }
    return false
  }

  private var expandedItems: [Item] {
    query.items.flatMap { item -> [Item] in
      switch item {
      case .all:
        return table.star.map { name in
          let parts = name.split(separator: ".").map(String.init)
          let column = parts.count == 2 ? ColumnName(parts[1], of: parts[0]) : ColumnName(name)
          let shown = name == "link.url" || name == "link.position" ? parts[1] : name
          return (.column(column), nil, shown)
        }
      case .expression(let expression, let alias):
        return [(expression, alias?.text, alias?.text ?? Printer.text(of: expression))]
      }
    }
  }

  /// The item that a position or an alias stands for. In GROUP BY a column of the table outranks an alias.
  private func dereference(
    _ expression: Expression, _ items: [Item], isOrder: Bool
  ) throws -> Expression {
    if case .literal(.integer(let position), _) = expression {
      guard position >= 1, position <= items.count else {
        throw ModelRefusal.nonsense("no item \(position)")
      }
      return items[Int(position) - 1].expression
    }
    guard case .column(let name) = expression, name.qualifier == nil else { return expression }
    if !isOrder, table.canonical(name) != nil { return expression }
    return items.first { $0.alias == name.name }?.expression ?? expression
  }

  // MARK: Groups

  private func groups(_ filter: ModelBound?, _ keys: [ModelBound]) throws -> [ModelContext] {
    var groups: [[ModelValue]: ModelContext] = [:]
    if keys.isEmpty { groups[[]] = ModelContext() }
    for row in table.rows where try passes(ModelContext(row: row), filter) {
      let key = try keys.map { try $0.value(ModelContext(row: row)) }
      groups[key.map(\.canonical), default: ModelContext(key: key)].rows.append(row)
    }
    return Array(groups.values)
  }

  /// Keys must be dimensions; a rate forbids conditions that mix the two kinds.
  private func checkMeasures(_ measures: [String], _ keys: [Expression]) throws {
    for key in keys {
      guard case .column(let name) = key, name.text != "value" else {
        throw ModelRefusal.nonsense("a key that is no dimension")
      }
    }
    guard measures.contains(where: ModelMeasures.isRate) else { return }
    for term in terms {
      let names = dimensions(term)
      if names.contains(where: ModelDimensions.isOfMessage),
        names.contains(where: { !ModelDimensions.isOfMessage($0) })
      {
        throw ModelRefusal.rateUnderMixedCondition
      }
    }
  }

  /// The top-level AND terms of WHERE.
  private var terms: [Expression] {
    guard let filter = query.filter else { return [] }
    if case .and(let terms, _) = filter { return terms }
    return [filter]
  }

  private func dimensions(_ expression: Expression) -> [String] {
    ModelExpression.names(expression).filter { !$0.hasSuffix("()") }
  }

  private func measuredGroups(_ measures: [String], _ keys: [Expression]) throws -> [ModelContext] {
    let names = keys.compactMap { key -> String? in
      guard case .column(let name) = key else { return nil }
      return table.canonical(name)
    }
    let binder = ModelBinder(database: database, table: table, settings: settings)
    let all = try terms.map { try binder.truth(of: $0) }
    let ofMessages = try terms.filter { dimensions($0).allSatisfy(ModelDimensions.isOfMessage) }
      .map { try binder.truth(of: $0) }
    let passing = { (rows: [ModelTableRow], conditions: [ModelBound]) in
      try rows.filter { row in
        try conditions.allSatisfy { try $0.value(ModelContext(row: row)).truth == true }
      }
    }
    let kinds = measures.flatMap(ModelMeasures.statesCounted)
    var groups: [[ModelValue]: ModelContext] = [:]
    if keys.isEmpty { groups[[]] = ModelContext(measured: ModelGroup(key: [])) }
    for (rows, isState) in [(table.rows, false), (table.states, true)] {
      for row in try passing(rows, all) {
        guard let source = row.source, !isState || kinds.contains(source.event.kind) else {
          continue
        }
        let key = names.map { row.values[$0] ?? .null }
        var group = groups[key] ?? ModelContext(key: key, measured: ModelGroup(key: key))
        if isState {
          group.measured?.states.append(source)
        } else {
          group.rows.append(row)
          group.measured?.events.append(source)
        }
        groups[key] = group
      }
    }
    let populationEvents = try passing(table.rows, ofMessages)
    let populationStates = try passing(table.states, ofMessages)
    return groups.values.map { group in
      var group = group
      let key = group.key
      let isShared = { (row: ModelTableRow) in
        zip(names, key).allSatisfy { name, value in
          !ModelDimensions.isOfMessage(name) || row.values[name] == value
        }
      }
      group.measured?.populationEvents = populationEvents.filter(isShared).compactMap(\.source)
      group.measured?.populationStates = populationStates.filter(isShared).compactMap(\.source)
      return group
    }
  }
}

/// One key of ORDER BY.
struct ModelSorting {
  let bound: ModelBound
  let isDescending: Bool
  let areNullsFirst: Bool

  init(_ item: OrderItem, _ bound: ModelBound) {
    self.bound = bound
    isDescending = item.isDescending
    areNullsFirst = item.nulls.map { $0 == .first } ?? item.isDescending
  }
}

/// A row of the answer, with all that decides its place.
struct ModelSortedRow {
  let order: [ModelValue]
  /// The group's key, or what orders the table.
  let ties: [ModelValue]
  let items: [ModelValue]

  static func sorted(_ rows: [ModelSortedRow], by sorting: [ModelSorting]) -> [ModelSortedRow] {
    rows.sorted { left, right in
      for (index, key) in sorting.enumerated() {
        let (a, b) = (left.order[index], right.order[index])
        if (a == .null) != (b == .null) { return (a == .null) == key.areNullsFirst }
        let order = a.order(to: b) ?? 0
        if order != 0 { return key.isDescending ? order > 0 : order < 0 }
      }
      for (a, b) in zip(left.ties + left.items, right.ties + right.items) {
        if a.isRow(before: b) { return true }
        if b.isRow(before: a) { return false }
      }
      return false
    }
  }
}
