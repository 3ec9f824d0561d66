// A value in another type; NULL where it has none there.

internal import Base

extension Evaluator {
  func convert(_ operand: Vector, to type: TermType) -> Vector {
    if operand.type == type { return operand }
    if type == .text { return written(operand) }
    if operand.type == .text {
      let calendar = Calendar(zone: zone)
      return mapped(operand, type) { word in
        operand.pool.withText(word) { TextReading.word($0, type, calendar) }
      }
    }
    let calendar = Calendar(zone: zone)
    let from = operand.type
    return mapped(operand, type) { Evaluator.word($0, from, type, calendar) }
  }

  private static func word(
    _ word: UInt64, _ from: TermType, _ type: TermType, _ calendar: Calendar
  ) -> UInt64? {
    switch (from, type) {
    case (.integer, .number): return Cell.word(Double(Cell.integer(word)))
    case (.decimal, .number): return Cell.word(Double(Cell.integer(word)) / 1e6)
    case (.integer, .decimal):
      let (micros, isLost) = Cell.integer(word).multipliedReportingOverflow(by: 1_000_000)
      return isLost ? nil : Cell.word(micros)
    case (.number, .integer): return whole(Cell.number(word).rounded(.toNearestOrAwayFromZero))
    case (.decimal, .integer):
      return Cell.word(Rounding.whole(Cell.integer(word), .toNearestOrAwayFromZero))
    case (.number, .decimal):
      return whole((Cell.number(word) * 1e6).rounded(.toNearestOrAwayFromZero))
    case (.boolean, .integer): return word
    case (.integer, .boolean): return word == 0 ? 0 : 1
    case (.date, .timestamp): return Cell.word(calendar.zone.time(ofLocal: Cell.integer(word)))
    case (.timestamp, .date): return Cell.word(calendar.date(of: Cell.integer(word)))
    default: return nil
    }
  }

  /// The value as csv has it.
  private func written(_ operand: Vector) -> Vector {
    let texts = self.texts
    let result = Vector(.text, pool: .interned(texts))
    let type = operand.type.resultType
    let zone = self.zone
    add { count in
      var bytes: [UInt8] = []
      for row in 0..<count {
        guard operand.nulls[row] == 0 else {
          result.setNull(row)
          continue
        }
        bytes.removeAll(keepingCapacity: true)
        CellText.append(operand.words[row], type, zone, to: &bytes)
        result.set(row, texts.code(bytes))
      }
    }
    return result
  }
}

/// How texts are read as values of other types.
enum TextReading {
  static func word(_ text: ByteSlice, _ type: TermType, _ calendar: Calendar) -> UInt64? {
    switch type {
    case .integer: return integer(text).map { Cell.word($0) }
    case .number: return number(text).map { Cell.word($0) }
    case .decimal: return Decimal.micros(text).map { Cell.word($0) }
    case .boolean: return boolean(text.array).map { Cell.word($0) }
    case .timestamp: return time(text, calendar).map { Cell.word($0) }
    case .date: return time(text, calendar).map { Cell.word(calendar.date(of: $0)) }
    case .null, .text, .interval: return nil
    }
  }

  private static func time(_ text: ByteSlice, _ calendar: Calendar) -> Int64? {
    TimeText.milliseconds(of: text.array, zone: calendar.zone)
  }

  static func integer(_ text: ByteSlice) -> Int64? {
    Int64(text.text).flatMap { $0 == .min ? nil : $0 }
  }

  /// A decimal number, with or without an exponent.
  static func number(_ text: ByteSlice) -> Double? {
    for byte in text.buffer {
      switch byte {
      case ASCII.zero...ASCII.nine, ASCII.plus, ASCII.minus, ASCII.dot, 0x45, 0x65: continue
      default: return nil
      }
    }
    return Double(text.text).flatMap { $0.isFinite ? $0 : nil }
  }

  static func boolean(_ text: [UInt8]) -> Bool? {
    switch String(decoding: text, as: UTF8.self) {
    case "yes", "true", "on", "1": true
    case "no", "false", "off", "0": false
    default: nil
    }
  }
}
