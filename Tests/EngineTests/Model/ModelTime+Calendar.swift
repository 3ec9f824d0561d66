// Months, fields and buckets of plain SQL, by the C library's calendar. docs/SEMANTICS.md, "Types and operators".

import Glibc

extension ModelTime {
  static let day = 86_400_000

  static func dayStart(of time: Int) -> Int { floor(time, day) * day }

  /// The time some months and milliseconds later: the day stays, or becomes its month's last.
  static func adding(months: Int, milliseconds: Int, to time: Int) -> ModelValue {
    guard abs(months) < 1_000_000 else { return .null }
    let parts = calendar(time)
    let month = (Int(parts.tm_year) + 1900) * 12 + Int(parts.tm_mon) + months
    let last = (start(ofMonth: month + 1) - start(ofMonth: month)) / day
    let dayOfMonth = min(Int(parts.tm_mday), last)
    let moved = start(ofMonth: month) + (dayOfMonth - 1) * day + (time - dayStart(of: time))
    let (sum, isLost) = moved.addingReportingOverflow(milliseconds)
    return isLost ? .null : .time(sum)
  }

  /// `month` counts from the year 0.
  private static func start(ofMonth month: Int) -> Int {
    let year = floor(month, 12)
    return start(year: year, month: month - year * 12 + 1)
  }

  private static func start(year: Int, month: Int) -> Int {
    var parts = tm()
    parts.tm_year = Int32(year - 1900)
    parts.tm_mon = Int32(month - 1)
    parts.tm_mday = 1
    return timegm(&parts) * 1000
  }

  static let units = "second minute hour day week month quarter year".words

  /// `date_trunc`.
  static func truncate(_ time: Int, to unit: String) -> Int {
    let parts = calendar(time)
    let (year, month) = (Int(parts.tm_year) + 1900, Int(parts.tm_mon) + 1)
    switch unit {
    case "second": return floor(time, 1000) * 1000
    case "minute": return floor(time, 60_000) * 60_000
    case "hour": return floor(time, 3_600_000) * 3_600_000
    case "day": return dayStart(of: time)
    case "week": return dayStart(of: time) - (isoWeekday(time) - 1) * day
    case "month": return start(year: year, month: month)
    case "quarter": return start(year: year, month: (month - 1) / 3 * 3 + 1)
    default: return start(year: year, month: 1)
    }
  }

  static let fields = "year quarter month week day hour minute second dow isodow doy epoch".words

  /// `extract`.
  static func field(_ field: String, of time: Int) -> ModelValue {
    let parts = calendar(time)
    switch field {
    case "year": return .integer(Int(parts.tm_year) + 1900)
    case "quarter": return .integer(Int(parts.tm_mon) / 3 + 1)
    case "month": return .integer(Int(parts.tm_mon) + 1)
    case "week":
      // The week belongs to the year that has its Thursday.
      let thursday = calendar(truncate(time, to: "week") + 3 * day)
      return .integer(Int(thursday.tm_yday) / 7 + 1)
    case "day": return .integer(Int(parts.tm_mday))
    case "hour": return .integer(Int(parts.tm_hour))
    case "minute": return .integer(Int(parts.tm_min))
    case "second": return .integer(Int(parts.tm_sec))
    case "dow": return .integer(Int(parts.tm_wday))
    case "isodow": return .integer(isoWeekday(time))
    case "doy": return .integer(Int(parts.tm_yday) + 1)
    default: return .number(Double(time) / 1000)
    }
  }

  private static func isoWeekday(_ time: Int) -> Int {
    let weekday = Int(calendar(time).tm_wday)
    return weekday == 0 ? 7 : weekday
  }
}
