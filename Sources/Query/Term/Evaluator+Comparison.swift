// Comparisons, value by value; texts by their bytes, and by their codes where equal texts have equal codes.

internal import Base

extension Evaluator {
  func compare(_ comparison: Comparison, _ left: Term, _ right: Term) -> Vector {
    if left.type == .text {
      if case .text(let bytes)? = right.constant {
        return textTest(compile(left)) { text in
          bytes.withUnsafeBufferPointer {
            comparison.holds(SplitText(text).order(beside: SplitText(ByteSlice($0))))
          }
        }
      }
      return compareTexts(comparison, compile(left), compile(right))
    }
    let (a, b) = (compile(left), compile(right))
    return left.type == .number
      ? compareNumbers(comparison, a, b) : compareIntegers(comparison, a, b)
  }

  /// A test of single texts, asked once per code where a pool is small enough to remember the answers.
  func textTest(
    _ operand: Vector, unknownInsteadOfNo: Bool = false, _ test: @escaping (ByteSlice) -> Bool
  ) -> Vector {
    let result = Vector(.boolean)
    let verdicts = VerdictMemory(operand.pool)
    add { count in
      var row = 0
      while row < count {
        let isNull = operand.nulls[row] != 0
        let word = operand.words[row]
        let isHit = !isNull && verdicts.verdict(word) { operand.pool.withText(word, test) }
        result.words[row] = Cell.word(isHit)
        result.nulls[row] = isNull || unknownInsteadOfNo && !isHit ? 1 : 0
        row &+= 1
      }
    }
    return result
  }

  private func compareIntegers(_ comparison: Comparison, _ left: Vector, _ right: Vector) -> Vector
  {
    switch comparison {
    case .equal: each(left, right) { Cell.integer($0) == Cell.integer($1) }
    case .notEqual: each(left, right) { Cell.integer($0) != Cell.integer($1) }
    case .less: each(left, right) { Cell.integer($0) < Cell.integer($1) }
    case .lessOrEqual: each(left, right) { Cell.integer($0) <= Cell.integer($1) }
    case .greater: each(left, right) { Cell.integer($0) > Cell.integer($1) }
    case .greaterOrEqual: each(left, right) { Cell.integer($0) >= Cell.integer($1) }
    }
  }

  private func compareNumbers(_ comparison: Comparison, _ left: Vector, _ right: Vector) -> Vector {
    switch comparison {
    case .equal: each(left, right) { Cell.number($0) == Cell.number($1) }
    case .notEqual: each(left, right) { Cell.number($0) != Cell.number($1) }
    case .less: each(left, right) { Cell.number($0) < Cell.number($1) }
    case .lessOrEqual: each(left, right) { Cell.number($0) <= Cell.number($1) }
    case .greater: each(left, right) { Cell.number($0) > Cell.number($1) }
    case .greaterOrEqual: each(left, right) { Cell.number($0) >= Cell.number($1) }
    }
  }

  private func compareTexts(_ comparison: Comparison, _ left: Vector, _ right: Vector) -> Vector {
    let result = Vector(.boolean)
    let hasSameCodes = left.pool.isSame(as: right.pool)
    add { count in
      var row = 0
      while row < count {
        let isNull = left.nulls[row] | right.nulls[row]
        var isHit = false
        if isNull == 0 {
          let isSame = hasSameCodes && left.words[row] == right.words[row]
          isHit = comparison.holds(isSame ? 0 : left.text(row).order(beside: right.text(row)))
        }
        result.words[row] = Cell.word(isHit)
        result.nulls[row] = isNull
        row &+= 1
      }
    }
    return result
  }

  @inline(__always)
  private func each(
    _ left: Vector, _ right: Vector, _ test: @escaping (UInt64, UInt64) -> Bool
  ) -> Vector {
    paired(left, right, .boolean) { (Cell.word(test($0, $1)), false) }
  }
}

extension Comparison {
  /// Whether it holds for two values of which the first is smaller (negative), equal (0) or greater.
  @inline(__always)
  func holds(_ order: Int) -> Bool {
    switch self {
    case .equal: order == 0
    case .notEqual: order != 0
    case .less: order < 0
    case .lessOrEqual: order <= 0
    case .greater: order > 0
    case .greaterOrEqual: order >= 0
    }
  }
}

/// What a test said of the codes it has met. Recipients come a few times each, so nothing is kept of them.
private final class VerdictMemory {
  private let isKept: Bool
  /// By code: 0 unknown, 1 no, 2 yes.
  private var verdicts: [UInt8] = []

  init(_ pool: TextPool) {
    if case .recipients = pool { isKept = false } else { isKept = true }
  }

  @inline(__always)
  func verdict(_ code: UInt64, _ test: () -> Bool) -> Bool {
    guard isKept else { return test() }
    let index = Int(truncatingIfNeeded: code)
    if index >= verdicts.count {
      verdicts.append(contentsOf: repeatElement(0, count: max(index + 1, 64) * 2 - verdicts.count))
    }
    if verdicts[index] == 0 { verdicts[index] = test() ? 2 : 1 }
    return verdicts[index] == 2
  }
}
