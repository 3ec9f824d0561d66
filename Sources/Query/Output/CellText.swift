// Values as text, the same in every format: digits straight into the output, no String on the way
// except for fractions.
//
// SAFETY: the scratch for digits holds 20 bytes, as many as the largest UInt64 has.

package import Base

package enum CellText {
  package static func append(_ value: Int64, to output: inout [UInt8]) {
    if value < 0 { output.append(ASCII.minus) }
    appendDigits(value.magnitude, width: 1, to: &output)
  }

  /// `micros` millionths, exactly, without trailing zeros: `12.5`.
  package static func appendDecimal(_ micros: Int64, to output: inout [UInt8]) {
    if micros < 0 { output.append(ASCII.minus) }
    appendDigits(micros.magnitude / 1_000_000, width: 1, to: &output)
    var fraction = micros.magnitude % 1_000_000
    guard fraction > 0 else { return }
    var width = 6
    while fraction % 10 == 0 {
      fraction /= 10
      width -= 1
    }
    output.append(ASCII.dot)
    appendDigits(fraction, width: width, to: &output)
  }

  /// The shortest text that reads back as `value`.
  package static func append(_ value: Double, to output: inout [UInt8]) {
    var text = value.description
    text.withUTF8 { output.append(contentsOf: $0) }
  }

  /// A share of 1 as `42.18 %`.
  package static func appendPercent(_ value: Double, to output: inout [UInt8]) {
    let hundredths = (value * 10_000).rounded()
    if hundredths.magnitude < 1e15 {
      let digits = Int64(hundredths)
      if digits < 0 { output.append(ASCII.minus) }
      appendDigits(digits.magnitude / 100, width: 1, to: &output)
      output.append(ASCII.dot)
      appendPair(digits.magnitude % 100, to: &output)
    } else {
      append(value * 100, to: &output)
    }
    output.append(ASCII.space)
    output.append(ASCII.percent)
  }

  /// What `CivilTime.format` gives: `2026-03-14T09:12:01Z`, with an offset instead of `Z` where clocks are not UTC's.
  package static func appendTimestamp(
    _ milliseconds: Int64, _ zone: TimeZoneRules = .utc, to output: inout [UInt8]
  ) {
    let offset = zone.offset(at: milliseconds)
    appendLocal(milliseconds + offset, to: &output)
    if zone.isUTC { return output.append(0x5A) }
    output.append(offset < 0 ? ASCII.minus : ASCII.plus)
    appendPair(offset.magnitude / 3_600_000, to: &output)
    output.append(ASCII.colon)
    appendPair(offset.magnitude / 60_000 % 60, to: &output)
    let second = offset.magnitude / 1000 % 60
    guard second != 0 else { return }
    // Clocks were set by the sun before there were zones.
    output.append(ASCII.colon)
    appendPair(second, to: &output)
  }

  private static func appendLocal(_ milliseconds: Int64, to output: inout [UInt8]) {
    let day = CivilTime.floorDivide(milliseconds, CivilTime.millisecondsPerDay)
    let rest = UInt64(milliseconds - day * CivilTime.millisecondsPerDay)
    appendDay(day, to: &output)
    output.append(0x54)
    appendTimeOfDay(rest, to: &output)
  }

  /// `03:04:05`, with milliseconds when there are any.
  private static func appendTimeOfDay(_ milliseconds: UInt64, to output: inout [UInt8]) {
    appendPair(milliseconds / 3_600_000, to: &output)
    output.append(ASCII.colon)
    appendPair(milliseconds / 60_000 % 60, to: &output)
    output.append(ASCII.colon)
    appendPair(milliseconds / 1000 % 60, to: &output)
    if milliseconds % 1000 != 0 {
      output.append(ASCII.dot)
      appendDigits(milliseconds % 1000, width: 3, to: &output)
    }
  }

  /// The UTC date of `milliseconds`: `2026-03-14`.
  package static func appendDate(_ milliseconds: Int64, to output: inout [UInt8]) {
    appendDay(CivilTime.floorDivide(milliseconds, CivilTime.millisecondsPerDay), to: &output)
  }

  /// `03:04:05`, `-2 days 03:04:05.678`; a sign stands for the whole.
  package static func appendInterval(_ milliseconds: Int64, to output: inout [UInt8]) {
    if milliseconds < 0 { output.append(ASCII.minus) }
    let magnitude = milliseconds.magnitude
    let days = magnitude / 86_400_000
    if days > 0 {
      appendDigits(days, width: 1, to: &output)
      output.append(contentsOf: (days == 1 ? " day " : " days ").utf8)
    }
    appendTimeOfDay(magnitude % 86_400_000, to: &output)
  }

  private static func appendDay(_ day: Int64, to output: inout [UInt8]) {
    let date = CivilDate(daysSinceEpoch: Int(day))
    guard date.year >= 0 else {
      output.append(contentsOf: CivilTime.formatDate(date).utf8)
      return
    }
    appendDigits(UInt64(date.year), width: 4, to: &output)
    output.append(ASCII.minus)
    appendPair(UInt64(date.month), to: &output)
    output.append(ASCII.minus)
    appendPair(UInt64(date.day), to: &output)
  }

  /// At least `width` digits, 20 at most, with zeros in front.
  private static func appendDigits(_ value: UInt64, width: Int, to output: inout [UInt8]) {
    if value < 10, width == 1 { return output.append(ASCII.zero &+ UInt8(value)) }
    let capacity = 20
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: capacity) { digits in
      var rest = value
      var start = capacity
      repeat {
        start &-= 1
        digits[start] = ASCII.zero &+ UInt8(truncatingIfNeeded: rest % 10)
        rest /= 10
      } while rest > 0 || capacity &- start < width
      output.append(contentsOf: UnsafeMutableBufferPointer(rebasing: digits[start...]))
    }
  }

  /// Two digits of a number below 100.
  private static func appendPair(_ value: UInt64, to output: inout [UInt8]) {
    output.append(ASCII.zero &+ UInt8(truncatingIfNeeded: value / 10))
    output.append(ASCII.zero &+ UInt8(truncatingIfNeeded: value % 10))
  }
}

extension CellText {
  /// Appends a value that is neither text nor NULL, given as a word (`Cell`), as every format but the table has it.
  static func append(
    _ word: UInt64, _ type: ResultType, _ zone: TimeZoneRules, to output: inout [UInt8]
  ) {
    switch type {
    case .text: assertionFailure("formats escape text themselves")
    case .integer: append(Cell.integer(word), to: &output)
    case .decimal: appendDecimal(Cell.integer(word), to: &output)
    case .number, .rate: append(Cell.number(word), to: &output)
    case .timestamp: appendTimestamp(Cell.integer(word), zone, to: &output)
    case .date: appendDate(Cell.integer(word), to: &output)
    case .boolean: output.append(contentsOf: (word != 0 ? "true" : "false").utf8)
    case .interval: appendInterval(Cell.integer(word), to: &output)
    }
  }
}
