// Addresses from text: what inet_pton accepts, without its copies and its zero terminator.
//
// SAFETY: every index is below the slice's count, and words are read where all their bytes are.

extension NetworkAddress {
  /// The address written in `text` (`203.0.113.7`, `2001:db8::1`), or nil. No zones, ports or
  /// brackets.
  package init?(text: ByteSlice) {
    if let ipv4 = NetworkAddress.decodeIPv4(text, from: 0) {
      self.init(ipv4: ipv4)
    } else if let address = NetworkAddress.decodeIPv6(text) {
      self = address
    } else {
      return nil
    }
  }

  /// Four decimal numbers without leading zeros, from `start` to the end. Numbers differ in length from address to
  /// address, so each is cut off and read as one word, without a branch that depends on it.
  private static func decodeIPv4(_ text: ByteSlice, from start: Int) -> UInt32? {
    let count = text.count &- start
    guard count >= 7, count <= 15 else { return nil }
    var rest = IPv4Text(text.base + start, count: count)
    guard let first = rest.next(), let second = rest.next(), let third = rest.next(),
      let fourth = rest.next(), rest.isEmpty
    else { return nil }
    return first << 24 | second << 16 | third << 8 | fourth
  }

  private static func decodeIPv6(_ text: ByteSlice) -> NetworkAddress? {
    guard text.count >= 2, text.count <= 45 else { return nil }
    var reader = IPv6Reader()
    var index = 0
    if text.base[0] == ASCII.colon {
      guard text.base[1] == ASCII.colon else { return nil }
      index = 1
    }
    var groupStart = index
    while index < text.count {
      let byte = text.base[index]
      if byte == ASCII.colon {
        guard reader.endGroup(isLast: index &+ 1 == text.count) else { return nil }
        groupStart = index &+ 1
      } else if byte == ASCII.dot {
        guard let ipv4 = decodeIPv4(text, from: groupStart) else { return nil }
        return reader.finish(ipv4: ipv4)
      } else {
        guard reader.addDigit(byte) else { return nil }
      }
      index &+= 1
    }
    return reader.finish()
  }
}

/// What is left of an IPv4 address: its first byte lowest, a dot behind its last.
private struct IPv4Text {
  private var low: UInt64
  private var high: UInt64

  private static let highBits: UInt32 = 0x8080_8080
  private static let dots: UInt32 = 0x2E2E_2E2E
  private static let zeros: UInt32 = 0x3030_3030

  /// - Parameter count: 7 to 15 bytes.
  @inline(__always)
  init(_ text: UnsafePointer<UInt8>, count: Int) {
    let raw = UnsafeRawPointer(text)
    let dot = UInt64(ASCII.dot)
    if count == 7 {
      let start = UInt64(raw.loadUnaligned(as: UInt32.self))
      let end = UInt64(raw.loadUnaligned(fromByteOffset: 3, as: UInt32.self))
      (low, high) = (start | end << 24 | dot << 56, 0)
    } else {
      low = raw.loadUnaligned(as: UInt64.self)
      let end = raw.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self)
      // Of the last eight bytes those that are not among the first eight.
      let shift = UInt64(truncatingIfNeeded: 16 &- count) &* 8
      high = shift == 64 ? dot : end >> shift | dot << (64 &- shift)
    }
  }

  var isEmpty: Bool { low | high == 0 }

  /// Cuts off a number and the dot behind it; nil if it is none or beyond 255.
  @inline(__always)
  mutating func next() -> UInt32? {
    let word = UInt32(truncatingIfNeeded: low)
    let others = word ^ IPv4Text.dots
    let marks = ~((others & ~IPv4Text.highBits) &+ ~IPv4Text.highBits | others) & IPv4Text.highBits
    let bitCount = UInt32(truncatingIfNeeded: marks.trailingZeroBitCount) & ~7
    guard bitCount &- 8 <= 16 else { return nil }
    // One to three digits, uppermost, behind as many zeros as are missing.
    let digits = (word &<< (32 &- bitCount) | IPv4Text.zeros &>> bitCount) ^ IPv4Text.zeros
    guard ((digits &+ 0x7676_7676) | digits) & IPv4Text.highBits == 0 else { return nil }
    let first = (digits &>> (32 &- bitCount)) & 0xFF
    let value = (digits >> 24) &+ (digits >> 16 & 0xFF) &* 10 &+ (digits >> 8 & 0xFF) &* 100
    guard value <= 255, first != 0 || bitCount == 8 else { return nil }
    let shift = UInt64(bitCount &+ 8)
    low = low &>> shift | high &<< (64 &- shift)
    high = high &>> shift
    return value
  }
}

/// Collects the groups of an IPv6 address in front of the `::` and behind it.
private struct IPv6Reader {
  /// The groups so far, as one 128-bit number.
  private var address = NetworkAddress.none
  private var groupCount = 0
  /// How many groups stand before the `::`, or nil if there is none yet.
  private var gap: Int?
  private var group: UInt64 = 0
  private var digitCount = 0

  mutating func addDigit(_ byte: UInt8) -> Bool {
    guard digitCount < 4, let digit = ASCII.hexValue(byte) else { return false }
    group = group << 4 | UInt64(digit)
    digitCount &+= 1
    return true
  }

  /// At a colon: ends a group, or, right behind another colon, marks the gap.
  mutating func endGroup(isLast: Bool) -> Bool {
    if digitCount == 0 {
      guard gap == nil else { return false }
      gap = groupCount
      return true
    }
    return !isLast && append()
  }

  mutating func finish() -> NetworkAddress? {
    if digitCount > 0 {
      guard append() else { return nil }
    }
    guard let gap else { return groupCount == 8 ? address : nil }
    guard groupCount < 8 else { return nil }
    // The groups behind the gap stay at the low end; those before it move to the high end.
    let tail = (groupCount &- gap) &* 16
    let tailMask = NetworkAddress.lowBits(tail)
    let head = address.shiftedLeft(by: (8 &- groupCount) &* 16)
    let headMask = NetworkAddress.lowBits((8 &- gap) &* 16)
    return NetworkAddress(
      high: head.high & ~headMask.high | address.high & tailMask.high,
      low: head.low & ~headMask.low | address.low & tailMask.low)
  }

  mutating func finish(ipv4: UInt32) -> NetworkAddress? {
    group = UInt64(ipv4 >> 16)
    guard append() else { return nil }
    group = UInt64(ipv4 & 0xFFFF)
    guard append() else { return nil }
    return finish()
  }

  private mutating func append() -> Bool {
    guard groupCount < 8 else { return false }
    address = address.shiftedLeft(by: 16)
    address.low |= group
    groupCount &+= 1
    group = 0
    digitCount = 0
    return true
  }
}

extension NetworkAddress {
  fileprivate func shiftedLeft(by count: Int) -> NetworkAddress {
    guard count > 0 else { return self }
    guard count < 64 else { return NetworkAddress(high: low << (count - 64), low: 0) }
    return NetworkAddress(high: high << count | low >> (64 - count), low: low << count)
  }

  fileprivate static func lowBits(_ count: Int) -> NetworkAddress {
    if count >= 128 { return NetworkAddress(high: .max, low: .max) }
    if count >= 64 { return NetworkAddress(high: 1 << (count - 64) - 1, low: .max) }
    return NetworkAddress(high: 0, low: 1 << count - 1)
  }
}
