// Runs terms over blocks of rows. A term is compiled once into steps, each of which fills one vector; constants are
// filled when they are compiled, columns by the source when a block first needs them.
//
// SAFETY: steps touch rows below the count they are given, which is at most Limits.blockRowCount.

internal import Base
internal import Columnar

/// Where terms find the columns of a block of rows.
protocol ColumnSource: AnyObject {
  /// The column and its vector, which is filled for the current block when it is loaded.
  func slot(_ key: ColumnKey) -> ColumnSlot
}

final class Evaluator {
  typealias Step = (_ rowCount: Int) -> Void

  let source: any ColumnSource
  let texts: InternedTexts
  let zone: TimeZoneRules
  private var steps: [Step] = []
  private(set) var output: Vector

  /// - Parameters:
  ///   - texts: takes the texts that are computed.
  ///   - zone: of the calendar functions.
  init(_ term: Term, _ source: any ColumnSource, texts: InternedTexts, zone: TimeZoneRules) {
    self.source = source
    self.texts = texts
    self.zone = zone
    output = Vector(.null, capacity: 0)
    output = compile(term)
  }

  /// Computes the term for the current block of the source.
  func run(_ rowCount: Int) -> Vector {
    for step in steps { step(rowCount) }
    return output
  }

  func add(_ step: @escaping Step) { steps.append(step) }

  func compile(_ term: Term) -> Vector {
    switch term.node {
    case .constant(let constant): return self.constant(constant, term.type)
    case .column(let key):
      let slot = source.slot(key)
      add { _ in slot.load() }
      return slot.vector
    case .not(let operand): return not(compile(operand))
    case .and(let terms): return fold(terms, dominant: 0)
    case .or(let terms): return fold(terms, dominant: 1)
    case .compare(let comparison, let left, let right): return compare(comparison, left, right)
    case .arithmetic(let operation, let left, let right):
      return arithmetic(operation, compile(left), compile(right), term.type)
    case .negate(let operand): return negate(compile(operand), term.type)
    case .addMonths(let operand, let months): return addMonths(compile(operand), months)
    case .isNull(let operand): return isNull(compile(operand))
    case .isTruth(let operand, let wanted): return isTruth(compile(operand), wanted)
    case .isIn(let operand, let set): return isIn(compile(operand), set)
    case .isAmong(let operand, let set): return isAmong(compile(operand), set)
    case .like(let operand, let pattern):
      return textTest(compile(operand)) { pattern.matches($0) }
    case .choose(let choices, let otherwise): return choose(choices, otherwise, term.type)
    case .convert(let operand): return convert(compile(operand), to: term.type)
    case .call(let function, let arguments): return call(function, arguments, term.type)
    }
  }

  // MARK: Leaves

  private func constant(_ constant: Constant, _ type: TermType) -> Vector {
    let result = Vector(type, pool: type == .text ? .interned(texts) : .none)
    let word: UInt64? =
      switch constant {
      case .null: nil
      case .integer(let value): Cell.word(value)
      case .number(let value): Cell.word(value)
      case .text(let bytes): texts.code(bytes)
      }
    for row in 0..<Vector.capacity { result.set(row, word) }
    return result
  }

  // MARK: Truth

  private func not(_ operand: Vector) -> Vector {
    let result = Vector(.boolean)
    add { count in
      var row = 0
      while row < count {
        result.words[row] = operand.words[row] ^ 1
        result.nulls[row] = operand.nulls[row]
        row &+= 1
      }
    }
    return result
  }

  /// AND and OR: the dominant value decides, then NULL, then the other value.
  private func fold(_ terms: [Term], dominant: UInt64) -> Vector {
    let operands = terms.map { compile($0) }
    let result = Vector(.boolean)
    add { count in
      // Until the end a word says whether the dominant value has come, and a null whether there was one.
      result.words.update(repeating: 0, count: count)
      result.nulls.update(repeating: 0, count: count)
      for operand in operands { Evaluator.fold(operand, into: result, count, dominant) }
      let (words, nulls) = (result.words, result.nulls)
      var row = 0
      while row < count {
        nulls[row] &= UInt8(truncatingIfNeeded: words[row] ^ 1)
        words[row] ^= dominant ^ 1
        row &+= 1
      }
    }
    return result
  }

