// Numbers, times and addresses as log files and event files spell them.

internal import Base

extension ByteBuilder {
  /// A non-negative number in decimal.
  mutating func append(decimal value: Int) {
    if value >= 10 { append(decimal: value / 10) }
    append(ASCII.zero &+ UInt8(truncatingIfNeeded: value % 10))
  }

  /// A non-negative number in decimal, with zeros in front up to `width` digits.
  mutating func append(decimal value: Int, width: Int) {
    var divisor = 1
    for _ in 1..<width { divisor &*= 10 }
    while divisor > 0 {
      append(ASCII.zero &+ UInt8(truncatingIfNeeded: value / divisor % 10))
      divisor /= 10
    }
  }

  /// The `width` lowest hexadecimal digits of `value`, lower case.
  mutating func append(hex value: UInt64, width: Int) {
    var shift = (width &- 1) &* 4
    while shift >= 0 {
      append(hexDigit(UInt8(truncatingIfNeeded: value >> UInt64(shift)) & 15, isUpper: false))
      shift &-= 4
    }
  }

  /// `2026-03-02`.
  mutating func append(date: CivilDate) {
    append(decimal: date.year, width: 4)
    append(ASCII.minus)
    append(decimal: date.month, width: 2)
    append(ASCII.minus)
    append(decimal: date.day, width: 2)
  }

  /// `09:12:01`, from milliseconds of the day.
  mutating func append(clock milliseconds: Int) {
    append(twoDigits: milliseconds / 3_600_000)
    append(ASCII.colon)
    append(twoDigits: milliseconds / 60_000 % 60)
    append(ASCII.colon)
    append(twoDigits: milliseconds / 1000 % 60)
  }

  private mutating func append(twoDigits value: Int) {
    append(ASCII.zero &+ UInt8(truncatingIfNeeded: value / 10))
    append(ASCII.zero &+ UInt8(truncatingIfNeeded: value % 10))
  }

  /// `2026-03-02T09:12:01.250Z`, from UTC milliseconds.
  mutating func append(instant time: Int64) {
    let day = CivilTime.floorDivide(time, CivilTime.millisecondsPerDay)
    let rest = Int(time - day * CivilTime.millisecondsPerDay)
    append(date: CivilDate(daysSinceEpoch: Int(day)))
    append("T")
    append(clock: rest)
    append(ASCII.dot)
    append(decimal: rest % 1000, width: 3)
    append("Z")
  }

  /// `192.0.2.7` or `2001:db8:0:1::7`-like, all groups written out and lower case.
  mutating func append(_ address: NetworkAddress) {
    guard !address.isIPv4 else { return append(ipv4: UInt32(truncatingIfNeeded: address.low)) }
    for group in 0..<8 {
      if group > 0 { append(ASCII.colon) }
      let half = group < 4 ? address.high : address.low
      append(shortHex: UInt16(truncatingIfNeeded: half >> UInt64(48 - group % 4 * 16)))
    }
  }

  private mutating func append(ipv4 value: UInt32) {
    append(decimal: Int(value >> 24))
    append(ASCII.dot)
    append(decimal: Int(value >> 16 & 255))
    append(ASCII.dot)
    append(decimal: Int(value >> 8 & 255))
    append(ASCII.dot)
    append(decimal: Int(value & 255))
  }

  private mutating func append(shortHex value: UInt16) {
    let width = value > 0xFFF ? 4 : value > 0xFF ? 3 : value > 0xF ? 2 : 1
    append(hex: UInt64(value), width: width)
  }

  /// A number of millionths as a decimal fraction: `49.90`, `0.125`; at least two digits after the point.
  mutating func append(micros: Int64) {
    append(decimal: Int(micros / 1_000_000))
    append(ASCII.dot)
    var rest = Int(micros % 1_000_000)
    var width = 6
    while width > 2 && rest % 10 == 0 {
      rest /= 10
      width -= 1
    }
    append(decimal: rest, width: width)
  }
}

/// The character of a value below 16.
func hexDigit(_ value: UInt8, isUpper: Bool) -> UInt8 {
  value < 10 ? ASCII.zero &+ value : (isUpper ? 0x37 : 0x57) &+ value
}
