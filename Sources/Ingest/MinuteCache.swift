// Times as most event files write them, `2026-03-14T09:12:01.250Z`. Neighbouring lines share date, hour and minute, so
// those are read once and compared as words afterwards.
//
// SAFETY: nothing is read of a text that does not have all of its 24 bytes.

internal import Base

struct MinuteCache {
  private static let byteCount = 24
  private var first: UInt64 = 0
  private var second: UInt64 = 0
  /// The time of the minute that the two words name; nil as long as they name none.
  private var start: Int64?

  /// What `Timestamp.parse` says of `text`.
  mutating func parse(_ text: ByteSlice) -> Int64? {
    guard let rest = MinuteCache.milliseconds(text) else { return Timestamp.parse(text) }
    let raw = UnsafeRawPointer(text.base)
    let first = raw.loadUnaligned(as: UInt64.self)
    let second = raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
    if let start, first == self.first, second == self.second { return start &+ rest }
    guard let time = Timestamp.parse(text) else { return nil }
    (self.first, self.second, start) = (first, second, time &- rest)
    return time
  }

  /// The milliseconds of the `:01.250Z` that the text ends with; nil when it is another kind of text.
  @inline(__always)
  private static func milliseconds(_ text: ByteSlice) -> Int64? {
    guard text.count == byteCount, text.base[16] == ASCII.colon, text.base[19] == ASCII.dot,
      text.base[23] == UInt8(ascii: "Z")
    else { return nil }
    guard let tens = digit(text, 17), let ones = digit(text, 18), tens &* 10 &+ ones <= 60,
      let tenths = digit(text, 20), let hundredths = digit(text, 21),
      let thousandths = digit(text, 22)
    else { return nil }
    let seconds = tens &* 10 &+ ones
    return seconds &* 1000 &+ tenths &* 100 &+ hundredths &* 10 &+ thousandths
  }

  @inline(__always)
  private static func digit(_ text: ByteSlice, _ index: Int) -> Int64? {
    let digit = text.base[index] &- ASCII.zero
    return digit <= 9 ? Int64(digit) : nil
  }
}