  @inline(__always)
  private static func fold(
    _ operand: Vector, into result: Vector, _ count: Int, _ dominant: UInt64
  ) {
    let (words, nulls) = (operand.words, operand.nulls)
    let (seen, unknown) = (result.words, result.nulls)
    var row = 0
    while row < count {
      let isNull = nulls[row]
      seen[row] |= (words[row] ^ dominant ^ 1) & UInt64(isNull ^ 1)
      unknown[row] |= isNull
      row &+= 1
    }
  }

  private func isNull(_ operand: Vector) -> Vector {
    let result = Vector(.boolean)
    add { count in
      var row = 0
      while row < count {
        result.words[row] = UInt64(operand.nulls[row])
        row &+= 1
      }
    }
    return result
  }

  private func isTruth(_ operand: Vector, _ wanted: Bool) -> Vector {
    let result = Vector(.boolean)
    let word = Cell.word(wanted)
    add { count in
      var row = 0
      while row < count {
        result.words[row] = operand.nulls[row] == 0 && operand.words[row] == word ? 1 : 0
        row &+= 1
      }
    }
    return result
  }

  private func isIn(_ operand: Vector, _ set: ConstantSet) -> Vector {
    if operand.type == .text {
      let texts = set.texts
      return textTest(operand, unknownInsteadOfNo: set.hasNull) { texts.contains($0.array) }
    }
    let result = Vector(.boolean)
    let words = set.words
    let hasNull = set.hasNull
    add { count in
      var row = 0
      while row < count {
        let isFound = words.contains(operand.words[row])
        result.words[row] = Cell.word(isFound)
        result.nulls[row] = operand.nulls[row] | (hasNull && !isFound ? 1 : 0)
        row &+= 1
      }
    }
    return result
  }

  private func isAmong(_ operand: Vector, _ set: RecipientSet) -> Vector {
    let result = Vector(.boolean)
    add { count in
      for row in 0..<count {
        let isFound = operand.nulls[row] == 0 && set.contains(operand.words[row])
        result.words[row] = Cell.word(isFound)
        result.nulls[row] = operand.nulls[row] | (set.hasNull && !isFound ? 1 : 0)
      }
    }
    return result
  }

  private func choose(_ choices: [Term.Choice], _ otherwise: Term, _ type: TermType) -> Vector {
    let conditions = choices.map { compile($0.condition) }
    let results = choices.map { compile($0.result) } + [compile(otherwise)]
    let result = Vector(type, pool: common(results))
    let copies = results.map { copier(of: $0, to: result) }
    add { count in
      var row = 0
      while row < count {
        var choice = 0
        while choice < conditions.count, !conditions[choice].isTrue(row) { choice &+= 1 }
        copies[choice](row)
        row &+= 1
      }
    }
    return result
  }

  // MARK: Texts of several pools

  /// The pool of a result that is one of `operands`.
  func common(_ operands: [Vector]) -> TextPool {
    guard let first = operands.first, operands.contains(where: { $0.type == .text }) else {
      return .none
    }
    return operands.allSatisfy { first.pool.isSame(as: $0.pool) } ? first.pool : .interned(texts)
  }

  /// Copies a row's value into `target`, by its text where the pools differ.
  func copier(of operand: Vector, to target: Vector) -> (Int) -> Void {
    let texts = self.texts
    if target.type == .text, operand.type == .text, !target.pool.isSame(as: operand.pool) {
      return { row in
        target.set(row, operand.nulls[row] != 0 ? nil : operand.text(row).withBytes(texts.code))
      }
    }
    return { row in
      target.words[row] = operand.words[row]
      target.nulls[row] = operand.nulls[row]
    }
  }
}
