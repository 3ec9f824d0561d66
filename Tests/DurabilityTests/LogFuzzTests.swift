// Any bytes may stand in a log file; reading them ends with records or an error that names a place.

import Base
import Durability
import TestSupport
import Testing

@Suite("Any bytes as a log")
struct LogFuzzTests {
  @Test("random bytes, changed files and headers with the right checksum are read without a trap")
  func anything() throws {
    let salt: UInt64 = 0x0BAD_CAFE_0BAD_CAFE
    let sample = try LogSample(byteCount: 6000, seed: 3, salt: salt)
    forAll(count: Cases.count(3000)) { random, place in
      var bytes = sample.bytes
      switch random.below(4) {
      case 0: bytes = random.bytes(random.below(3000))
      case 1: mutate(&bytes, &random)
      case 2: bytes.removeLast(random.below(bytes.count))
      default: forge(&bytes, sample, salt, &random)
      }
      // Forged records may be anything; all that counts is that the scan comes back.
      var count = 0
      bytes.withUnsafeMutableBytes { buffer in
        let scan = LogFileScan(name: "file", first: 1, bytes: buffer)
        do throws(LogError) {
          let end = try scan.forEach(from: 1) { _, payload in count += payload.count }
          #expect(end.byteCount <= buffer.count && end.durable < end.next, "\(place)")
        } catch {
          guard case .damaged("file", let offset, _) = error, offset <= buffer.count else {
            Issue.record("\(place): \(error)")
            return
          }
        }
        #expect(count <= buffer.count, "\(place)")
      }
    }
  }

  private func mutate(_ bytes: inout [UInt8], _ random: inout PRNG) {
    for _ in 0...random.below(8) {
      switch random.below(3) {
      case 0: bytes[random.below(bytes.count)] = UInt8(truncatingIfNeeded: random.next())
      case 1: bytes.insert(contentsOf: random.bytes(8), at: random.below(bytes.count))
      default: bytes.remove(at: random.below(bytes.count))
      }
    }
  }

  /// Changes a field of a record's header and puts its checksum right.
  private func forge(
    _ bytes: inout [UInt8], _ sample: LogSample, _ salt: UInt64, _ random: inout PRNG
  ) {
    let start = sample.ends[random.below(sample.ends.count - 1)]
    let field = random.pick([(4, 4), (8, 8), (16, 8), (24, 4)])
    let values: [UInt64] = [0, 1, 7, 0x7FFF_FFFF, 0xFFFF_FFFF, UInt64.max, random.next()]
    withUnsafeBytes(of: random.pick(values).littleEndian) {
      bytes.replaceSubrange(start + field.0..<start + field.0 + field.1, with: $0.prefix(field.1))
    }
    let checksum = bytes[start..<start + 28].withUnsafeBufferPointer {
      CRC32C.of(ByteSlice($0), continuing: UInt32(truncatingIfNeeded: salt))
    }
    withUnsafeBytes(of: checksum.littleEndian) {
      bytes.replaceSubrange(start + 28..<start + 32, with: $0)
    }
  }
}
