// count, sum, avg, min and max over a group's rows. docs/SEMANTICS.md, "Types and operators".

import Query

enum ModelAggregate {
  static let names = "count sum avg min max".words

  /// - Parameter binder: of the rows.
  static func bind(_ call: Call, _ binder: ModelBinder) throws -> ModelBound {
    let name = call.name.text
    let filter = try call.filter.map(binder.truth)
    if call.isStar {
      guard name == "count" else { throw ModelRefusal.nonsense("\(name)(*)") }
      return ModelBound(.integer) { .integer(try rows($0, filter).count) }
    }
    guard call.arguments.count == 1 else { throw ModelRefusal.nonsense("\(name) of these") }
    var argument = try binder.bind(call.arguments[0])
    if name == "sum" || name == "avg" { argument = try argument.read(as: .number) }
    let type = try resultType(name, argument.type)
    return ModelBound(type) { context in
      var values = try rows(context, filter).map {
        try argument.value(ModelContext(row: $0))
      }
      values = values.filter { $0 != .null }
      if call.isDistinct { values = distinct(values) }
      if name == "count" { return .integer(values.count) }
      return values.isEmpty ? .null : try combine(name, values)
    }
  }

  private static func rows(_ context: ModelContext, _ filter: ModelBound?) throws -> [ModelTableRow]
  {
    guard let filter else { return context.rows }
    return try context.rows.filter { try filter.value(ModelContext(row: $0)).truth == true }
  }

  private static func distinct(_ values: [ModelValue]) -> [ModelValue] {
    var known: Set<ModelValue> = []
    return values.filter { known.insert($0.canonical).inserted }
  }

  private static func resultType(_ name: String, _ type: ModelType?) throws -> ModelType? {
    if name == "count" { return .integer }
    if name == "min" || name == "max" { return type }
    guard let type else { return nil }
    guard type.isNumeric || type == .interval else {
      throw ModelRefusal.nonsense("\(name) of \(type)")
    }
    if type == .interval { return .interval }
    return name == "avg" ? .number : type == .rate ? .number : type
  }

  private static func combine(_ name: String, _ values: [ModelValue]) throws -> ModelValue {
    switch name {
    case "min", "max":
      let wanted = name == "min" ? -1 : 1
      return values.reduce(values[0]) { $1.order(to: $0) == wanted ? $1 : $0 }
    case "sum": return try sum(values)
    default:
      if let spans = values.map(\.span) as? [Int] {
        return .interval(months: 0, milliseconds: mean(spans))
      }
      let total = try sum(values).number ?? 0
      return .number(total / Double(values.count))
    }
  }

  private static func sum(_ values: [ModelValue]) throws -> ModelValue {
    var total: Int128 = 0
    for value in values { total += try amount(value) }
    if case .number = values[0] { return .number(Double(total) / 0x1p40) }
    guard let whole = Int(exactly: total) else { throw ModelRefusal.nonsense("too large a sum") }
    switch values[0] {
    case .decimal: return .decimal(whole)
    case .integer: return .integer(whole)
    default: return .interval(months: 0, milliseconds: whole)
    }
  }

  /// What is added up: millionths, whole numbers, milliseconds, or multiples of 2^-40.
  private static func amount(_ value: ModelValue) throws -> Int128 {
    switch value {
    case .integer(let value), .decimal(let value): return Int128(value)
    case .number(let value):
      guard value.magnitude < 0x1p80 else { throw ModelRefusal.nonsense("too large a number") }
      return Int128((value * 0x1p40).rounded(.toNearestOrEven))
    default: return Int128(value.span ?? 0)
    }
  }

  /// To the nearest millisecond, halves away from 0.
  private static func mean(_ spans: [Int]) -> Int {
    let total = spans.reduce(Int128(0)) { $0 + Int128($1) }
    let doubled = total * 2 + Int128(total.signum() * Int128(spans.count))
    return Int(doubled / Int128(spans.count * 2))
  }
}
