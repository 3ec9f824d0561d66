// The rule of a zone for years to come, as POSIX writes it: `CET-1CEST,M3.5.0,M10.5.0/3`.

struct TimeZoneRule {
  /// Milliseconds ahead of UTC.
  private let standard: Int64
  private var summer: Int64 = 0
  /// When summer time starts and ends: month, week (5 is the last), weekday (0 is Sunday), milliseconds after midnight.
  private var turns: [Turn] = []

  private struct Turn {
    var month: Int
    var week: Int
    var weekday: Int
    var clock: Int64
  }

  var hasSummerTime: Bool { turns.count == 2 }

  /// - Returns: nil for what is no rule, or one with dates of another form than `Mm.w.d`.
  init?(_ text: String) {
    let parts = text.split(separator: ",")
    guard let names = parts.first else { return nil }
    var rest = names[...]
    guard let ahead = TimeZoneRule.zone(&rest) else { return nil }
    standard = ahead
    guard !rest.isEmpty, parts.count == 3 else { return }
    summer = TimeZoneRule.zone(&rest) ?? standard + CivilTime.millisecondsPerHour
    let turns = parts.dropFirst().compactMap(TimeZoneRule.turn)
    guard turns.count == 2 else { return nil }
    self.turns = turns
  }

  /// The two changes of a year, in the order of time.
  func changes(_ year: Int) -> [(start: Int64, offset: Int64)] {
    [
      (TimeZoneRule.local(turns[0], year) - standard, summer),
      (TimeZoneRule.local(turns[1], year) - summer, standard),
    ].sorted { $0.0 < $1.0 }
  }

  private static func local(_ turn: Turn, _ year: Int) -> Int64 {
    let first = CivilDate(year: year, month: turn.month, day: 1).daysSinceEpoch
    // 1970-01-01 was a Thursday, day 4 of a week that starts with Sunday.
    let weekday = ((first + 4) % 7 + 7) % 7
    var day = 1 + (turn.weekday - weekday + 7) % 7 + (turn.week - 1) * 7
    while day > CivilDate.dayCount(year: year, month: turn.month) { day -= 7 }
    return Int64(first + day - 1) * CivilTime.millisecondsPerDay + turn.clock
  }

  /// A name and perhaps an offset, which POSIX counts westwards; nil without an offset.
  private static func zone(_ text: inout Substring) -> Int64? {
    if text.first == "<" {
      text = text.drop { $0 != ">" }.dropFirst()
    } else {
      text = text.drop { $0.isLetter }
    }
    let offset = text.prefix { !$0.isLetter && $0 != "<" }
    text = text.dropFirst(offset.count)
    return offset.isEmpty ? nil : clock(offset).map { -$0 }
  }

  /// `hh[:mm[:ss]]` with an optional sign.
  private static func clock(_ text: Substring) -> Int64? {
    let isNegative = text.first == "-"
    let parts = text.drop { $0 == "-" || $0 == "+" }.split(separator: ":").map { Int64($0) }
    guard !parts.isEmpty, parts.count <= 3 else { return nil }
    var milliseconds: Int64 = 0
    var unit = CivilTime.millisecondsPerHour
    for part in parts {
      guard let part, (0..<1000).contains(part) else { return nil }
      milliseconds += part * unit
      unit /= 60
    }
    return isNegative ? -milliseconds : milliseconds
  }

  /// `M3.5.0/2`; two o'clock unless it says otherwise.
  private static func turn(_ text: Substring) -> Turn? {
    let halves = text.split(separator: "/")
    let numbers =
      halves.first?.dropFirst().split(separator: ".").compactMap { Int($0) } ?? []
    guard text.first == "M", numbers.count == 3, (1...12).contains(numbers[0]),
      (1...5).contains(numbers[1]), (0...6).contains(numbers[2])
    else { return nil }
    let time = halves.count > 1 ? clock(halves[1]) : 2 * CivilTime.millisecondsPerHour
    return time.map {
      Turn(month: numbers[0], week: numbers[1], weekday: numbers[2], clock: $0)
    }
  }
}
