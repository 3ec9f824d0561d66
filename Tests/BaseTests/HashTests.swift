import Base
import TestSupport
import Testing

@Suite("Hash")
struct HashTests {
  @Test("every byte of every length matters")
  func everyByteMatters() {
    for count in 0...70 {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37) }
      let original = hash(bytes)
      for index in 0..<count {
        var changed = bytes
        changed[index] ^= 1
        #expect(hash(changed) != original, "count \(count), byte \(index)")
      }
    }
  }

  private func hash(_ bytes: [UInt8]) -> UInt64 {
    bytes.withUnsafeBufferPointer { Hash.of(ByteSlice($0)) }
  }
}
