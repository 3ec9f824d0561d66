// Random expressions of a wanted type over the columns of a table, or over the keys, aggregates and measures of its
// groups. Literals mostly occur in the data.

import Base
import Query

struct RandomExpression {
  typealias Leaf = (type: ModelType, expression: Expression)

  var random: PRNG
  let database: ModelDatabase
  let settings: ModelSettings
  let source: Source
  let table: ModelTable
  /// The columns to draw from, some of them several times.
  var columns: [(name: String, type: ModelType)] = []
  /// What a group has besides aggregates, while its items are drawn; nil for rows.
  var groupLeaves: [Leaf]?

  init(_ random: PRNG, _ database: ModelDatabase, _ source: Source, _ settings: ModelSettings) {
    self.random = random
    self.database = database
    self.settings = settings
    self.source = source
    table = database.table(source, settings)
    let favourites = """
      campaign recipient kind status opens clicks revenue value time link bounce_class variant opened tracked \
      first_open_at sent_at send conversions
      """.words
    for (name, type) in table.types.sorted(by: { $0.key < $1.key }) {
      columns += Array(repeating: (name, type), count: favourites.contains(name) ? 4 : 1)
    }
  }

  mutating func pick<Element>(_ elements: [Element]) -> Element { random.pick(elements) }

  mutating func isHit(_ chance: Double) -> Bool { random.isHit(chance) }

  // MARK: Leaves

  /// A column as queries name it.
  mutating func column(_ name: String) -> Expression {
    let parts = name.split(separator: ".").map(String.init)
    guard parts.count == 2 else { return .column(ColumnName(name)) }
    let isAttribute = database.store.attributeNames(parts[0]).contains(parts[1])
    let isShort = parts[0] == "link" && ["url", "position"].contains(parts[1])
    if isShort && (!isAttribute || isHit(0.5)) { return .column(ColumnName(parts[1])) }
    if table.owner == parts[0] && isHit(0.4) { return .column(ColumnName(parts[1])) }
    return .column(ColumnName(parts[1], of: parts[0]))
  }

  static func whole(_ value: Int) -> Expression {
    let literal = Expression.literal(.integer(Int64(abs(value))), .none)
    return value < 0 ? .negate(literal, .none) : literal
  }

  static func text(_ text: String) -> Expression { .literal(.text(Array(text.utf8)), .none) }

  /// A value as a literal.
  static func literal(_ value: ModelValue) -> Expression {
    switch value {
    case .null: return .literal(.null, .none)
    case .boolean(let truth): return .literal(.boolean(truth), .none)
    case .integer(let number): return whole(number)
    case .decimal, .number:
      let number = value.number ?? 0
      let literal = Expression.literal(.number(abs(number)), .none)
      return number < 0 ? .negate(literal, .none) : literal
    case .text(let text): return RandomExpression.text(text)
    case .time(let time): return .literal(.timestamp(Int64(time)), .none)
    case .date(let day): return .literal(.date(day / ModelTime.day), .none)
    case .interval(let months, let milliseconds):
      return .literal(.interval(Interval(months: months, milliseconds: Int64(milliseconds))), .none)
    }
  }

  /// A value of the column that some row has, as a literal; now and then as text that is read as one.
  mutating func sample(_ name: String, _ type: ModelType) -> Expression {
    guard !table.rows.isEmpty, !isHit(0.05), let value = pick(table.rows).values[name],
      value != .null
    else { return ModelWords.of(name).map { RandomExpression.text(pick($0)) } ?? constant(type) }
    if type != .text, type != .interval, isHit(0.15) {
      return RandomExpression.text(type == .boolean ? pick(["yes", "no"]) : value.csv)
    }
    return RandomExpression.literal(value)
  }

  /// Some literal of a type.
  mutating func constant(_ type: ModelType) -> Expression {
    switch type {
    case .text:
      return RandomExpression.text(
        pick(["", "A", "l1", "spring", "x", "%", "10", "ann@x.example"]))
    case .integer: return RandomExpression.whole(pick([0, 0, 1, 1, 2, 3, 5, 10, -1]))
    case .number, .rate, .decimal:
      return RandomExpression.literal(.number(pick([0, 0.5, 1, 1.5, 2.25, 0.1, 100])))
    case .boolean: return .literal(.boolean(isHit(0.5)), .none)
    case .timestamp, .date:
      let times = table.rows.flatMap { $0.values.values.compactMap(\.moment) }
      let time = times.isEmpty ? 1_772_445_600_000 : pick(times.sorted())
      return RandomExpression.literal(
        type == .date ? .date(ModelTime.dayStart(of: time)) : .time(time))
    case .interval:
      let spans: [(Int, Int)] = [
        (0, 0), (0, 1800), (0, 86_400), (0, 7 * 86_400), (1, 0), (12, 3600), (0, -90),
      ]
      let (months, seconds) = pick(spans)
      return RandomExpression.literal(.interval(months: months, milliseconds: seconds * 1000))
    }
  }

