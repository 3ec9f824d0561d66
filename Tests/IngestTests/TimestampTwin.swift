// Times once more, naively: text is cut at its separators, days are counted year by year.

enum TimestampTwin {
  static func common(_ text: Bytes) -> Int64? {
    let months = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    guard text.count == 26, text[20] == 32, text[21] == 43 || text[21] == 45 else { return nil }
    let words = String(decoding: text, as: UTF8.self)
      .split(omittingEmptySubsequences: false) { "/: ".contains($0) }.map(String.init)
    guard words.count == 7, text[2] == 47, text[6] == 47, text[11] == 58, text[14] == 58,
      text[17] == 58, let day = number(words[0]), let month = months.firstIndex(of: words[1]),
      let year = number(words[2]), let zone = zone(words[6])
    else { return nil }
    guard let clock = clock(words[3] + ":" + words[4] + ":" + words[5], needsSeconds: true) else {
      return nil
    }
    return midnight(year, month + 1, day).map { $0 + clock - zone }
  }

  static func dateAndClock(_ date: Bytes, _ clock: Bytes) -> Int64? {
    guard date.count == 10, let midnight = self.date(String(decoding: date, as: UTF8.self)),
      let clock = self.clock(String(decoding: clock, as: UTF8.self), needsSeconds: true)
    else { return nil }
    return midnight + clock
  }

  static func any(_ text: Bytes) -> Int64? {
    // Only ASCII can be a time, and only there are characters bytes.
    guard text.allSatisfy({ $0 < 128 && $0 != 13 && $0 != 10 }) else { return nil }
    let string = String(decoding: text, as: UTF8.self)
    if text.count >= 10, text[4] == 45, text[7] == 45 { return moment(string) }
    return epoch(string)
  }

  private static func moment(_ text: String) -> Int64? {
    guard let midnight = date(String(text.prefix(10))) else { return nil }
    if text.count == 10 { return midnight }
    let separator = text[text.index(text.startIndex, offsetBy: 10)]
    guard "Tt ".contains(separator) else { return nil }
    let rest = text.dropFirst(11)
    let end = rest.firstIndex { !"0123456789:.".contains($0) } ?? rest.endIndex
    guard let clock = clock(String(rest[..<end]), needsSeconds: false),
      let zone = zone(String(rest[end...]))
    else { return nil }
    return midnight + clock - zone
  }

  private static func date(_ text: String) -> Int64? {
    let words = text.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
    guard words.count == 3, words.map(\.count) == [4, 2, 2], let year = number(words[0]),
      let month = number(words[1]), let day = number(words[2])
    else { return nil }
    return midnight(year, month, day)
  }

  private static func clock(_ text: String, needsSeconds: Bool) -> Int64? {
    let words = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard words.count == 3 || (words.count == 2 && !needsSeconds), words[0].count == 2,
      words[1].count == 2, let hour = number(words[0]), hour < 24, let minute = number(words[1]),
      minute < 60
    else { return nil }
    var milliseconds = Int64(hour * 60 + minute) * 60_000
    guard words.count == 3 else { return milliseconds }
    let parts = words[2].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard parts.count <= 2, parts[0].count == 2, let second = number(parts[0]), second <= 60 else {
      return nil
    }
    milliseconds += Int64(second) * 1000
    guard parts.count == 2 else { return milliseconds }
    guard (1...9).contains(parts[1].count), number(parts[1]) != nil,
      let fraction = number(String((parts[1] + "00").prefix(3)))
    else { return nil }
    return milliseconds + Int64(fraction)
  }

  private static func zone(_ text: String) -> Int64? {
    if text.isEmpty || text == "Z" || text == "z" { return 0 }
    let digits = text.dropFirst().filter { $0 != ":" }
    let shapes = ["+hh", "+hhmm", "+hh:mm"].map(\.count)
    guard text.first == "+" || text.first == "-", shapes.contains(text.count),
      text.count == 6 ? Array(text)[3] == ":" : !text.contains(":"),
      digits.count == 2 || digits.count == 4, let hour = number(String(digits.prefix(2))),
      hour < 24,
      let minute = number(String((digits + "00").prefix(4).suffix(2))), minute < 60
    else { return nil }
    return Int64(hour * 60 + minute) * (text.first == "-" ? -60_000 : 60_000)
  }

  private static func midnight(_ year: Int, _ month: Int, _ day: Int) -> Int64? {
    func isLeap(_ year: Int) -> Bool { year % 4 == 0 && year % 100 != 0 || year % 400 == 0 }
    let days = [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    guard (1...12).contains(month), day >= 1, day <= days[month - 1] else { return nil }
    var count = day - 1
    for index in 0..<(month - 1) { count += days[index] }
    for past in stride(from: 1970, to: year, by: 1) { count += isLeap(past) ? 366 : 365 }
    for future in stride(from: year, to: 1970, by: 1) { count -= isLeap(future) ? 366 : 365 }
    return Int64(count) * 86_400_000
  }

  private static func epoch(_ text: String) -> Int64? {
    let isNegative = text.hasPrefix("-")
    let parts = text.dropFirst(isNegative ? 1 : 0)
      .split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard parts.count <= 2, !parts.isEmpty, parts.allSatisfy({ isNumber($0) }),
      let whole = Int64(parts[0])
    else { return nil }
    // Milliseconds towards zero, and whether anything is left of them.
    let fraction = parts.count == 2 ? parts[1] : ""
    let unit: Int64 =
      whole < 100_000_000_000
      ? 0 : whole < 100_000_000_000_000 ? 1 : whole < 100_000_000_000_000_000 ? 1000 : 1_000_000
    var quotient: Int64
    var hasRest: Bool
    if unit == 0 {
      quotient = whole * 1000 + (Int64((fraction + "000").prefix(3)) ?? 0)
      hasRest = fraction.dropFirst(3).contains { $0 != "0" }
    } else {
      quotient = whole / unit
      hasRest = whole % unit != 0 || fraction.contains { $0 != "0" }
    }
    if isNegative { quotient = hasRest ? -quotient - 1 : -quotient }
    return quotient
  }

  private static func isNumber(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { (48...57).contains($0) }
  }

  private static func number(_ text: String) -> Int? { isNumber(text) ? Int(text) : nil }
}
