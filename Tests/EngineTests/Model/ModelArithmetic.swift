// + - * / % on every pair of types that has a meaning. docs/SEMANTICS.md, "Types and operators".

import Glibc
import Query

enum ModelArithmetic {
  static func bind(
    _ operation: Arithmetic, _ left: ModelBound, _ right: ModelBound
  ) throws -> ModelBound {
    var (left, right) = (left, right)
    if left.type == .text, right.type == .text || right.type == nil {
      (left, right) = (try left.read(as: .number), try right.read(as: .number))
    } else if left.type == nil {
      right = try right.read(as: .number)
    } else if left.type == .text {
      left = try left.read(beside: right)
    } else if right.type == .text {
      right = try right.read(beside: left)
    }
    let type = try resultType(operation, left.type ?? right.type, right.type ?? left.type)
    let keepsMonths = type == .timestamp
    return ModelBound(type) { context in
      let values = try [left, right].map { side in
        let value = try side.value(context)
        return keepsMonths && side.isLiteralInterval ? value : value.canonical
      }
      return compute(operation, values[0], values[1], type)
    }
  }

  private static func resultType(
    _ operation: Arithmetic, _ left: ModelType?, _ right: ModelType?
  ) throws -> ModelType? {
    guard let left, let right else { return nil }
    if left.isNumeric && right.isNumeric { return numericType(operation, left, right) }
    switch (operation, left, right) {
    case (.add, .timestamp, .interval), (.add, .date, .interval), (.add, .interval, .timestamp),
      (.add, .interval, .date), (.subtract, .timestamp, .interval), (.subtract, .date, .interval):
      return .timestamp
    case (.subtract, _, _) where left.isTime && right.isTime: return .interval
    case (.add, .interval, .interval), (.subtract, .interval, .interval),
      (.multiply, .interval, .integer), (.multiply, .integer, .interval):
      return .interval
    default: throw ModelRefusal.nonsense("\(left) \(operation.rawValue) \(right)")
    }
  }

  private static func numericType(
    _ operation: Arithmetic, _ left: ModelType, _ right: ModelType
  ) -> ModelType {
    switch (operation, left, right) {
    case (.divide, _, _): .number
    case (_, .integer, .integer): .integer
    case (.add, .decimal, .decimal), (.subtract, .decimal, .decimal): .decimal
    case (.modulo, _, _): .number
    case (_, .decimal, .integer), (_, .integer, .decimal): .decimal
    default: .number
    }
  }

  private static func compute(
    _ operation: Arithmetic, _ left: ModelValue, _ right: ModelValue, _ type: ModelType?
  ) -> ModelValue {
    if left == .null || right == .null { return .null }
    switch type {
    case .integer: return whole(operation, integer(left), integer(right)) { .integer($0) }
    case .decimal:
      let isProduct = operation == .multiply
      return whole(
        operation, millionths(left, ofFactor: isProduct), millionths(right, ofFactor: isProduct)
      ) { .decimal($0) }
    case .timestamp: return moved(operation, left, right)
    case .interval: return span(operation, left, right)
    default: return number(operation, left.number ?? 0, right.number ?? 0)
    }
  }

  private static func integer(_ value: ModelValue) -> Int128 {
    if case .integer(let value) = value { return Int128(value) }
    return 0
  }

  /// A decimal's millionths; an integer's too, unless it multiplies.
  private static func millionths(_ value: ModelValue, ofFactor isFactor: Bool) -> Int128 {
    if case .decimal(let value) = value { return Int128(value) }
    return integer(value) * (isFactor ? 1 : 1_000_000)
  }

  private static func whole(
    _ operation: Arithmetic, _ left: Int128, _ right: Int128, _ value: (Int) -> ModelValue
  ) -> ModelValue {
    let result: Int128
    switch operation {
    case .add: result = left + right
    case .subtract: result = left - right
    case .multiply: result = left * right
    default:
      if right == 0 { return .null }
      result = left % right
    }
    return Int(exactly: result).map(value) ?? .null
  }

  private static func number(_ operation: Arithmetic, _ left: Double, _ right: Double) -> ModelValue
  {
    let result: Double
    switch operation {
    case .add: result = left + right
    case .subtract: result = left - right
    case .multiply: result = left * right
    case .divide: result = right == 0 ? .nan : left / right
    case .modulo: result = right == 0 ? .nan : fmod(left, right)
    }
    return result.isFinite ? .number(result) : .null
  }

  // MARK: Times and intervals

  static func negated(_ value: ModelValue) -> ModelValue {
    switch value {
    case .integer: whole(.subtract, 0, integer(value)) { .integer($0) }
    case .decimal(let value): whole(.subtract, 0, Int128(value)) { .decimal($0) }
    case .number(let value): .number(-value)
    case .interval: span(.subtract, .interval(months: 0, milliseconds: 0), value)
    default: .null
    }
  }

  private static func moved(
    _ operation: Arithmetic, _ left: ModelValue, _ right: ModelValue
  ) -> ModelValue {
    if case .interval = left { return moved(operation, right, left) }
    let way = operation == .subtract ? negated(right) : right
    guard let time = left.moment, case .interval(let months, let milliseconds) = way else {
      return .null
    }
    return ModelTime.adding(months: months, milliseconds: milliseconds, to: time)
  }

  private static func span(
    _ operation: Arithmetic, _ left: ModelValue, _ right: ModelValue
  ) -> ModelValue {
    if let one = left.moment, let other = right.moment {
      return .interval(months: 0, milliseconds: one - other)
    }
    if case .integer = left { return span(operation, right, left) }
    guard case .interval(let months, let milliseconds) = left else { return .null }
    var result = (Int128(months), Int128(milliseconds))
    if case .interval(let otherMonths, let otherMilliseconds) = right {
      let sign: Int128 = operation == .subtract ? -1 : 1
      result = (result.0 + sign * Int128(otherMonths), result.1 + sign * Int128(otherMilliseconds))
    } else {
      result = (result.0 * integer(right), result.1 * integer(right))
    }
    // What an interval is worth must fit, or it could not be compared.
    let worth = result.0 * 30 * Int128(ModelTime.day) + result.1
    guard Int(exactly: worth) != nil, let months = Int(exactly: result.0),
      let milliseconds = Int(exactly: result.1)
    else { return .null }
    return .interval(months: months, milliseconds: milliseconds)
  }
}

extension ModelValue {
  /// The milliseconds of a time; a date's first.
  var moment: Int? {
    switch self {
    case .time(let time), .date(let time): time
    default: nil
    }
  }
}
