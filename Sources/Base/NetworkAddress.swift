// An IPv4 or IPv6 address as 128 bits (IPv4 mapped into ::ffff:0:0/96), 0 for "none".

@usableFromInline package struct NetworkAddress: Hashable, Sendable {
  @usableFromInline package var high: UInt64
  @usableFromInline package var low: UInt64

  @inlinable package init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// An IPv4 address from its 32 bits.
  @inlinable package init(ipv4: UInt32) {
    self.init(high: 0, low: 0xFFFF_0000_0000 | UInt64(ipv4))
  }

  @inlinable package static var none: NetworkAddress { NetworkAddress(high: 0, low: 0) }

  @inlinable package var isIPv4: Bool { high == 0 && low >> 32 == 0xFFFF }
  @inlinable package var isNone: Bool { high == 0 && low == 0 }

  /// The address with its host part cleared: /24 of IPv4, /48 of IPv6. The default for storage.
  @inlinable package var prefix: NetworkAddress {
    isIPv4
      ? NetworkAddress(high: 0, low: low & ~0xFF)
      : NetworkAddress(high: high & ~0xFFFF, low: 0)
  }
}

extension NetworkAddress {
  /// `203.0.113.0` or `2001:db8:0:0:0:0:0:0` with the longest run of zeros as `::` (RFC 5952).
  package var text: String {
    if isIPv4 {
      let bytes = [24, 16, 8, 0].map { String(low >> UInt64($0) & 0xFF) }
      return bytes.joined(separator: ".")
    }
    let groups = [high, low].flatMap { half in
      [48, 32, 16, 0].map { UInt16(truncatingIfNeeded: half >> UInt64($0)) }
    }
    guard let run = NetworkAddress.longestZeroRun(groups) else {
      return NetworkAddress.join(groups[...])
    }
    return NetworkAddress.join(groups[..<run.lowerBound]) + "::"
      + NetworkAddress.join(groups[run.upperBound...])
  }

  private static func join(_ groups: ArraySlice<UInt16>) -> String {
    groups.map { String($0, radix: 16) }.joined(separator: ":")
  }

  /// The first longest run of at least two zero groups.
  private static func longestZeroRun(_ groups: [UInt16]) -> Range<Int>? {
    var best: Range<Int>?
    var start = 0
    while start < groups.count {
      var end = start
      while end < groups.count, groups[end] == 0 { end += 1 }
      if end - start >= 2, end - start > best?.count ?? 0 { best = start..<end }
      start = max(end, start + 1)
    }
    return best
  }
}