  /// A column, a key, an aggregate or a measure of the type; a constant where there is none.
  mutating func leaf(_ type: ModelType) -> Expression {
    if isHit(0.12) { return type == .decimal ? leafOfData(type) : constant(type) }
    return leafOfData(type)
  }

  private mutating func leafOfData(_ type: ModelType) -> Expression {
    if let groupLeaves {
      let own = groupLeaves.filter { $0.type == type || type == .number && $0.type == .rate }
      return own.isEmpty || isHit(0.4) ? aggregate(type) : pick(own).expression
    }
    let own = columns.filter { $0.type == type }
    return own.isEmpty ? constant(type) : column(pick(own).name)
  }

  /// Whether there are columns of a type, so that expressions of it mean something.
  func has(_ type: ModelType) -> Bool { columns.contains { $0.type == type } }

  /// A type that the table has.
  mutating func type() -> ModelType {
    let types: [ModelType] = [
      .text, .text, .text, .integer, .integer, .number, .boolean, .decimal, .timestamp, .timestamp,
      .date, .interval,
    ]
    let type = pick(types)
    if isHit(0.6), groupLeaves == nil, !has(type), type != .interval, !columns.isEmpty {
      return pick(columns).type
    }
    if type == .decimal && !has(.decimal) { return .integer }
    if type.isTime || type == .interval, !has(.timestamp) && !has(.date) { return .text }
    return type
  }

  // MARK: Expressions

  static func call(_ name: String, _ arguments: [Expression]) -> Expression {
    .call(Call(Identifier(name), arguments))
  }

  func calculate(_ operation: Arithmetic, _ left: Expression, _ right: Expression) -> Expression {
    .arithmetic(operation, left, right, .none)
  }

  mutating func make(_ type: ModelType, _ depth: Int) -> Expression {
    guard depth > 0, !isHit(0.4) else { return leaf(type) }
    if isHit(0.12) { return choice(type, depth - 1) }
    switch type {
    case .text: return text(depth - 1)
    case .integer: return integer(depth - 1)
    case .decimal: return decimal(depth - 1)
    case .number, .rate: return number(depth - 1)
    case .boolean: return condition(depth - 1)
    case .timestamp: return time(depth - 1)
    case .date: return date(depth - 1)
    case .interval: return interval(depth - 1)
    }
  }

  /// CASE and its relatives.
  private mutating func choice(_ type: ModelType, _ depth: Int) -> Expression {
    switch random.below(4) {
    case 0:
      let name = pick(["coalesce", "greatest", "least"])
      return RandomExpression.call(name, (0...1 + random.below(2)).map { _ in make(type, depth) })
    case 1: return RandomExpression.call("nullif", [make(type, depth), leaf(type)])
    case 2:
      let operandType = self.type()
      let operand = make(operandType, depth)
      let branches = (0...random.below(2)).map { _ in
        Branch(
          when: constant(operandType == .decimal ? .integer : operandType), then: make(type, depth))
      }
      return .conditional(
        operand: operand, branches, otherwise: isHit(0.6) ? make(type, depth) : nil, .none)
    default:
      let branches = (0...random.below(2)).map { _ in
        Branch(when: condition(depth), then: make(type, depth))
      }
      return .conditional(
        operand: nil, branches, otherwise: isHit(0.6) ? make(type, depth) : nil, .none)
    }
  }

  private mutating func text(_ depth: Int) -> Expression {
    let text = make(.text, depth)
    switch random.below(7) {
    case 0: return RandomExpression.call(pick(["lower", "upper", "trim"]), [text])
    case 1:
      var arguments = [text, RandomExpression.whole(random.below(6) - 1)]
      if isHit(0.6) { arguments.append(RandomExpression.whole(random.below(5) - 1)) }
      return RandomExpression.call("substr", arguments)
    case 2:
      return RandomExpression.call(
        pick(["left", "right"]), [text, RandomExpression.whole(random.below(8) - 2)])
    case 3:
      return RandomExpression.call(
        "split_part",
        [
          text, RandomExpression.text(pick(["@", ".", "", "a", "x."])),
          RandomExpression.whole(random.below(4)),
        ])
    case 4:
      let types: [ModelType] = [.text, .text, .integer, .boolean, .timestamp, .date, .number]
      return .concatenate(text, make(pick(types), depth), .none)
    case 5:
      let types: [ModelType] = [.integer, .boolean, .timestamp, .date, .number]
      return .cast(make(pick(types), depth), to: .text, .none)
    default: return text
    }
  }

  private mutating func integer(_ depth: Int) -> Expression {
    switch random.below(8) {
    case 0, 1:
      let operation = pick([Arithmetic.add, .subtract, .multiply, .modulo])
      return calculate(operation, make(.integer, depth), make(.integer, depth))
    case 2: return RandomExpression.call("length", [make(.text, depth)])
    case 3, 4: return field(ModelTime.fields.filter { $0 != "epoch" }, depth)
    case 5:
      let type: ModelType = has(.decimal) && isHit(0.5) ? .decimal : .number
      return RandomExpression.call(pick(["round", "floor", "ceil"]), [make(type, depth)])
    case 6:
      return isHit(0.5)
        ? RandomExpression.call("abs", [make(.integer, depth)])
        : .negate(make(.integer, depth), .none)
    default:
      return .cast(make(pick([.text, .number, .boolean, .integer]), depth), to: .integer, .none)
    }
  }

