// Stable order of 64-bit keys: least significant digit first. What keys have in common is squeezed out of them, and
// where the rest leaves room for a key's index, both travel in one word: then every pass goes through memory in its
// order, and asks nothing from elsewhere.
//
// SAFETY: scratch holds exactly one element per key; histogram offsets stay below that count, because they are sums of
// what was counted in the same keys.

package enum RadixSort {
  /// The indices of `keys` in ascending order of their keys; equal keys keep their order.
  package static func order(of keys: [UInt64]) -> [UInt32] {
    guard let first = keys.first, !isAscending(keys) else { return Array(0..<UInt32(keys.count)) }
    let squeeze = Squeeze(differing: keys.reduce(UInt64(0)) { $0 | ($1 ^ first) })
    let indexBitCount = Int.bitWidth - (keys.count - 1).leadingZeroBitCount
    guard squeeze.bitCount + indexBitCount <= 64 else {
      return orderOfWide(keys, differing: squeeze.differing)
    }
    return orderOfNarrow(keys, squeeze, indexBitCount)
  }

  private static func isAscending(_ keys: [UInt64]) -> Bool {
    keys.withUnsafeBufferPointer { keys in
      var index = 1
      while index < keys.count {
        if keys[index] < keys[index &- 1] { return false }
        index &+= 1
      }
      return true
    }
  }

  /// Keys without the bits in which all agree at their upper end and in the widest gap below.
  private struct Squeeze {
    let differing: UInt64
    /// Bits below the gap, and where those above it begin.
    let lowerBitCount: Int
    let upperStart: Int
    let bitCount: Int

    init(differing: UInt64) {
      self.differing = differing
      let end = 64 - differing.leadingZeroBitCount
      var widest = 0..<0
      var start = 0
      for bit in 0..<end where (differing >> UInt64(bit)) & 1 != 0 {
        if bit - start > widest.count { widest = start..<bit }
        start = bit + 1
      }
      (lowerBitCount, upperStart) = (widest.lowerBound, widest.upperBound)
      bitCount = end - widest.count
    }

    @inline(__always)
    func of(_ key: UInt64) -> UInt64 {
      let key = key & differing
      let lower = key & ((1 << UInt64(lowerBitCount)) &- 1)
      return lower | (key >> UInt64(upperStart)) << UInt64(lowerBitCount)
    }
  }

  // MARK: Keys that leave room for their index

  /// Bits of a digit: counting has to stay in the first cache, and to cost less than the keys do.
  private static func digitBitCount(_ count: Int) -> Int { count < 4096 ? 8 : 11 }

  private static func orderOfNarrow(
    _ keys: [UInt64], _ squeeze: Squeeze, _ indexBitCount: Int
  ) -> [UInt32] {
    var words = keys.indices.map { squeeze.of(keys[$0]) << UInt64(indexBitCount) | UInt64($0) }
    var spare = [UInt64](repeating: 0, count: words.count)
    let digitBitCount = digitBitCount(words.count)
    let end = squeeze.bitCount + indexBitCount
    for shift in stride(from: indexBitCount, to: end, by: digitBitCount) {
      passOfNarrow(words, UInt64(shift), digitBitCount, into: &spare)
      swap(&words, &spare)
    }
    let indexMask = (UInt64(1) << UInt64(indexBitCount)) &- 1
    return words.map { UInt32(truncatingIfNeeded: $0 & indexMask) }
  }

  private static func passOfNarrow(
    _ source: [UInt64], _ shift: UInt64, _ digitBitCount: Int, into target: inout [UInt64]
  ) {
    let digitCount = 1 << digitBitCount
    let mask = UInt64(digitCount &- 1)
    withUnsafeTemporaryAllocation(of: Int.self, capacity: digitCount) { starts in
      starts.initialize(repeating: 0)
      source.withUnsafeBufferPointer { source in
        for word in source { starts[Int((word >> shift) & mask)] &+= 1 }
        sumUp(starts)
        target.withUnsafeMutableBufferPointer { target in
          for word in source {
            let digit = Int((word >> shift) & mask)
            target[starts[digit]] = word
            starts[digit] &+= 1
          }
        }
      }
    }
  }

  /// Counts into where each digit's keys start.
  @inline(__always)
  private static func sumUp(_ starts: UnsafeMutableBufferPointer<Int>) {
    var total = 0
    for digit in starts.indices { (starts[digit], total) = (total, total &+ starts[digit]) }
  }

  // MARK: Keys that do not

  private static func orderOfWide(_ keys: [UInt64], differing: UInt64) -> [UInt32] {
    var order = Array(0..<UInt32(keys.count))
    var spare = [UInt32](repeating: 0, count: keys.count)
    for shift in stride(from: UInt64(0), to: 64, by: 8) where (differing >> shift) & 0xFF != 0 {
      passOfWide(keys, shift, &order, &spare)
      swap(&order, &spare)
    }
    return order
  }

  private static func passOfWide(
    _ keys: [UInt64], _ shift: UInt64, _ source: inout [UInt32], _ target: inout [UInt32]
  ) {
    withUnsafeTemporaryAllocation(of: Int.self, capacity: 256) { starts in
      starts.initialize(repeating: 0)
      keys.withUnsafeBufferPointer { keys in
        for key in keys { starts[Int((key >> shift) & 0xFF)] &+= 1 }
        sumUp(starts)
        source.withUnsafeBufferPointer { source in
          target.withUnsafeMutableBufferPointer { target in
            var index = 0
            while index < source.count {
              let byte = Int((keys[Int(source[index])] >> shift) & 0xFF)
              target[starts[byte]] = source[index]
              starts[byte] &+= 1
              index &+= 1
            }
          }
        }
      }
    }
  }
}
