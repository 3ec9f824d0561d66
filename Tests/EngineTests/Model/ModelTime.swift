// Calendar arithmetic by the C library's calendar: buckets, and times as text.

import Glibc

enum ModelTime {
  /// The start of a calendar bucket, or the number of a cyclic one.
  static func bucket(_ name: String, of time: Int) -> ModelValue {
    var parts = calendar(time)
    switch name {
    case "hour_of_day": return .integer(Int(parts.tm_hour))
    case "weekday": return .integer(parts.tm_wday == 0 ? 7 : Int(parts.tm_wday))
    default: break
    }
    parts.tm_sec = 0
    parts.tm_min = 0
    if name != "hour" { parts.tm_hour = 0 }
    // timegm normalises a day of the month below 1.
    if name == "week" { parts.tm_mday -= (parts.tm_wday + 6) % 7 }
    if name == "month" { parts.tm_mday = 1 }
    return .time(timegm(&parts) * 1000)
  }

  /// `2026-03-14` or `2026-03-14T09:12:01[.5]Z`, the forms that the tests write.
  static func parse(_ text: String) -> Int? {
    let digits = text.split { !("0"..."9").contains($0) }
    guard digits.count >= 3, let year = Int32(digits[0]), let month = Int32(digits[1]),
      let day = Int32(digits[2])
    else { return nil }
    var parts = tm()
    parts.tm_year = year - 1900
    parts.tm_mon = month - 1
    parts.tm_mday = day
    if digits.count >= 5 {
      parts.tm_hour = Int32(digits[3]) ?? 0
      parts.tm_min = Int32(digits[4]) ?? 0
    }
    if digits.count >= 6 { parts.tm_sec = Int32(digits[5]) ?? 0 }
    let milliseconds = digits.count >= 7 ? Int((digits[6] + "000").prefix(3)) ?? 0 : 0
    return timegm(&parts) * 1000 + milliseconds
  }

  /// `2026-03-14T09:12:01.500Z`.
  static func text(_ time: Int) -> String {
    let parts = calendar(time)
    let milliseconds = time - floor(time, 1000) * 1000
    let date = [
      pad(Int(parts.tm_year) + 1900, 4), pad(Int(parts.tm_mon) + 1), pad(Int(parts.tm_mday)),
    ]
    let clock = [pad(Int(parts.tm_hour)), pad(Int(parts.tm_min)), pad(Int(parts.tm_sec))]
    let fraction = milliseconds == 0 ? "" : ".\(pad(milliseconds, 3))"
    return date.joined(separator: "-") + "T" + clock.joined(separator: ":") + fraction + "Z"
  }

  /// `14/Mar/2026:09:12:01 +0000`.
  static func logText(_ time: Int) -> String {
    let months = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    let parts = calendar(time)
    let clock = [pad(Int(parts.tm_hour)), pad(Int(parts.tm_min)), pad(Int(parts.tm_sec))]
    return "\(pad(Int(parts.tm_mday)))/\(months[Int(parts.tm_mon)])/"
      + "\(pad(Int(parts.tm_year) + 1900, 4)):\(clock.joined(separator: ":")) +0000"
  }

  static func calendar(_ time: Int) -> tm {
    var seconds = floor(time, 1000)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    return parts
  }

  static func floor(_ value: Int, _ divisor: Int) -> Int {
    value >= 0 ? value / divisor : -((-value + divisor - 1) / divisor)
  }

  private static func pad(_ value: Int, _ width: Int = 2) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
