import Base
import TestSupport
import Testing

@Suite("Buffers, bitmaps and order")
struct StableBufferTests {
  @Test("a buffer is an array whose elements never move")
  func buffer() {
    forAll(count: 20) { random, seed in
      let buffer = StableBuffer<UInt32>(capacity: 5000)
      let base = buffer.base
      var model: [UInt32] = []
      while model.count < 4000 {
        let extra = (0..<random.below(300)).map { _ in UInt32(truncatingIfNeeded: random.next()) }
        switch random.below(8) {
        case 0:
          buffer.append(7)
          model.append(7)
        case 1:
          buffer.grow(by: extra.count).update(from: extra, count: extra.count)
          model += extra
        case 2 where !model.isEmpty:
          let index = random.below(model.count)
          buffer[index] = 9
          model[index] = 9
        case 3 where random.isHit(0.1):
          buffer.removeAll()
          model = []
        default:
          extra.withUnsafeBufferPointer { buffer.append(contentsOf: $0) }
          model += extra
        }
      }
      #expect(Array(buffer.elements) == model && buffer.count == model.count, "\(seed)")
      #expect(buffer.base == base && buffer.byteCount == model.count * 4, "\(seed)")
    }
  }

  @Test("a buffer that is read at random is the same, small and beyond where its pages are large")
  func largePages() {
    let count = (LargePages.byteCountMin + (6 << 20)) / 8
    let buffer = StableBuffer<UInt64>(capacity: count, isReadAtRandom: true)
    for value in 0..<UInt64(count) { buffer.append(value &* 3) }
    #expect((0..<count).allSatisfy { buffer[$0] == UInt64($0) &* 3 })
    let small = StableBuffer<UInt8>(capacity: 3, isReadAtRandom: true)
    small.append(7)
    #expect(Array(small.elements) == [7])
  }

  @Test("a full buffer has room behind it for the last group of a decoder")
  func slack() {
    for capacity in [0, 1, 1024, 4096] {
      let buffer = StableBuffer<UInt64>(capacity: capacity)
      _ = buffer.grow(by: capacity)
      (buffer.base + capacity).update(repeating: 1, count: 32)
      #expect(buffer.elements.allSatisfy { $0 == 0 } && buffer.count == capacity)
    }
  }

  @Test("a bitmap is a set of numbers")
  func bitmap() {
    forAll(count: 50) { random, seed in
      let count = 1 + random.below(300)
      var bitmap = Bitmap(count: count)
      var model = Set<Int>()
      for _ in 0..<random.below(100) {
        let number = random.isHit(0.1) ? count - 1 : random.below(count)
        bitmap.insert(number)
        model.insert(number)
      }
      #expect(bitmap.count == model.count, "\(seed)")
      #expect((0..<count).allSatisfy { bitmap.contains($0) == model.contains($0) }, "\(seed)")
      var listed: [Int] = []
      bitmap.forEach { listed.append($0) }
      #expect(listed == model.sorted(), "\(seed)")
    }
  }

  @Test("the radix order is the stable order of a plain sort")
  func radixSort() {
    forAll(count: 120) { random, seed in
      let masks: [UInt64] = [
        0, 1, 0xFF, 0xFF00, 0xFFFF_0000_0000, UInt64.max, 0xFF << 56, 0x8000_0000_0000_0001,
        0xF << 56 | 0xFFFF_FFFF, UInt64.max << 13, 0x7_0007_0007,
      ]
      let mask = random.pick(masks)
      let common = random.next() & ~mask
      var keys = (0..<random.pick([0, 1, 2, 3, 255, 256, 3000, 5000])).map { _ in
        random.next() & mask | common
      }
      // In order, almost, or not at all.
      if random.isHit(0.5) { keys.sort() }
      if random.isHit(0.5), keys.count > 1 { keys.swapAt(0, random.below(keys.count)) }
      let expected = keys.indices.sorted { (keys[$0], $0) < (keys[$1], $1) }
      #expect(RadixSort.order(of: keys).map { Int($0) } == expected, "\(seed)")
    }
  }
}
