// Where a hit comes from. All addresses are from ranges that belong to nobody (RFC 6598, 5737, 2544, 3849),
// apart from the well-known networks of the big image proxies.

internal import Base

enum ClientAddress {
  /// - Parameters:
  ///   - home: random bits of the recipient; people mostly come from the same place.
  ///   - bits: random bits of the hit.
  static func make(_ family: UserAgentFamily, home: UInt64, bits: UInt64) -> NetworkAddress {
    let low = UInt32(truncatingIfNeeded: bits)
    switch family {
    case .gmailProxy, .gmailPrefetch: return NetworkAddress(ipv4: 0x42F9_5000 | low & 0x0FFF)
    case .crawler: return NetworkAddress(ipv4: 0x42F9_4000 | low & 0x01FF)
    case .applePrivacyProxy: return NetworkAddress(ipv4: 0x113A_0000 | low & 0xFFFF)
    case .yahooProxy: return NetworkAddress(ipv4: 0xCB00_7100 | low & 0x1F)
    // One sweep comes from one address, and one address sweeps for many recipients.
    case .scanner: return NetworkAddress(ipv4: 0xC633_6400 | UInt32(home & 0x3F))
    default: return person(home: home, bits: bits)
    }
  }

  private static func person(home: UInt64, bits: UInt64) -> NetworkAddress {
    let isAway = bits >> 32 & 15 == 0
    let place = isAway ? bits : home
    if place >> 40 & 7 == 0 {
      return NetworkAddress(
        high: 0x2001_0DB8_0000_0000 | place >> 16 & 0xFFFF_FFFF, low: place | 0x0200_0000_0000_0000)
    }
    let low = UInt32(truncatingIfNeeded: place)
    return NetworkAddress(
      ipv4: place >> 44 & 15 == 0 ? 0xC612_0000 | low & 0x1_FFFF : 0x6440_0000 | low & 0x3F_FFFF)
  }
}