  private mutating func field(_ fields: [String], _ depth: Int) -> Expression {
    let time = make(pick([.timestamp, .timestamp, .date]), depth)
    let field = pick(fields)
    return isHit(0.3)
      ? RandomExpression.call("date_part", [RandomExpression.text(field), time])
      : .extract(Identifier(field), from: time, .none)
  }

  private mutating func decimal(_ depth: Int) -> Expression {
    let decimal = make(.decimal, depth)
    switch random.below(5) {
    case 0:
      return calculate(pick([.add, .subtract]), decimal, make(pick([.decimal, .integer]), depth))
    case 1: return calculate(.multiply, decimal, constant(.integer))
    case 2: return RandomExpression.call("abs", [decimal])
    case 3:
      return RandomExpression.call("round", [decimal, RandomExpression.whole(random.below(4))])
    default: return .negate(decimal, .none)
    }
  }

  private mutating func number(_ depth: Int) -> Expression {
    let numeric: [ModelType] = has(.decimal) ? [.integer, .decimal, .number] : [.integer, .number]
    switch random.below(7) {
    case 0, 1: return calculate(.divide, make(pick(numeric), depth), make(pick(numeric), depth))
    case 2:
      return calculate(pick([.add, .subtract]), make(pick(numeric), depth), make(.number, depth))
    case 3: return calculate(pick([.multiply, .modulo]), make(.number, depth), constant(.number))
    case 4:
      if isHit(0.5) { return field(["epoch"], depth) }
      return .extract(Identifier("epoch"), from: make(.interval, depth), .none)
    case 5:
      return RandomExpression.call(
        "round", [make(.number, depth), RandomExpression.whole(random.below(4) - 1)])
    default: return .cast(make(pick([.text, .integer, .number]), depth), to: .number, .none)
    }
  }

  private mutating func time(_ depth: Int) -> Expression {
    switch random.below(6) {
    case 0, 1:
      let time = make(pick([.timestamp, .timestamp, .date]), depth)
      let span = make(.interval, 0)
      return isHit(0.3)
        ? calculate(.add, span, time) : calculate(pick([.add, .subtract]), time, span)
    case 2, 3:
      return RandomExpression.call(
        "date_trunc",
        [RandomExpression.text(pick(ModelTime.units)), make(pick([.timestamp, .date]), depth)])
    case 4: return .cast(make(pick([.date, .timestamp]), depth), to: .timestamp, .none)
    default: return RandomExpression.call("now", [])
    }
  }

  private mutating func date(_ depth: Int) -> Expression {
    .cast(make(pick([.timestamp, .timestamp, .date]), depth), to: .date, .none)
  }

  private mutating func interval(_ depth: Int) -> Expression {
    switch random.below(6) {
    case 0, 1, 2:
      return calculate(
        .subtract, make(.timestamp, depth), make(pick([.timestamp, .timestamp, .date]), depth))
    case 3:
      return calculate(pick([.add, .subtract]), make(.interval, depth), make(.interval, depth))
    case 4:
      let count = RandomExpression.whole(random.below(5) - 1)
      return isHit(0.5)
        ? calculate(.multiply, make(.interval, depth), count)
        : calculate(.multiply, count, make(.interval, depth))
    default: return .negate(make(.interval, depth), .none)
    }
  }

  // MARK: Aggregates

  /// An aggregate of the group whose value has the type.
  mutating func aggregate(_ type: ModelType) -> Expression {
    let leaves = groupLeaves
    groupLeaves = nil
    defer { groupLeaves = leaves }
    var call: Call
    switch type {
    case .integer where isHit(0.3):
      call = Call(Identifier("count"))
      call.isStar = true
    case .integer where isHit(0.6): call = Call(Identifier("count"), [make(self.type(), 1)])
    case .number, .rate:
      let numeric: [ModelType] =
        has(.decimal) ? [.integer, .decimal, .number] : [.integer, .number]
      let name = pick(["avg", "avg", "sum", "min", "max"])
      call = Call(Identifier(name), [make(name == "avg" ? pick(numeric) : .number, 1)])
    case .integer, .decimal: call = Call(Identifier(pick(["sum", "min", "max"])), [make(type, 1)])
    case .interval:
      call = Call(Identifier(pick(["sum", "avg", "min", "max"])), [make(.interval, 1)])
    default: call = Call(Identifier(pick(["min", "max"])), [make(type, 1)])
    }
    call.isDistinct = !call.isStar && isHit(0.3)
    if isHit(0.3) { call.filter = condition(1) }
    return .call(call)
  }
}
