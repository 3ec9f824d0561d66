import Base
import Glibc
import TestSupport
import Testing

@Suite("Network addresses as text")
struct NetworkAddressTests {
  @Test("addresses read as the system reads them")
  func reading() {
    forAll(count: 3000) { random, seed in
      let text = NetworkAddressTests.text(&random)
      let address = Array(text.utf8).withUnsafeBufferPointer { NetworkAddress(text: ByteSlice($0)) }
      #expect(address == NetworkAddressTests.systemAddress(text), "\(text), \(seed)")
    }
  }

  @Test("addresses are written as the system writes them, and read back")
  func writing() {
    forAll(count: 1000) { random, seed in
      let mask = { (random: inout PRNG) -> UInt64 in
        let groups: [UInt64] = [0xFFFF, 0xFFFF << 16, 0xFFFF << 32, 0xFFFF << 48]
        return groups.filter { _ in random.isHit(0.5) }.reduce(0, |)
      }
      var address = NetworkAddress(
        high: random.next() & mask(&random), low: random.next() & mask(&random))
      if random.isHit(0.3) {
        address = NetworkAddress(ipv4: UInt32(truncatingIfNeeded: random.next()))
      }
      // The system writes ::1.2.3.4, which RFC 5952 leaves to taste.
      guard address.isIPv4 || address.high != 0 else { return }
      let text = address.text
      #expect(text == NetworkAddressTests.systemText(address), "\(seed)")
      let read = Array(text.utf8).withUnsafeBufferPointer { NetworkAddress(text: ByteSlice($0)) }
      #expect(read == address, "\(text), \(seed)")
    }
  }

  @Test("a prefix keeps the network and nothing of the host")
  func prefix() {
    let texts = [
      ("203.0.113.77", "203.0.113.0"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1::"), ("::1", "::"),
    ]
    for (text, expected) in texts {
      let address = Array(text.utf8).withUnsafeBufferPointer { NetworkAddress(text: ByteSlice($0)) }
      #expect(address?.prefix.text == expected)
    }
  }

  /// An address, or nearly one.
  private static func text(_ random: inout PRNG) -> String {
    let pieces = ["0", "1", "00", "12", "255", "256", "ffff", "abcd", "fffff", "::", ":", ".", "g"]
    switch random.below(4) {
    case 0:
      return (0..<4 + random.below(2)).map { _ in "\(random.below(300))" }.joined(separator: ".")
    case 1:
      let groups = (0..<6 + random.below(4)).map { _ in
        random.isHit(0.1) ? "" : String(random.below(0x1_1000), radix: 16)
      }
      return groups.joined(separator: ":")
    case 2: return "::ffff:\(random.below(256)).\(random.below(256)).0.\(random.below(256))"
    default: return (0..<random.below(12)).map { _ in random.pick(pieces) }.joined()
    }
  }

  private static func systemAddress(_ text: String) -> NetworkAddress? {
    var ipv4 = in_addr()
    if inet_pton(AF_INET, text, &ipv4) == 1 {
      return NetworkAddress(ipv4: UInt32(bigEndian: ipv4.s_addr))
    }
    var ipv6 = [UInt8](repeating: 0, count: 16)
    guard inet_pton(AF_INET6, text, &ipv6) == 1 else { return nil }
    var halves: [UInt64] = [0, 0]
    for (index, byte) in ipv6.enumerated() {
      halves[index / 8] = halves[index / 8] << 8 | UInt64(byte)
    }
    return NetworkAddress(high: halves[0], low: halves[1])
  }

  private static func systemText(_ address: NetworkAddress) -> String {
    var bytes: [UInt8] = []
    for half in [address.high, address.low] {
      for index in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: half >> UInt64(56 - index * 8))) }
    }
    var text = [CChar](repeating: 0, count: 64)
    if address.isIPv4 {
      inet_ntop(AF_INET, Array(bytes[12...]), &text, 64)
    } else {
      inet_ntop(AF_INET6, bytes, &text, 64)
    }
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
