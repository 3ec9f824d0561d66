// A set of small integers as bits.
//
// SAFETY: the words are lent for as long as `body` runs.

@usableFromInline package struct Bitmap: Equatable, Sendable {
  @usableFromInline var words: [UInt64]

  /// An empty set of numbers below `count`.
  package init(count: Int) { words = [UInt64](repeating: 0, count: (count + 63) / 64) }

  /// Makes room for numbers below `count`.
  package mutating func grow(to count: Int) {
    words.append(contentsOf: repeatElement(0, count: max(0, (count + 63) / 64 - words.count)))
  }

  /// Bytes of memory.
  package var byteCount: Int { words.count * MemoryLayout<UInt64>.stride }

  /// Adds a number.
  @inlinable package mutating func insert(_ index: Int) {
    words[index >> 6] |= 1 << UInt64(index & 63)
  }

  @inlinable package func contains(_ index: Int) -> Bool {
    words[index >> 6] >> UInt64(index & 63) & 1 == 1
  }

  /// Hands over the set as words: bit i of word w stands for 64w + i.
  @inlinable package func withWords<Result>(
    _ body: (UnsafeBufferPointer<UInt64>) -> Result
  ) -> Result {
    words.withUnsafeBufferPointer(body)
  }

  /// How many numbers are in the set.
  package var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

  /// Calls `body` with each number, ascending.
  @inlinable package func forEach(_ body: (Int) -> Void) {
    for index in words.indices {
      var rest = words[index]
      while rest != 0 {
        body(index << 6 | rest.trailingZeroBitCount)
        rest &= rest &- 1
      }
    }
  }
}
