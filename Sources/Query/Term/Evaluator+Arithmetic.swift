// Arithmetic: whole numbers exactly or NULL, numbers as IEEE has them, where what is not finite is NULL.

internal import Base
internal import Glibc

extension Evaluator {
  /// Both operands have the type of the result; of times and intervals all are milliseconds.
  func arithmetic(
    _ operation: Arithmetic, _ left: Vector, _ right: Vector, _ type: TermType
  ) -> Vector {
    if type == .timestamp { return moved(operation, left, right) }
    guard type == .number else { return integers(operation, left, right, type) }
    switch operation {
    case .add: return numbers(left, right) { $0 + $1 }
    case .subtract: return numbers(left, right) { $0 - $1 }
    case .multiply: return numbers(left, right) { $0 * $1 }
    case .divide: return numbers(left, right) { $1 == 0 ? .nan : $0 / $1 }
    case .modulo:
      return numbers(left, right) { $1 == 0 ? .nan : $0.truncatingRemainder(dividingBy: $1) }
    }
  }

  /// A time and an interval; NULL where no calendar reaches.
  private func moved(_ operation: Arithmetic, _ left: Vector, _ right: Vector) -> Vector {
    let isSum = operation == .add
    return integers(left, right, .timestamp) { time, interval in
      let (moved, isLost) =
        isSum
        ? time.addingReportingOverflow(interval) : time.subtractingReportingOverflow(interval)
      return (moved, isLost || moved.magnitude > Calendar.timeMagnitudeMax)
    }
  }

  func negate(_ operand: Vector, _ type: TermType) -> Vector {
    let result = Vector(type)
    let isNumber = type == .number
    add { count in
      var row = 0
      while row < count {
        result.words[row] =
          isNumber
          ? Cell.word(-Cell.number(operand.words[row]))
          : Cell.word(0 &- Cell.integer(operand.words[row]))
        result.nulls[row] = operand.nulls[row]
        row &+= 1
      }
    }
    return result
  }

  private func integers(
    _ operation: Arithmetic, _ left: Vector, _ right: Vector, _ type: TermType
  ) -> Vector {
    switch operation {
    case .add: return integers(left, right, type) { $0.addingReportingOverflow($1) }
    case .subtract: return integers(left, right, type) { $0.subtractingReportingOverflow($1) }
    case .multiply: return integers(left, right, type) { $0.multipliedReportingOverflow(by: $1) }
    case .divide, .modulo:
      return integers(left, right, type) { $0.remainderReportingOverflow(dividingBy: $1) }
    }
  }

  @inline(__always)
  private func integers(
    _ left: Vector, _ right: Vector, _ type: TermType,
    _ compute: @escaping (Int64, Int64) -> (partialValue: Int64, overflow: Bool)
  ) -> Vector {
    paired(left, right, type) { a, b in
      let (value, isLost) = compute(Cell.integer(a), Cell.integer(b))
      return (Cell.word(value), isLost || value == .min)
    }
  }

  @inline(__always)
  private func numbers(
    _ left: Vector, _ right: Vector, _ compute: @escaping (Double, Double) -> Double
  ) -> Vector {
    paired(left, right, .number) { a, b in
      let value = compute(Cell.number(a), Cell.number(b))
      return (Cell.word(value), !value.isFinite)
    }
  }

  /// A function of two operands: NULL where either is, or where the function says so.
  @inline(__always)
  func paired(
    _ left: Vector, _ right: Vector, _ type: TermType,
    _ compute: @escaping (UInt64, UInt64) -> (word: UInt64, isNull: Bool)
  ) -> Vector {
    let result = Vector(type)
    add { count in
      var row = 0
      while row < count {
        let (word, isNull) = compute(left.words[row], right.words[row])
        result.words[row] = word
        result.nulls[row] = left.nulls[row] | right.nulls[row] | (isNull ? 1 : 0)
        row &+= 1
      }
    }
    return result
  }

  // MARK: Functions of numbers

  func numeric(_ function: Function, _ operands: [Vector], _ type: TermType) -> Vector {
    let operand = operands[0]
    switch function {
    case .absolute where type == .number:
      return mapped(operand, type) { Cell.word(abs(Cell.number($0))) }
    case .absolute: return mapped(operand, type) { Cell.word(abs(Cell.integer($0))) }
    case .floor: return whole(operand, .down)
    case .ceiling: return whole(operand, .up)
    case .round: return whole(operand, .toNearestOrAwayFromZero)
    case .roundDigits: return roundDigits(operand, operands[1])
    default: return extreme(operands, type, wantsGreatest: function == .greatest)
    }
  }

