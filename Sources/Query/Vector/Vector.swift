// Up to a block of values of one type, side by side: what terms are computed from and into. Allocated once per
// term and thread, filled again for every block.
//
// SAFETY: both buffers hold Vector.capacity elements; every loop over a vector stays below the block's row count,
// which is at most Limits.blockRowCount.

internal import Base
internal import Columnar

final class Vector {
  let type: TermType
  /// See `Cell`. Meaningless where the row is NULL, except that a text's is 0.
  let words: UnsafeMutablePointer<UInt64>
  /// 1 for NULL.
  let nulls: UnsafeMutablePointer<UInt8>
  let pool: TextPool

  static let capacity = Limits.blockRowCount + Limits.blockSlack

  /// - Parameter capacity: of one that is never filled: 0.
  init(_ type: TermType, pool: TextPool = .none, capacity: Int = Vector.capacity) {
    self.type = type
    self.pool = pool
    words = .allocate(capacity: capacity)
    nulls = .allocate(capacity: capacity)
    nulls.initialize(repeating: 0, count: capacity)
    words.initialize(repeating: 0, count: capacity)
  }

  deinit {
    words.deallocate()
    nulls.deallocate()
  }

  @inline(__always)
  func setNull(_ row: Int) {
    words[row] = 0
    nulls[row] = 1
  }

  @inline(__always)
  func set(_ row: Int, _ word: UInt64) {
    words[row] = word
    nulls[row] = 0
  }

  /// Writes a word, or NULL for nil.
  @inline(__always)
  func set(_ row: Int, _ word: UInt64?) {
    if let word { set(row, word) } else { setNull(row) }
  }

  /// Marks the rows whose word is 0 as NULL; for columns of codes.
  func markZeros(_ count: Int) {
    var row = 0
    while row < count {
      nulls[row] = words[row] == 0 ? 1 : 0
      row &+= 1
    }
  }

  /// Whether a boolean is true.
  @inline(__always)
  func isTrue(_ row: Int) -> Bool { words[row] != 0 && nulls[row] == 0 }

  /// A text that is not NULL.
  @inline(__always)
  func text(_ row: Int) -> SplitText { pool.text(words[row]) }
}
