// Values written into a query, already read: times are milliseconds, intervals are months and
// milliseconds.

internal import Base

package enum Literal: Hashable, Sendable {
  case null
  case boolean(Bool)
  case integer(Int64)
  /// A number with a fraction or an exponent; finite.
  case number(Double)
  case text([UInt8])
  /// UTC milliseconds since 1970.
  case timestamp(Int64)
  /// A timestamp without an offset: what the clocks of the query's time zone show, as UTC milliseconds.
  case localTimestamp(Int64)
  /// Days since 1970-01-01.
  case date(Int)
  case interval(Interval)
}

/// A span of time. Months are kept apart because their lengths differ; a day is 24 hours.
package struct Interval: Hashable, Sendable {
  package var months: Int
  package var milliseconds: Int64

  package init(months: Int = 0, milliseconds: Int64 = 0) {
    self.months = months
    self.milliseconds = milliseconds
  }

  /// Reads `7 days`, `1 month 12 hours`, `-90 minutes`, `1.5 hours`; nil for anything else.
  package static func parse(_ text: [UInt8]) -> Interval? {
    let words = String(decoding: text, as: UTF8.self).split { $0 == " " || $0 == "\t" }
    guard !words.isEmpty, words.count.isMultiple(of: 2) else { return nil }
    var sum = Interval()
    for index in stride(from: 0, to: words.count, by: 2) {
      guard sum.add(amount: words[index], unit: words[index + 1].lowercased()) else { return nil }
    }
    return sum.isInRange ? sum : nil
  }

  /// Whatever is in range can be printed and read again.
  private var isInRange: Bool {
    abs(Double(months)) <= Interval.amountMax
      && abs(Double(milliseconds)) <= Interval.amountMax * Double(CivilTime.millisecondsPerDay)
  }

  private mutating func add(amount: Substring, unit: String) -> Bool {
    let read = Array(amount.utf8).withUnsafeBufferPointer { TextReading.number(ByteSlice($0)) }
    guard let value = read, abs(value) <= Interval.amountMax else { return false }
    if let unitMonths = Interval.monthsByUnit[unit] {
      guard value == value.rounded() else { return false }
      months += Int(value) * unitMonths
      return true
    }
    guard let unitMilliseconds = Interval.millisecondsByUnit[unit] else { return false }
    let added = (value * unitMilliseconds).rounded()
    let (total, hasOverflow) = milliseconds.addingReportingOverflow(Int64(added))
    milliseconds = total
    return !hasOverflow
  }

  /// `1 month 2 days 3 hours`; parsing it gives the interval back.
  package var text: String {
    var parts: [String] = months == 0 ? [] : ["\(months) months"]
    var rest = milliseconds
    for (unit, span) in Interval.printedUnits where rest / span != 0 {
      parts.append("\(rest / span) \(unit)")
      rest %= span
    }
    return parts.isEmpty ? "0 days" : parts.joined(separator: " ")
  }

  /// Keeps every product below 2⁶³: a billion weeks are 6·10¹⁷ milliseconds.
  private static let amountMax = 1e9

  private static let monthsByUnit = [
    "month": 1, "months": 1, "mon": 1, "mons": 1, "year": 12, "years": 12, "quarter": 3,
    "quarters": 3,
  ]

  private static let millisecondsByUnit: [String: Double] = [
    "millisecond": 1, "milliseconds": 1, "ms": 1,
    "second": 1000, "seconds": 1000, "sec": 1000, "secs": 1000, "s": 1000,
    "minute": 60_000, "minutes": 60_000, "min": 60_000, "mins": 60_000, "m": 60_000,
    "hour": 3_600_000, "hours": 3_600_000, "h": 3_600_000,
    "day": 86_400_000, "days": 86_400_000, "d": 86_400_000,
    "week": 604_800_000, "weeks": 604_800_000, "w": 604_800_000,
  ]

  private static let printedUnits: [(String, Int64)] = [
    ("days", CivilTime.millisecondsPerDay), ("hours", CivilTime.millisecondsPerHour),
    ("minutes", 60_000), ("seconds", CivilTime.millisecondsPerSecond), ("milliseconds", 1),
  ]
}
