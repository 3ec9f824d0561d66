// Which blocks of a growing table changed since somebody last asked: one bit per block.
//
// SAFETY: there is one bit for every block of the largest table, so a row of a table has its bit. One writer at a time,
// the table's own.

internal import Base

package struct BlockMarks: Sendable {
  private let words: StableBuffer<UInt64>

  /// - Parameter rowCountMax: the most rows the table will have.
  package init(rowCountMax: Int = Limits.messageCountMax) {
    let wordCount = rowCountMax / (Limits.blockRowCount * 64) + 1
    words = StableBuffer(capacity: wordCount)
    words.grow(by: wordCount).initialize(repeating: 0, count: wordCount)
  }

  /// Marks the block of `row`.
  @inline(__always)
  package func mark(_ row: Int) {
    let block = row / Limits.blockRowCount
    words.base[block >> 6] |= 1 << UInt64(block & 63)
  }

  /// The marked blocks, ascending; forgets them.
  package func take() -> [Int] {
    var blocks: [Int] = []
    for index in 0..<words.count where words.base[index] != 0 {
      var word = words.base[index]
      words.base[index] = 0
      while word != 0 {
        blocks.append(index * 64 + word.trailingZeroBitCount)
        word &= word - 1
      }
    }
    return blocks
  }
}
