// Days, dates and UTC milliseconds. Proleptic Gregorian calendar, no leap seconds, no time zones beyond
// fixed offsets; the arithmetic is the usual era-based one and is tested over four centuries day by day.

internal import Glibc

package struct CivilDate: Equatable, Sendable {
  package var year: Int
  package var month: Int
  package var day: Int

  package init(year: Int, month: Int, day: Int) {
    self.year = year
    self.month = month
    self.day = day
  }

  /// The date `days` after 1970-01-01 (negative before it).
  package init(daysSinceEpoch days: Int) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }

  /// Days since 1970-01-01.
  package var daysSinceEpoch: Int {
    let shiftedYear = month <= 2 ? year - 1 : year
    let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
    let yearOfEra = shiftedYear - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  /// Whether month and day exist.
  package var isValid: Bool {
    guard (1...12).contains(month), day >= 1 else { return false }
    return day <= CivilDate.dayCount(year: year, month: month)
  }

  package static func dayCount(year: Int, month: Int) -> Int {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    return month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
  }
}

@usableFromInline package enum CivilTime {
  @inlinable package static var millisecondsPerSecond: Int64 { 1000 }
  @inlinable package static var millisecondsPerHour: Int64 { 3_600_000 }
  @inlinable package static var millisecondsPerDay: Int64 { 86_400_000 }

  /// The clock's time, UTC milliseconds.
  package static func now() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }

  /// UTC milliseconds of a date and a time of day.
  package static func milliseconds(
    _ date: CivilDate, hour: Int = 0, minute: Int = 0, second: Int = 0, millisecond: Int = 0
  ) -> Int64 {
    let seconds = ((date.daysSinceEpoch * 24 + hour) * 60 + minute) * 60 + second
    return Int64(seconds) * millisecondsPerSecond + Int64(millisecond)
  }

  /// `2026-03-14T09:12:01.000Z`; the fraction is left out when it is zero.
  package static func format(_ milliseconds: Int64) -> String {
    let day = floorDivide(milliseconds, millisecondsPerDay)
    let date = CivilDate(daysSinceEpoch: Int(day))
    let rest = Int(milliseconds - day * millisecondsPerDay)
    let clock =
      "\(pad(rest / 3_600_000, 2)):\(pad(rest / 60_000 % 60, 2)):\(pad(rest / 1000 % 60, 2))"
    let fraction = rest % 1000 == 0 ? "" : ".\(pad(rest % 1000, 3))"
    return "\(formatDate(date))T\(clock)\(fraction)Z"
  }

  /// `2026-03-14`; years before 0 have a sign in front of their digits.
  package static func formatDate(_ date: CivilDate) -> String {
    "\(pad(date.year, 4))-\(pad(date.month, 2))-\(pad(date.day, 2))"
  }

  /// Division that rounds down, so that times before 1970 fall into the right bucket.
  @inlinable package static func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
    let quotient = value / divisor
    return value % divisor < 0 ? quotient - 1 : quotient
  }

  /// The hour of UTC in which a time lies, since 1970.
  @inlinable package static func hour(_ time: Int64) -> Int64 {
    floorDivide(time, millisecondsPerHour)
  }

  /// When an hour since 1970 begins.
  @inlinable package static func start(ofHour hour: Int64) -> Int64 { hour * millisecondsPerHour }

  private static func pad(_ value: Int, _ width: Int) -> String {
    let digits = String(value.magnitude)
    let zeros = String(repeating: "0", count: max(0, width - digits.count))
    return (value < 0 ? "-" : "") + zeros + digits
  }
}
