// Random statements of the whole language: lists and groups of every table, measures beside aggregates, and now and
// then something without meaning, which both the engine and the model must refuse.

import Base
import Query

struct RandomStatement {
  private var rows: RandomExpression
  private var settings: [Setting] = []
  private var query: Select

  /// A statement about the database.
  static func make(_ random: inout PRNG, _ database: ModelDatabase) -> Statement {
    var maker = RandomStatement(random, database)
    maker.fill()
    if maker.rows.isHit(0.04) { maker.spoil() }
    random = maker.rows.random
    maker.query.settings = maker.settings
    return Statement(purpose: .answer, query: maker.query)
  }

  private init(_ random: PRNG, _ database: ModelDatabase) {
    var random = random
    if random.isHit(0.4) {
      let choices = [
        ("audience", ["human", "machine", "all", "all"]), ("implied_opens", ["on", "off"]),
        ("denominator", ["delivered", "sent", "tracked"]),
        ("definition", ["zoho", "mailpoet", "sfmc"]),
      ]
      settings = (0...random.below(2)).map { _ in
        let (name, values) = random.pick(choices)
        return Setting(name: Identifier(name), value: Identifier(random.pick(values)))
      }
    }
    let sources: [Source] = [
      .messages, .messages, .messages, .messages, .messages, .events, .events, .events, .events,
      .recipients, .campaigns, .links,
    ]
    let source = random.pick(sources)
    rows = RandomExpression(random, database, source, ModelSettings(settings))
    query = Select(items: [], source: source)
  }

  private mutating func fill() {
    let isMeasured = query.source == .events && rows.isHit(0.4)
    if rows.isHit(0.65) {
      query.filter = isMeasured ? measuredCondition() : rows.condition(rows.pick([0, 1, 2]))
    }
    if isMeasured || rows.isHit(0.5) { fillGroups(isMeasured) } else { fillList() }
    if rows.isHit(0.25) { query.limit = RowCount(rows.pick([1, 2, 3, 5, 5, 9, 100])) }
    if rows.isHit(0.12) { query.offset = RowCount(rows.pick([0, 1, 1, 3])) }
  }

  private mutating func item(_ expression: Expression) -> SelectItem {
    let alias = rows.isHit(0.15) ? Identifier("x\(query.items.count + 1)") : nil
    return .expression(expression, alias: alias)
  }

  // MARK: Lists

  private mutating func fillList() {
    if rows.isHit(0.08) { query.items.append(.all(.none)) }
    let count = query.items.count + rows.pick([1, 1, 2, 3, 4])
    while query.items.count < count {
      let isColumn = rows.isHit(0.55)
      let name = rows.pick(rows.columns).name
      query.items.append(item(isColumn ? rows.column(name) : rows.make(rows.type(), 2)))
    }
    guard rows.isHit(0.5) else { return }
    var maker = rows
    fillOrder(&maker)
    rows.random = maker.random
  }

  private mutating func fillOrder(_ maker: inout RandomExpression) {
    let order = (0...maker.random.below(2)).map { _ in
      var key = maker.make(maker.type(), 1)
      if maker.isHit(0.5), case .expression(let expression, let alias) = maker.pick(query.items) {
        key = alias.map { .column(ColumnName($0.text)) } ?? expression
      }
      if maker.isHit(0.25), !query.items.contains(.all(.none)) {
        key = RandomExpression.whole(1 + maker.random.below(query.items.count))
      }
      // A literal would be a position.
      if case .literal = key { key = RandomExpression.whole(1) }
      let nulls: OrderItem.Nulls? = maker.pick([nil, nil, .first, .last])
      return OrderItem(key, isDescending: maker.isHit(0.5), nulls: nulls)
    }
    query.order = order
  }

  // MARK: Groups

  private mutating func fillGroups(_ isMeasured: Bool) {
    var keys: [RandomExpression.Leaf] = []
    for _ in 0..<rows.pick([0, 1, 1, 1, 2, 2, 3]) { keys.append(isMeasured ? dimension() : key()) }
    var maker = rows
    let measured = isMeasured ? measures(&maker) : []
    maker.groupLeaves = keys + measured
    for leaf in keys where maker.isHit(0.9) { query.items.append(item(leaf.expression)) }
    let count = query.items.count + 1 + maker.random.below(3)
    while query.items.count < count {
      if isMeasured, query.items.count == keys.count, let measure = maker.groupLeaves?.last {
        query.items.append(item(measure.expression))
      } else {
        query.items.append(item(maker.make(maker.type(), maker.pick([0, 0, 1, 2]))))
      }
    }
    query.groups = keys.map { place($0.expression, &maker) }
    if maker.isHit(0.25) { query.having = maker.condition(1) }
    if maker.isHit(0.5) { fillOrder(&maker) }
    rows.random = maker.random
  }

