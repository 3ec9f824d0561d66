// Times as files write them: RFC 3339 with room for its relatives, and numbers since 1970 in
// whatever unit. Everything becomes UTC milliseconds, rounded down.
//
// SAFETY: every index is compared with the slice's count before it is read.

package import Base

package enum Timestamp {
  /// UTC milliseconds of `text`, or nil if it is no time.
  ///
  /// `2026-03-14`, `2026-03-14T09:12`, `2026-03-14 09:12:01.5+01:00`, or a decimal number that
  /// counts seconds below 10¹¹, milliseconds below 10¹⁴, microseconds below 10¹⁷ and nanoseconds
  /// above.
  package static func parse(_ text: ByteSlice) -> Int64? {
    if text.count >= 10, text.base[4] == ASCII.minus, text.base[7] == ASCII.minus {
      return parseDate(text)
    }
    return parseNumber(text)
  }

  /// UTC milliseconds of a date `2026-03-14` and a clock `09:12:01` given apart.
  package static func parse(date: ByteSlice, clock: ByteSlice) -> Int64? {
    guard date.count == 10, let midnight = parseDate(date) else { return nil }
    guard clock.count >= 8, let (sinceMidnight, end) = readClock(clock, from: 0),
      end == clock.count
    else { return nil }
    return midnight &+ sinceMidnight
  }

  private static func parseDate(_ text: ByteSlice) -> Int64? {
    guard let year = readDigits(text, at: 0, count: 4), text.base[4] == ASCII.minus,
      let month = readDigits(text, at: 5, count: 2), text.base[7] == ASCII.minus,
      let day = readDigits(text, at: 8, count: 2)
    else { return nil }
    let date = CivilDate(year: year, month: month, day: day)
    guard date.isValid else { return nil }
    let midnight = Int64(date.daysSinceEpoch) &* CivilTime.millisecondsPerDay
    guard text.count > 10 else { return midnight }
    guard text.base[10] | 0x20 == UInt8(ascii: "t") || text.base[10] == ASCII.space,
      let (sinceMidnight, end) = readClock(text, from: 11),
      let offset = readZone(text, from: end)
    else { return nil }
    return midnight &+ sinceMidnight &- offset
  }

  /// Milliseconds since midnight of `HH:MM[:SS[.fraction]]`, and the index behind it.
  private static func readClock(_ text: ByteSlice, from start: Int) -> (Int64, Int)? {
    guard let hour = readDigits(text, at: start, count: 2), hour < 24,
      start &+ 5 <= text.count, text.base[start &+ 2] == ASCII.colon,
      let minute = readDigits(text, at: start &+ 3, count: 2), minute < 60
    else { return nil }
    var index = start &+ 5
    let minutes = Int64(hour &* 60 &+ minute)
    guard index < text.count, text.base[index] == ASCII.colon else {
      return (minutes &* 60_000, index)
    }
    guard let second = readDigits(text, at: index &+ 1, count: 2), second <= 60 else { return nil }
    index &+= 3
    guard let fraction = readFraction(text, at: &index) else { return nil }
    return ((minutes &* 60 &+ Int64(second)) &* 1000 &+ fraction, index)
  }

  /// The milliseconds of an optional fraction of one to nine digits, or nil if it is broken.
  private static func readFraction(_ text: ByteSlice, at index: inout Int) -> Int64? {
    guard index < text.count, text.base[index] == ASCII.dot else { return 0 }
    index &+= 1
    let start = index
    var fraction: Int64 = 0
    while index < text.count, ASCII.isDigit(text.base[index]) {
      if index &- start < 3 { fraction = fraction &* 10 &+ Int64(text.base[index] &- ASCII.zero) }
      index &+= 1
    }
    switch index &- start {
    case 1: return fraction &* 100
    case 2: return fraction &* 10
    case 3...9: return fraction
    default: return nil
    }
  }

  /// The offset in milliseconds of `Z`, `+HH:MM`, `+HHMM`, `+HH` or nothing, up to the end.
  private static func readZone(_ text: ByteSlice, from start: Int) -> Int64? {
    let count = text.count &- start
    if count == 0 { return 0 }
    let sign = text.base[start]
    if count == 1 { return sign | 0x20 == UInt8(ascii: "z") ? 0 : nil }
    guard sign == ASCII.plus || sign == ASCII.minus,
      let hour = readDigits(text, at: start &+ 1, count: 2), hour < 24
    else { return nil }
    var minute: Int? = 0
    if count == 5 { minute = readDigits(text, at: start &+ 3, count: 2) }
    if count == 6 {
      minute =
        text.base[start &+ 3] == ASCII.colon ? readDigits(text, at: start &+ 4, count: 2) : nil
    }
    guard count == 3 || count == 5 || count == 6, let minute, minute < 60 else { return nil }
    let offset = Int64(hour &* 60 &+ minute) &* 60_000
    return sign == ASCII.minus ? -offset : offset
  }

  private static func readDigits(_ text: ByteSlice, at start: Int, count: Int) -> Int? {
    guard start &+ count <= text.count else { return nil }
    var value = 0
    var index = start
    while index < start &+ count {
      guard ASCII.isDigit(text.base[index]) else { return nil }
      value = value &* 10 &+ Int(text.base[index] &- ASCII.zero)
      index &+= 1
    }
    return value
  }

  private static func parseNumber(_ text: ByteSlice) -> Int64? {
    let isNegative = text.count > 0 && text.base[0] == ASCII.minus
    var index = isNegative ? 1 : 0
    let start = index
    var value: Int64 = 0
    while index < text.count, ASCII.isDigit(text.base[index]) {
      // Nineteen digits may overflow; a time in nanoseconds has nineteen.
      let (product, isTooLarge) = value.multipliedReportingOverflow(by: 10)
      let (sum, overflows) = product.addingReportingOverflow(
        Int64(text.base[index] &- ASCII.zero))
      guard !isTooLarge, !overflows else { return nil }
      value = sum
      index &+= 1
    }
    guard index > start, let fraction = readNumberFraction(text, from: index) else { return nil }
    return scale(value, fraction, isNegative)
  }

  /// The first three digits behind the point as thousandths, and whether anything else behind it is
  /// not 0.
  private static func readNumberFraction(
    _ text: ByteSlice, from start: Int
  ) -> (thousandths: Int64, hasRest: Bool)? {
    guard start < text.count else { return (0, false) }
    guard text.base[start] == ASCII.dot, start &+ 1 < text.count else { return nil }
    var thousandths: Int64 = 0
    var weight: Int64 = 100
    var hasRest = false
    var index = start &+ 1
    while index < text.count {
      guard ASCII.isDigit(text.base[index]) else { return nil }
      let digit = Int64(text.base[index] &- ASCII.zero)
      thousandths &+= digit &* weight
      hasRest = hasRest || (weight == 0 && digit != 0)
      weight /= 10
      index &+= 1
    }
    return (thousandths, hasRest)
  }

  private static func scale(
    _ value: Int64, _ fraction: (thousandths: Int64, hasRest: Bool), _ isNegative: Bool
  ) -> Int64 {
    var milliseconds: Int64
    var hasRest = fraction.hasRest
    if value < 100_000_000_000 {
      milliseconds = value &* 1000 &+ fraction.thousandths
    } else {
      let divisor: Int64 =
        value < 100_000_000_000_000 ? 1 : value < 100_000_000_000_000_000 ? 1000 : 1_000_000
      milliseconds = value / divisor
      hasRest = hasRest || fraction.thousandths != 0 || value % divisor != 0
    }
    guard isNegative else { return milliseconds }
    milliseconds = -milliseconds
    return hasRest ? milliseconds &- 1 : milliseconds
  }
}
