// Functions of texts and times.

internal import Base

extension Evaluator {
  func call(_ function: Function, _ arguments: [Term], _ type: TermType) -> Vector {
    let operands = arguments.map { compile($0) }
    switch function {
    case .absolute, .floor, .ceiling, .round, .roundDigits, .greatest, .least:
      return numeric(function, operands, type)
    case .truncate(let unit):
      let calendar = Calendar(zone: zone)
      return mapped(operands[0], type) {
        Cell.word(calendar.truncate(Cell.integer($0), to: unit))
      }
    case .extract(let field):
      let calendar = Calendar(zone: zone)
      return mapped(operands[0], type) { Cell.word(calendar.field(field, of: Cell.integer($0))) }
    case .epoch: return mapped(operands[0], type) { Cell.word(Double(Cell.integer($0)) / 1000) }
    case .length:
      return mappedText(operands[0], type) { Cell.word(Int64(TextFunctions.length($0))) }
    case .startsWith: return startsWith(operands[0], operands[1])
    default: return text(function, operands)
    }
  }

  func addMonths(_ operand: Vector, _ months: Int) -> Vector {
    let calendar = Calendar(zone: zone)
    return mapped(operand, .timestamp) {
      calendar.add(months: months, to: Cell.integer($0)).map { Cell.word($0) }
    }
  }

  /// A function of one text whose result is no text.
  private func mappedText(
    _ operand: Vector, _ type: TermType, _ compute: @escaping (ByteSlice) -> UInt64?
  ) -> Vector {
    mapped(operand, type) { operand.pool.withText($0, compute) }
  }

  private func startsWith(_ operand: Vector, _ prefix: Vector) -> Vector {
    let result = Vector(.boolean)
    add { count in
      for row in 0..<count {
        let isNull = operand.nulls[row] | prefix.nulls[row] != 0
        result.set(row, isNull ? nil : Cell.word(Evaluator.begins(operand, prefix, row)))
      }
    }
    return result
  }

  private static func begins(_ operand: Vector, _ prefix: Vector, _ row: Int) -> Bool {
    operand.text(row).withBytes { text in prefix.text(row).withBytes { text.hasPrefix($0) } }
  }

  /// A function whose result is text. Rows that repeat the row before cost nothing.
  private func text(_ function: Function, _ operands: [Vector]) -> Vector {
    let texts = self.texts
    let result = Vector(.text, pool: .interned(texts))
    add { count in
      for row in 0..<count {
        if operands.contains(where: { $0.nulls[row] != 0 }) {
          result.setNull(row)
        } else if row > 0, result.nulls[row - 1] == 0,
          operands.allSatisfy({ $0.words[row] == $0.words[row - 1] && $0.nulls[row - 1] == 0 })
        {
          result.set(row, result.words[row - 1])
        } else {
          let text = operands[0].text(row).withBytes {
            Evaluator.text(function, $0, operands, row)
          }
          result.set(row, texts.code(text))
        }
      }
    }
    return result
  }

  /// - Parameter first: the text of the first operand.
  private static func text(
    _ function: Function, _ first: ByteSlice, _ operands: [Vector], _ row: Int
  ) -> [UInt8] {
    let number = { (index: Int) in Cell.integer(operands[index].words[row]) }
    switch function {
    case .lower: return first.array.map { ASCII.lowercase($0) }
    case .upper: return first.array.map { ASCII.uppercase($0) }
    case .trim: return TextFunctions.trim(first)
    case .left: return TextFunctions.left(first, number(1))
    case .right: return TextFunctions.right(first, number(1))
    case .substring:
      return TextFunctions.substring(
        first, from: number(1), count: operands.count > 2 ? number(2) : nil)
    case .splitPart:
      return operands[1].text(row).withBytes { TextFunctions.splitPart(first, $0, number(2)) }
    case .concatenate: return first.array + operands[1].text(row).array
    default: preconditionFailure("\(function) makes no text")
    }
  }
}