  /// The key, or the position or the alias of the item that it is.
  private func place(_ key: Expression, _ maker: inout RandomExpression) -> Expression {
    for (index, item) in query.items.enumerated() {
      guard case .expression(key, let alias) = item, maker.isHit(0.3) else { continue }
      return alias.map { .column(ColumnName($0.text)) } ?? RandomExpression.whole(index + 1)
    }
    return key
  }

  /// Something with few values. A literal would be a position.
  private mutating func key() -> RandomExpression.Leaf {
    while true {
      let (name, type) = rows.pick(rows.columns)
      if rows.isHit(0.65) { return (type, rows.column(name)) }
      let wanted = rows.type()
      let expression = rows.make(wanted, 2)
      if case .literal = expression { continue }
      if case .negate(.literal, _) = expression { continue }
      return (wanted, expression)
    }
  }

  private mutating func dimension() -> RandomExpression.Leaf {
    let (name, type) = rows.pick(rows.columns.filter { $0.name != "value" })
    return (type, rows.column(name))
  }

  private func measures(_ maker: inout RandomExpression) -> [RandomExpression.Leaf] {
    (0...maker.random.below(3)).map { _ in
      let name = maker.pick(ModelMeasures.all)
      let isRate = ModelMeasures.isRate(name) && name != "population"
      let type: ModelType = name == "revenue" ? .decimal : isRate ? .rate : .integer
      return (type, .column(ColumnName(name)))
    }
  }

  /// Mostly terms that are either about messages or about events, so that rates have a meaning.
  private mutating func measuredCondition() -> Expression {
    let all = rows.columns
    let isMixed = rows.isHit(0.12)
    var terms: [Expression] = []
    for _ in 0...rows.random.below(2) {
      let isOfMessage = rows.isHit(0.5)
      if !isMixed {
        rows.columns = all.filter { ModelDimensions.isOfMessage($0.name) == isOfMessage }
      }
      switch rows.condition(1) {
      case .and(let inner, _): terms += inner
      case let term: terms.append(term)
      }
    }
    rows.columns = all
    return terms.count == 1 ? terms[0] : .and(terms, .none)
  }

  // MARK: Nonsense

  /// Makes the statement one that has no meaning.
  private mutating func spoil() {
    let column = { (name: String) in Expression.column(ColumnName(name)) }
    let names: [Source: String] = [.recipients: "recipient", .links: "link"]
    let name = column(names[query.source] ?? "campaign")
    let aggregate = RandomExpression.call("count", [RandomExpression.whole(1)])
    let nonsense: [Expression] = [
      column("nothing"), rows.calculate(.add, RandomExpression.call("now", []), name),
      RandomExpression.call("lower", [RandomExpression.whole(1)]),
      RandomExpression.call("sunder", [name]), RandomExpression.call("length", [name, name]),
      RandomExpression.call(
        "date_trunc", [RandomExpression.text("eon"), RandomExpression.call("now", [])]),
      .extract(Identifier("hour"), from: RandomExpression.whole(1), .none),
      .compare(.equal, RandomExpression.whole(1), RandomExpression.text("many"), .none),
      .compare(.less, RandomExpression.call("now", []), RandomExpression.whole(5), .none),
      .not(RandomExpression.whole(1), .none), RandomExpression.call("sum", [aggregate]),
      RandomExpression.call("sum", [RandomExpression.call("now", [])]),
      .cast(RandomExpression.call("now", []), to: .integer, .none),
      RandomExpression.call("coalesce", [name, RandomExpression.whole(1)]),
    ]
    switch rows.random.below(4) {
    case 0:
      query.filter = rows.pick([aggregate, name, RandomExpression.whole(1), column("nothing")])
    case 1: query.order = [OrderItem(RandomExpression.whole(query.items.count + 20))]
    case 2: query.groups.append(aggregate)
    default: query.items.append(.expression(rows.pick(nonsense), alias: nil))
    }
  }
}
