// A whole query, answered clause by clause.

import Query

/// What the model refuses to answer; the engine must refuse it too.
enum ModelRefusal: Error, Equatable {
  case rateUnderMixedCondition
  /// What has no meaning, in words.
  case nonsense(String)
}

struct ModelQuery {
  private let store: ModelStore
  private let query: Select
  private let settings: ModelSettings
  /// GROUP BY keys, by their canonical names, each once.
  private let keys: [String]
  private let rows: [ModelRow]
  private let stateRows: [ModelRow]

  init(_ statement: Statement, _ store: ModelStore) {
    self.init(statement, store, messages: store.messages)
  }

  /// - Parameter messages: `store.messages`, for those who ask much of the same store.
  init(_ statement: Statement, _ store: ModelStore, messages: [ModelMessage]) {
    self.store = store
    query = statement.query
    settings = ModelSettings(statement.query.settings)
    var keys: [String] = []
    for group in query.groups {
      guard case .column(let column) = ModelQuery.dereference(group, query) else {
        preconditionFailure("the model groups by dimensions only")
      }
      let name = ModelDimensions.canonical(column.text)
      if !keys.contains(name) { keys.append(name) }
    }
    self.keys = keys
    var byKey: [ModelMessageKey: ModelMessage] = [:]
    for message in messages { byKey[message.key] = message }
    rows = store.events.map { ModelRow(event: $0, message: byKey[$0.message]!) }
    stateRows = messages.flatMap { message in
      message.states.map { ModelRow(event: $0, message: message) }
    }
  }

  /// The SELECT item that a position or an alias stands for.
  private static func dereference(_ expression: Expression, _ query: Select) -> Expression {
    for (index, item) in query.items.enumerated() {
      guard case .expression(let meant, let alias) = item else { continue }
      if case .literal(.integer(let position), _) = expression, Int(position) == index + 1 {
        return meant
      }
      if case .column(let name) = expression, let alias, alias.text == name.text { return meant }
    }
    return expression
  }

  private var items: [Expression] {
    query.items.compactMap { item in
      if case .expression(let expression, _) = item { return expression }
      return nil
    }
  }

  /// The measures the query names.
  private var measures: [String] {
    let expressions =
      items + [query.having].compactMap { $0 }
      + query.order.map { ModelQuery.dereference($0.expression, query) }
    return expressions.flatMap(ModelExpression.columns).filter(ModelMeasures.all.contains)
  }

  /// The top-level AND terms of WHERE.
  private var conditions: [Expression] {
    guard let filter = query.filter else { return [] }
    return ModelQuery.terms(filter)
  }

  private static func terms(_ filter: Expression) -> [Expression] {
    if case .and(let terms, _) = filter { return terms.flatMap(terms(_:)) }
    return [filter]
  }

  /// The rows of the answer.
  ///
  /// - Throws: ModelRefusal for rates that have no meaning.
  func answer() throws(ModelRefusal) -> [[ModelValue]] {
    try refuseMixing()
    var groups = groups().filter { group in
      query.having.map { value($0, group).truth == true } ?? true
    }
    groups = sorted(groups)
    groups = Array(groups.dropFirst(query.offset?.value ?? 0))
    if let limit = query.limit { groups = Array(groups.prefix(limit.value)) }
    return groups.map { group in
      items.map { item in
        // Exact where it stands alone.
        if case .column(let name) = item, name.text == "revenue" {
          return ModelMeasures(settings: settings).value("revenue", group)
        }
        return value(item, group)
      }
    }
  }

  private func refuseMixing() throws(ModelRefusal) {
    guard measures.contains(where: ModelMeasures.isRate) else { return }
    for condition in conditions {
      let names = ModelExpression.columns(condition)
      if names.contains(where: ModelDimensions.isOfMessage),
        names.contains(where: { !ModelDimensions.isOfMessage($0) })
      {
        throw .rateUnderMixedCondition
      }
    }
  }

  // MARK: Groups

  private func groups() -> [ModelGroup] {
    let events = rows.filter { settings.exists($0.event) }
    let countedKinds = measures.flatMap(ModelMeasures.statesCounted)
    var groups: [[ModelValue]: ModelGroup] = [:]
    if keys.isEmpty { groups[[]] = ModelGroup(key: []) }
    for row in events where passes(row, conditions) {
      groups[key(row), default: ModelGroup(key: key(row))].events.append(row)
    }
    for row in stateRows where passes(row, conditions) && countedKinds.contains(row.event.kind) {
      groups[key(row), default: ModelGroup(key: key(row))].states.append(row)
    }
    guard measures.contains(where: ModelMeasures.isRate) else { return Array(groups.values) }
    let ofMessages = conditions.filter {
      ModelExpression.columns($0).allSatisfy(ModelDimensions.isOfMessage)
    }
    let populationEvents = events.filter { passes($0, ofMessages) }
    let populationStates = stateRows.filter { passes($0, ofMessages) }
    return groups.values.map { group in
      var group = group
      group.populationEvents = populationEvents.filter { sharesMessageKeys($0, group) }
      group.populationStates = populationStates.filter { sharesMessageKeys($0, group) }
      return group
    }
  }

  private func passes(_ row: ModelRow, _ conditions: [Expression]) -> Bool {
    conditions.allSatisfy { condition in
      ModelExpression.value(condition) { store.value($0, row) }.truth == true
    }
  }

  private func key(_ row: ModelRow) -> [ModelValue] { keys.map { store.value($0, row) } }

  private func sharesMessageKeys(_ row: ModelRow, _ group: ModelGroup) -> Bool {
    zip(keys, group.key).allSatisfy { name, value in
      !ModelDimensions.isOfMessage(name) || store.value(name, row) == value
    }
  }

  // MARK: Values and order

  private func value(_ expression: Expression, _ group: ModelGroup) -> ModelValue {
    ModelExpression.value(expression) { name in
      if ModelMeasures.all.contains(name) {
        let value = ModelMeasures(settings: settings).value(name, group)
        guard name == "revenue", case .integer(let millionths) = value else { return value }
        return .number(Double(millionths) / 1e6)
      }
      guard let index = keys.firstIndex(of: ModelDimensions.canonical(name)) else {
        preconditionFailure("\(name) is no key")
      }
      return store.shown(group.key[index], of: name)
    }
  }

  private func sorted(_ groups: [ModelGroup]) -> [ModelGroup] {
    let keyed = groups.map { group in
      (
        group: group,
        order: query.order.map { value(ModelQuery.dereference($0.expression, query), group) },
        keys: zip(keys, group.key).map { store.shown($1, of: $0) }
      )
    }
    let sorted = keyed.sorted { left, right in
      for (index, item) in query.order.enumerated() where left.order[index] != right.order[index] {
        let (a, b) = (left.order[index], right.order[index])
        if a == .null || b == .null {
          let areNullsFirst = item.nulls.map { $0 == .first } ?? item.isDescending
          return (a == .null) == areNullsFirst
        }
        let order = a.order(to: b) ?? 0
        if order != 0 { return item.isDescending ? order > 0 : order < 0 }
      }
      for (a, b) in zip(left.keys, right.keys) where a != b { return a.isRow(before: b) }
      return false
    }
    return sorted.map(\.group)
  }
}
