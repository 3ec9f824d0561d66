// Addresses from text: what inet_pton accepts, without its copies and its zero terminator.
//
// SAFETY: every index is below the slice's count.

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

  /// Four decimal numbers without leading zeros, from `start` to the end.
  private static func decodeIPv4(_ text: ByteSlice, from start: Int) -> UInt32? {
    guard text.count &- start <= 15 else { return nil }
    var address: UInt32 = 0
    var part: UInt32 = 0
    var digitCount = 0
    var dotCount = 0
    var index = start
    while index < text.count {
      let byte = text.base[index]
      index &+= 1
      if ASCII.isDigit(byte) {
        guard digitCount == 0 || part != 0 else { return nil }
        part = part &* 10 &+ UInt32(byte &- ASCII.zero)
        digitCount &+= 1
        guard part <= 255 else { return nil }
      } else {
        guard byte == ASCII.dot, digitCount > 0, dotCount < 3 else { return nil }
        address = address << 8 | part
        part = 0
        digitCount = 0
        dotCount &+= 1
      }
    }
    guard dotCount == 3, digitCount > 0 else { return nil }
    return address << 8 | part
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
