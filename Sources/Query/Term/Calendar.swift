// Calendar arithmetic on times of a zone: cutting to a unit, taking a field out, adding months.

internal import Base

struct Calendar: Sendable {
  let zone: TimeZoneRules

  /// The first moment of the unit that a time lies in.
  func truncate(_ time: Int64, to unit: TimeUnit) -> Int64 {
    let offset = zone.offset(at: time)
    let local = time &+ offset
    switch unit {
    // Units up to the hour are cut where they stand, so that a repeated hour stays two hours.
    case .second: return Calendar.floor(local, 1000) &- offset
    case .minute: return Calendar.floor(local, 60_000) &- offset
    case .hour: return zone.hourStart(time)
    default: return zone.time(ofLocal: Calendar.truncateDays(local, to: unit))
    }
  }

  private static func floor(_ time: Int64, _ width: Int64) -> Int64 {
    CivilTime.floorDivide(time, width) * width
  }

  private static func truncateDays(_ local: Int64, to unit: TimeUnit) -> Int64 {
    let day = CivilTime.floorDivide(local, CivilTime.millisecondsPerDay)
    if unit == .day { return day * CivilTime.millisecondsPerDay }
    if unit == .week {
      // 1970-01-01 was a Thursday: three days later a week starts.
      return (CivilTime.floorDivide(day + 3, 7) * 7 - 3) * CivilTime.millisecondsPerDay
    }
    let date = CivilDate(daysSinceEpoch: Int(day))
    let month =
      switch unit {
      case .year: 1
      case .quarter: (date.month - 1) / 3 * 3 + 1
      default: date.month
      }
    return CivilTime.milliseconds(CivilDate(year: date.year, month: month, day: 1))
  }

  /// The start of the day that a time lies in, as a date.
  func date(of time: Int64) -> Int64 { Calendar.truncateDays(zone.local(time), to: .day) }

  /// A field of a time.
  func field(_ field: TimeField, of time: Int64) -> Int64 {
    let local = zone.local(time)
    let day = CivilTime.floorDivide(local, CivilTime.millisecondsPerDay)
    let rest = local - day * CivilTime.millisecondsPerDay
    switch field {
    case .hour: return rest / CivilTime.millisecondsPerHour
    case .minute: return rest / 60_000 % 60
    case .second: return rest / 1000 % 60
    case .isodow: return Calendar.weekday(day)
    case .dow: return Calendar.weekday(day) % 7
    case .week: return Calendar.week(day)
    default: return Calendar.field(field, of: CivilDate(daysSinceEpoch: Int(day)), day)
    }
  }

  private static func field(_ field: TimeField, of date: CivilDate, _ day: Int64) -> Int64 {
    switch field {
    case .year: Int64(date.year)
    case .quarter: Int64((date.month + 2) / 3)
    case .month: Int64(date.month)
    case .day: Int64(date.day)
    default: day - Int64(CivilDate(year: date.year, month: 1, day: 1).daysSinceEpoch) + 1
    }
  }

  /// 1 (Monday) to 7.
  private static func weekday(_ day: Int64) -> Int64 {
    day + 3 - CivilTime.floorDivide(day + 3, 7) * 7 + 1
  }

  /// The ISO week: the one that the week's Thursday has in its year.
  private static func week(_ day: Int64) -> Int64 {
    let thursday = day - weekday(day) + 4
    let year = CivilDate(daysSinceEpoch: Int(thursday)).year
    return (thursday - Int64(CivilDate(year: year, month: 1, day: 1).daysSinceEpoch)) / 7 + 1
  }

  /// The same day and clock so many months later; the last day of a month that is shorter. Nil beyond all years.
  func add(months: Int, to time: Int64) -> Int64? {
    let local = zone.local(time)
    let day = CivilTime.floorDivide(local, CivilTime.millisecondsPerDay)
    let date = CivilDate(daysSinceEpoch: Int(day))
    let index = date.year * 12 + date.month - 1 + months
    let year = Int(CivilTime.floorDivide(Int64(index), 12))
    guard abs(year) < Calendar.yearMagnitudeMax else { return nil }
    let month = index - year * 12 + 1
    let last = CivilDate.dayCount(year: year, month: month)
    let first = CivilTime.milliseconds(
      CivilDate(year: year, month: month, day: min(date.day, last)))
    return zone.time(ofLocal: first + local - day * CivilTime.millisecondsPerDay)
  }

  private static let yearMagnitudeMax = 100_000

  /// The times of fewer years before and after 1970, in milliseconds: calendar arithmetic on them cannot overflow.
  static let timeMagnitudeMax: UInt64 = 100_000 * 365 * 86_400_000
}
