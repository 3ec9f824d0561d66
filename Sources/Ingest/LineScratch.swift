// Where a parser writes what it cannot borrow from the line: unescaped and decoded fields.
//
// SAFETY: the memory belongs to the object and never moves, so slices into it stay valid until
// `reset()`. Whoever writes asks `room(for:)` first and commits at most that much.

package import Base

/// A fixed buffer that a parser owns and empties at the start of every line.
///
/// Copies of a parser share its scratch, so only one of them may be used at a time.
package final class LineScratch {
  private let base: UnsafeMutablePointer<UInt8>
  private let capacity: Int
  private var used = 0

  /// - Parameter byteCount: what one line may need; undoing an escape never makes text longer, and
  ///   no byte of a line is undone more than three times.
  package init(byteCount: Int = 4 * Limits.lineByteCountMax) {
    base = .allocate(capacity: byteCount)
    capacity = byteCount
  }

  deinit { base.deallocate() }

  /// Forgets everything: all slices handed out before are invalid from here on.
  package func reset() { used = 0 }

  /// The place for the next `byteCount` bytes, or nil if they do not fit. Nothing is taken yet.
  package func room(for byteCount: Int) -> UnsafeMutablePointer<UInt8>? {
    byteCount <= capacity &- used ? base + used : nil
  }

  /// Takes the `byteCount` bytes written at the place `room(for:)` gave.
  package func commit(_ byteCount: Int) -> ByteSlice {
    assert(byteCount >= 0 && byteCount <= capacity - used)
    let slice = ByteSlice(base + used, count: byteCount)
    used &+= byteCount
    return slice
  }
}
