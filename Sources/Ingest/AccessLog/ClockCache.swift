// The time of combined logs, `14/Mar/2026:09:12:01 +0100`. Neighbouring lines share date, hour and
// zone, so those are read once and compared as words afterwards.
//
// SAFETY: the caller vouches for 26 readable bytes.

internal import Base

struct ClockCache {
  static let byteCount = 26
  private var dateStart: UInt64 = 0
  private var dateEnd: UInt64 = 0
  /// 48 bits of a text; at first more than that, which no text's are.
  private var zone = UInt64.max
  private var hourStart: Int64 = 0

  /// UTC milliseconds of the 26 bytes at `text`, or nil if they are no time.
  @inline(__always)
  mutating func parse(_ text: UnsafePointer<UInt8>) -> Int64? {
    let raw = UnsafeRawPointer(text)
    let dateStart = raw.loadUnaligned(fromByteOffset: 0, as: UInt64.self)
    let dateEnd = raw.loadUnaligned(fromByteOffset: 6, as: UInt64.self)
    let zone = raw.loadUnaligned(fromByteOffset: 18, as: UInt64.self) >> 16
    if dateStart != self.dateStart || dateEnd != self.dateEnd || zone != self.zone {
      guard let start = ClockCache.parseHour(ByteSlice(text, count: ClockCache.byteCount)) else {
        return nil
      }
      self.dateStart = dateStart
      self.dateEnd = dateEnd
      self.zone = zone
      hourStart = start
    }
    guard text[14] == ASCII.colon, text[17] == ASCII.colon,
      let minute = ClockCache.twoDigits(text + 15), minute < 60,
      let second = ClockCache.twoDigits(text + 18), second <= 60
    else { return nil }
    return hourStart &+ Int64(minute &* 60 &+ second) &* 1000
  }

  /// UTC milliseconds of the full hour: date, hour and zone.
  @inline(never)
  private static func parseHour(_ text: ByteSlice) -> Int64? {
    guard let day = twoDigits(text.base), text[2] == ASCII.slash,
      let month = month(text.slice(from: 3, to: 6)), text[6] == ASCII.slash,
      let century = twoDigits(text.base + 7), let year = twoDigits(text.base + 9),
      text[11] == ASCII.colon, let hour = twoDigits(text.base + 12), hour < 24,
      text[20] == ASCII.space, text[21] == ASCII.plus || text[21] == ASCII.minus,
      let zoneHour = twoDigits(text.base + 22), zoneHour < 24,
      let zoneMinute = twoDigits(text.base + 24), zoneMinute < 60
    else { return nil }
    let date = CivilDate(year: century * 100 + year, month: month, day: day)
    guard date.isValid else { return nil }
    let offset = Int64(zoneHour * 60 + zoneMinute) * 60_000
    return CivilTime.milliseconds(date, hour: hour)
      - (text[21] == ASCII.minus ? -offset : offset)
  }

  private static func month(_ name: ByteSlice) -> Int? {
    let names: StaticString = "JanFebMarAprMayJunJulAugSepOctNovDec"
    let all = ByteSlice(names.utf8Start, count: names.utf8CodeUnitCount)
    for month in 0..<12 where all.slice(from: month * 3, to: month * 3 + 3) == name {
      return month + 1
    }
    return nil
  }

  @inline(__always)
  private static func twoDigits(_ text: UnsafePointer<UInt8>) -> Int? {
    let tens = text[0] &- ASCII.zero
    let ones = text[1] &- ASCII.zero
    return tens <= 9 && ones <= 9 ? Int(tens) &* 10 &+ Int(ones) : nil
  }
}
