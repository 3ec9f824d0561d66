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

  @Test("keys that were made to have one hash have different keyed ones")
  func flood() {
    // Eight bytes that the fold of the hash on disk turns into 0, whatever follows.
    let absorbing: [UInt8] = [0xDB, 0x28, 0xB4, 0xA0, 0xD1, 0x7E, 0x03, 0xE7]
    let keys = (0..<1000).map { absorbing + Array("\(10_000_000 + $0)".utf8) }
    #expect(Set(keys.map(hash)).count == 1)
    let keyed = Set(keys.map { $0.withUnsafeBufferPointer { Hash.keyed(ByteSlice($0)) } })
    #expect(keyed.count == keys.count)
    #expect(Set(keyed.map { $0 & 0xFFF }).count > 500)
  }

  private func hash(_ bytes: [UInt8]) -> UInt64 {
    bytes.withUnsafeBufferPointer { Hash.of(ByteSlice($0)) }
  }
}
