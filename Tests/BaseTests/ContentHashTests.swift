import Base
import TestSupport
import Testing

@Suite("ContentHash")
struct ContentHashTests {
  @Test("the values of three contents are what they were when files were first written")
  func valuesArePinned() {
    #expect(
      hash([], cuts: []) == ContentDigest(high: 0xE606_47FE_50F9_7F62, low: 0x6DBA_363B_151F_A8DB))
    #expect(
      hash(Array("abc".utf8), cuts: [])
        == ContentDigest(high: 0x40B4_0776_449A_9DAA, low: 0xA7F9_595B_B7C9_09D6))
    #expect(
      hash(bytes(count: 1000), cuts: [])
        == ContentDigest(high: 0x2E16_82C4_C72C_470D, low: 0x835C_A82A_8443_147B))
  }

  @Test("every cut into two chunks gives the same hash, for every count up to four blocks")
  func cutsDoNotMatter() {
    for count in 0...260 {
      let content = bytes(count: count)
      let whole = hash(content, cuts: [])
      for cut in 0...count where hash(content, cuts: [cut]) != whole {
        Issue.record("count \(count), cut \(cut)")
      }
    }
  }

  @Test("random chunks, asked for the hash in between, give the same hash")
  func chunksDoNotMatter() {
    forAll(count: 300) { random, note in
      let content = bytes(count: random.below(2000))
      let cuts = (0..<random.below(12)).map { _ in random.below(content.count + 1) }.sorted()
      #expect(hash(content, cuts: cuts) == hash(content, cuts: []), "\(note)")
    }
  }

  @Test("every bit of every byte and every added zero changes both halves")
  func everyBitMatters() {
    for count in Array(0...70) + [127, 128, 129, 200] {
      let content = bytes(count: count)
      let original = hash(content, cuts: [])
      expectDifferent(hash(content + [0], cuts: []), original, "count \(count), a zero added")
      for bit in 0..<count * 8 {
        var changed = content
        changed[bit / 8] ^= 1 << UInt8(bit % 8)
        expectDifferent(hash(changed, cuts: []), original, "count \(count), bit \(bit)")
      }
    }
  }

  @Test("contents of nothing but zeros differ by their count")
  func zerosDiffer() {
    var seen: Set<ContentDigest> = []
    for count in 0...1000 {
      #expect(seen.insert(hash(Array(repeating: 0, count: count), cuts: [])).inserted)
    }
  }

  @Test("swapping two blocks changes the hash")
  func orderMatters() {
    let first = bytes(count: 64)
    let second = first.map { ~$0 }
    #expect(hash(first + second, cuts: []) != hash(second + first, cuts: []))
  }

  private func expectDifferent(_ left: ContentDigest, _ right: ContentDigest, _ note: String) {
    if left.high == right.high || left.low == right.low { Issue.record("\(note)") }
  }

  private func bytes(count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761) >> 13) }
  }

  private func hash(_ content: [UInt8], cuts: [Int]) -> ContentDigest {
    content.withUnsafeBufferPointer { buffer in
      let slice = ByteSlice(buffer)
      var hash = ContentHash()
      var start = 0
      for cut in cuts + [content.count] {
        hash.update(slice.slice(from: start, to: cut))
        _ = hash.finish()
        start = cut
      }
      return hash.finish()
    }
  }
}
