// Reads times the way people write them in queries: PostgreSQL's and ISO 8601's common forms, UTC
// unless an offset says otherwise.

package import Base

package enum TimeText {
  /// UTC milliseconds of `2026-03-14`, `2026-03-14 09:12`, `2026-03-14T09:12:01.5Z`, `...
  /// 09:12:01+02:00`, `... 12:00:00+01:05:21`.
  ///
  /// Times without an offset are of `zone`. Nil for anything else, for dates that do not exist and for years
  /// outside 1-9999. Digits beyond the millisecond are cut off.
  package static func milliseconds(of text: [UInt8], zone: TimeZoneRules = .utc) -> Int64? {
    guard let (time, hasOffset) = clock(of: text) else { return nil }
    return hasOffset ? time : zone.time(ofLocal: time)
  }

  /// UTC milliseconds, or what clocks of some zone show where no offset is stated.
  static func clock(of text: [UInt8]) -> (time: Int64, hasOffset: Bool)? {
    var reader = Reader(text)
    guard let date = reader.date() else { return nil }
    var time = CivilTime.milliseconds(date)
    var hasOffset = false
    if reader.skip(ASCII.space) || reader.skip(0x54) || reader.skip(0x74) {
      guard let clock = reader.clock() else { return nil }
      time += clock
      hasOffset = !reader.isAtEnd
      guard !hasOffset || reader.zone().map({ time -= $0 }) != nil else { return nil }
    }
    return reader.isAtEnd && range.contains(time) ? (time, hasOffset) : nil
  }

  /// Days since 1970-01-01 of `2026-03-14`, or nil.
  package static func days(of text: [UInt8]) -> Int? {
    var reader = Reader(text)
    guard let date = reader.date(), reader.isAtEnd else { return nil }
    return date.daysSinceEpoch
  }

  private static let range =
    CivilTime.milliseconds(
      CivilDate(year: 1, month: 1, day: 1))..<CivilTime.milliseconds(
      CivilDate(year: 10_000, month: 1, day: 1))
}

/// Walks over the text once; every step says whether it found what it wanted.
private struct Reader {
  private let text: [UInt8]
  private var offset = 0

  init(_ text: [UInt8]) { self.text = text }

  var isAtEnd: Bool { offset == text.count }

  mutating func date() -> CivilDate? {
    guard let year = digits(4), skip(ASCII.minus), let month = digits(2), skip(ASCII.minus),
      let day = digits(2)
    else { return nil }
    let date = CivilDate(year: year, month: month, day: day)
    return year > 0 && date.isValid ? date : nil
  }

  /// Milliseconds since midnight.
  mutating func clock() -> Int64? {
    guard let hour = digits(2), hour < 24, skip(ASCII.colon), let minute = digits(2), minute < 60
    else { return nil }
    var seconds = (hour * 60 + minute) * 60
    guard skip(ASCII.colon) else { return Int64(seconds) * 1000 }
    guard let second = digits(2), second < 60 else { return nil }
    seconds += second
    guard skip(ASCII.dot) else { return Int64(seconds) * 1000 }
    return fraction().map { Int64(seconds) * 1000 + Int64($0) }
  }

  /// Milliseconds east of Greenwich.
  mutating func zone() -> Int64? {
    if skip(0x5A) || skip(0x7A) { return 0 }
    let isEast = skip(ASCII.plus)
    guard isEast || skip(ASCII.minus), let hour = digits(2), hour < 24 else { return nil }
    guard let minute = zonePart(), let second = zonePart() else { return nil }
    let milliseconds = Int64((hour * 60 + minute) * 60 + second) * 1000
    return isEast ? milliseconds : -milliseconds
  }

  /// Minutes or seconds of an offset; 0 where it ends before them.
  private mutating func zonePart() -> Int? {
    if isAtEnd { return 0 }
    _ = skip(ASCII.colon)
    return digits(2).flatMap { $0 < 60 ? $0 : nil }
  }

  private mutating func fraction() -> Int? {
    var value = 0
    var count = 0
    while offset < text.count, ASCII.isDigit(text[offset]) {
      if count < 3 { value = value * 10 + Int(text[offset] - ASCII.zero) }
      count += 1
      offset += 1
    }
    guard (1...9).contains(count) else { return nil }
    return count == 1 ? value * 100 : count == 2 ? value * 10 : value
  }

  private mutating func digits(_ count: Int) -> Int? {
    guard offset + count <= text.count else { return nil }
    var value = 0
    for byte in text[offset..<offset + count] {
      guard ASCII.isDigit(byte) else { return nil }
      value = value * 10 + Int(byte - ASCII.zero)
    }
    offset += count
    return value
  }

  mutating func skip(_ byte: UInt8) -> Bool {
    guard offset < text.count, text[offset] == byte else { return false }
    offset += 1
    return true
  }
}
