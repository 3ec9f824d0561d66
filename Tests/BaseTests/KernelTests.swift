import Base
import CKernels
import TestSupport
import Testing

@Suite("Kernels, against loops")
struct KernelTests {
  @Test("texts of every length are equal or not, wherever they differ")
  func equality() {
    forAll(count: 20) { random, seed in
      for count in 0...100 {
        let text = bytes(count, &random)
        var other = text
        #expect(beacon_equal(text, other, count) == 1, "\(count) \(seed)")
        guard count > 0 else { continue }
        other[random.below(count)] ^= UInt8(1 + random.below(255))
        #expect(beacon_equal(text, other, count) == 0, "\(count) \(seed)")
      }
    }
  }

  @Test("a copy has every byte, and none beyond")
  func copy() {
    forAll(count: 20) { random, seed in
      for count in 0...100 {
        let text = bytes(count, &random)
        var target = [UInt8](repeating: 0xAA, count: count + 16)
        beacon_copy(&target, text, count)
        #expect(Array(target[..<count]) == text, "\(count) \(seed)")
        #expect(target[count...].allSatisfy { $0 == 0xAA }, "\(count) \(seed)")
      }
    }
  }

  @Test("quotes are where a loop finds them; a backslash is left to others")
  func quotes() {
    forAll(count: 500) { random, seed in
      let line = (0..<random.below(300)).map { _ in
        random.isHit(0.04) ? UInt8(ascii: "\"") : UInt8(0x23 + random.below(0x38))
      }
      let all = line.indices.filter { line[$0] == UInt8(ascii: "\"") }
      let wanted = 1 + random.below(6)
      var positions = [Int](repeating: -1, count: wanted + 3)
      let found = Int(beacon_quotes(line, line.count, Int32(wanted), &positions))
      guard found >= 0 else { return }
      #expect(found == min(wanted, all.count), "\(seed)")
      #expect(Array(positions[..<found]) == Array(all.prefix(wanted)), "\(seed)")
      // A backslash in front of the last of them.
      guard found > 0 else { return }
      let backslash = [UInt8(ascii: "\\")]
      let place = random.below(all[found - 1] + 1)
      let escaped = Array(line[..<place]) + backslash + line[place...]
      let count = Int32(found)
      #expect(beacon_quotes(escaped, escaped.count, count, &positions) == -1, "\(seed)")
    }
  }

  @Test("the checksum is that of CRC-32C, in one piece and in two")
  func checksum() {
    let check = Array("123456789".utf8)
    #expect(beacon_crc32c(0, check, check.count) == 0xE306_9283)
    forAll(count: 200) { random, seed in
      let text = bytes(random.below(100), &random)
      var plain = ~UInt32(0)
      for byte in text {
        plain ^= UInt32(byte)
        for _ in 0..<8 { plain = plain >> 1 ^ (plain & 1 == 0 ? 0 : 0x82F6_3B78) }
      }
      let cut = random.below(text.count + 1)
      let first = beacon_crc32c(0, text, cut)
      #expect(beacon_crc32c(0, text, text.count) == ~plain, "\(seed)")
      #expect(beacon_crc32c(first, Array(text[cut...]), text.count - cut) == ~plain, "\(seed)")
    }
  }

  private func bytes(_ count: Int, _ random: inout PRNG) -> [UInt8] {
    (0..<count).map { _ in UInt8(random.below(256)) }
  }
}
