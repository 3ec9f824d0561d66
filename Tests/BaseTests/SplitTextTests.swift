import Base
import TestSupport
import Testing

@Suite("Texts in two pieces")
struct SplitTextTests {
  @Test("a text in two pieces is what the whole of it is")
  func whole() {
    forAll(count: 300) { random, seed in
      let bytes = SplitTextTests.bytes(&random)
      let other = random.isHit(0.3) ? bytes : SplitTextTests.bytes(&random)
      let (place, otherPlace) = (random.below(bytes.count + 1), random.below(other.count + 1))
      bytes.withUnsafeBufferPointer { bytesBuffer in
        other.withUnsafeBufferPointer { otherBuffer in
          let (whole, otherWhole) = (ByteSlice(bytesBuffer), ByteSlice(otherBuffer))
          let text = SplitTextTests.split(whole, at: place)
          let otherText = SplitTextTests.split(otherWhole, at: otherPlace)
          #expect(text.count == bytes.count && text.array == bytes, "\(seed)")
          #expect(bytes.indices.allSatisfy { text[$0] == bytes[$0] }, "\(seed)")
          #expect(text == whole && text.hash == Hash.of(whole), "\(seed)")
          #expect((text == otherWhole) == (bytes == other), "\(seed)")
          let order = text.order(beside: otherText)
          #expect((order == 0) == (bytes == other), "\(seed)")
          #expect((order < 0) == bytes.lexicographicallyPrecedes(other), "\(seed)")
        }
      }
    }
  }

  @Test("a copy of a long text is whole, too")
  func long() {
    let bytes = (0..<5000).map { UInt8(truncatingIfNeeded: $0 / 7) }
    bytes.withUnsafeBufferPointer { buffer in
      let whole = ByteSlice(buffer)
      let text = SplitTextTests.split(whole, at: 4000)
      #expect(text.withBytes(\.array) == bytes)
      #expect(text.text == whole.text)
    }
  }

  private static func split(_ whole: ByteSlice, at place: Int) -> SplitText {
    SplitText(whole.slice(from: 0, to: place), whole.suffix(from: place))
  }

  /// Few different ones, so that many begin alike.
  private static func bytes(_ random: inout PRNG) -> [UInt8] {
    (0..<random.below(random.pick([4, 40]))).map { _ in UInt8(random.pick([0, 64, 200])) }
  }
}