  /// To whole numbers, of decimals or numbers.
  private func whole(_ operand: Vector, _ rule: FloatingPointRoundingRule) -> Vector {
    if operand.type == .decimal {
      return mapped(operand, .integer) { Cell.word(Rounding.whole(Cell.integer($0), rule)) }
    }
    return mapped(operand, .integer) { Evaluator.whole(Cell.number($0).rounded(rule)) }
  }

  /// The word of a whole number; nil when it does not fit.
  static func whole(_ value: Double) -> UInt64? {
    Int64(exactly: value).flatMap { $0 == .min ? nil : Cell.word($0) }
  }

  /// A function of one operand; nil is NULL.
  func mapped(
    _ operand: Vector, _ type: TermType, _ compute: @escaping (UInt64) -> UInt64?
  ) -> Vector {
    let result = Vector(type)
    add { count in
      var row = 0
      while row < count {
        result.set(row, operand.nulls[row] != 0 ? nil : compute(operand.words[row]))
        row &+= 1
      }
    }
    return result
  }

  private func roundDigits(_ operand: Vector, _ digits: Vector) -> Vector {
    let result = Vector(operand.type)
    let type = operand.type
    add { count in
      for row in 0..<count {
        let isNull = operand.nulls[row] | digits.nulls[row] != 0
        result.set(
          row,
          isNull
            ? nil : Rounding.round(operand.words[row], type, Cell.integer(digits.words[row])))
      }
    }
    return result
  }

  /// The greatest or the least of the operands that are not NULL.
  private func extreme(_ operands: [Vector], _ type: TermType, wantsGreatest: Bool) -> Vector {
    let result = Vector(type, pool: common(operands))
    let copies = operands.map { copier(of: $0, to: result) }
    add { count in
      for row in 0..<count {
        var best: Int?
        for (index, operand) in operands.enumerated() where operand.nulls[row] == 0 {
          guard let known = best else {
            best = index
            continue
          }
          let order = Evaluator.order(operand, operands[known], row)
          if wantsGreatest ? order > 0 : order < 0 { best = index }
        }
        if let best { copies[best](row) } else { result.setNull(row) }
      }
    }
    return result
  }

  private static func order(_ left: Vector, _ right: Vector, _ row: Int) -> Int {
    left.type == .text
      ? left.text(row).order(beside: right.text(row))
      : Cell.order(left.words[row], right.words[row], left.type)
  }
}

/// Rounding to whole numbers, and to digits behind the decimal point; halves go away from zero.
enum Rounding {
  /// The whole number beside so many millionths, exactly: numbers with a binary fraction cannot say what these are.
  static func whole(_ micros: Int64, _ rule: FloatingPointRoundingRule) -> Int64 {
    let (whole, rest) = micros.quotientAndRemainder(dividingBy: 1_000_000)
    switch rule {
    case .down: return rest < 0 ? whole - 1 : whole
    case .up: return rest > 0 ? whole + 1 : whole
    default: return rest.magnitude >= 500_000 ? whole + micros.signum() : whole
    }
  }

  /// The rounded word of a number, a decimal or an integer; nil where it does not fit.
  static func round(_ word: UInt64, _ type: TermType, _ digits: Int64) -> UInt64? {
    switch type {
    case .number: round(Cell.number(word), digits: digits).map { Cell.word($0) }
    case .decimal: round(Cell.integer(word), dropping: 6 - max(-20, min(digits, 20)))
    default: round(Cell.integer(word), dropping: -max(-20, min(digits, 20)))
    }
  }

  /// A whole number with its last `count` digits rounded to zeros.
  private static func round(_ value: Int64, dropping count: Int64) -> UInt64? {
    guard count > 0 else { return Cell.word(value) }
    // Ten to the 19th does not fit, half of it does.
    guard count < 19 else {
      return count == 19 && value.magnitude >= 5_000_000_000_000_000_000 ? nil : 0
    }
    var unit: Int64 = 1
    for _ in 0..<count { unit *= 10 }
    let rest = value % unit
    let isUp = rest.magnitude >= (unit / 2).magnitude
    let (result, isLost) = (value - rest).addingReportingOverflow(
      isUp ? (value < 0 ? -unit : unit) : 0)
    return isLost || result == .min ? nil : Cell.word(result)
  }

  private static func round(_ value: Double, digits: Int64) -> Double? {
    // No number has more digits than that behind the point that mean something.
    guard digits <= 15 else { return value }
    let scale = pow(10, Double(digits.magnitude))
    if digits >= 0 {
      let result = (value * scale).rounded(.toNearestOrAwayFromZero) / scale
      return result.isFinite ? result : value
    }
    guard scale.isFinite else { return 0 }
    let result = (value / scale).rounded(.toNearestOrAwayFromZero) * scale
    return result.isFinite ? result : nil
  }
}
