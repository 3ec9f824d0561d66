// An IPv4 or IPv6 address as 128 bits (IPv4 mapped into ::ffff:0:0/96), 0 for "none".

package struct NetworkAddress: Equatable, Sendable {
  package var high: UInt64
  package var low: UInt64

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
