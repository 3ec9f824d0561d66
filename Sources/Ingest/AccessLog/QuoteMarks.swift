// The quotes of a line, sixty-four bytes at a time: with their positions known, every other part of
// a combined line is at a fixed distance from one of them. Most lines have no backslash, and theirs are found by one
// call of a kernel.
//
// SAFETY: blocks are read inside the line only: a last partial block is read as the line's last 64
// bytes, a line shorter than a block is copied into one first. At most `positionCountMax` positions
// are stored, and three more by the kernel.

internal import Base
internal import CKernels

final class QuoteMarks {
  static let positionCountMax = 6
  private static let blockByteCount = 64

  /// Where the quotes found last are.
  let positions: UnsafeMutablePointer<Int>
  private let block: UnsafeMutablePointer<UInt8>

  init() {
    // The kernel writes up to three behind what was wanted.
    let capacity = QuoteMarks.positionCountMax + 3
    positions = .allocate(capacity: capacity)
    positions.initialize(repeating: 0, count: capacity)
    block = .allocate(capacity: QuoteMarks.blockByteCount)
    block.initialize(repeating: 0, count: QuoteMarks.blockByteCount)
  }

  deinit {
    positions.deallocate()
    block.deallocate()
  }

  /// Finds the first `wanted` quotes that no backslash escapes.
  ///
  /// - Returns: whether there are so many, and whether a backslash stands before the last of them or near it.
  @inline(__always)
  func find(_ wanted: Int, in line: ByteSlice) -> (isComplete: Bool, sawBackslash: Bool) {
    assert(wanted > 0 && wanted <= QuoteMarks.positionCountMax)
    let found = Int(beacon_quotes(line.base, line.count, Int32(wanted), positions))
    return found < 0 ? findPlainly(wanted, in: line) : (found == wanted, false)
  }

  /// The same for every line and every processor.
  @inline(never)
  func findPlainly(
    _ wanted: Int, in line: ByteSlice
  ) -> (isComplete: Bool, sawBackslash: Bool) {
    var found = 0
    var sawBackslash = false
    var escapesNext: UInt64 = 0
    var start = 0
    while start < line.count {
      var (quotes, backslashes) = masks(line, at: start)
      if backslashes | escapesNext != 0 {
        sawBackslash = true
        quotes &= ~QuoteMarks.escaped(backslashes, &escapesNext)
      }
      while quotes != 0 {
        positions[found] = start &+ quotes.trailingZeroBitCount
        found &+= 1
        if found == wanted { return (true, sawBackslash) }
        quotes &= quotes &- 1
      }
      start &+= QuoteMarks.blockByteCount
    }
    return (false, sawBackslash)
  }

  @inline(__always)
  private func masks(_ line: ByteSlice, at start: Int) -> (quotes: UInt64, backslashes: UInt64) {
    let rest = line.count &- start
    if rest >= 64 {
      let bytes = line.base + start
      return (beacon_mask64(bytes, ASCII.quote), beacon_mask64(bytes, ASCII.backslash))
    }
    if line.count >= 64 {
      let bytes = line.base + (line.count &- 64)
      let skipped = UInt64(64 &- rest)
      return (
        beacon_mask64(bytes, ASCII.quote) >> skipped,
        beacon_mask64(bytes, ASCII.backslash) >> skipped
      )
    }
    block.update(from: line.base, count: rest)
    let inside = 1 << UInt64(rest) &- 1 as UInt64
    return (
      beacon_mask64(block, ASCII.quote) & inside, beacon_mask64(block, ASCII.backslash) & inside
    )
  }

  /// The positions that a backslash escapes. `carry` is 1 if the block before ended in an unescaped
  /// one.
  private static func escaped(_ backslashes: UInt64, _ carry: inout UInt64) -> UInt64 {
    var escaped = carry
    var rest = backslashes & ~carry
    carry = 0
    while rest != 0 {
      let next = (rest & (0 &- rest)) << 1
      if next == 0 { carry = 1 }
      escaped |= next
      rest &= (rest &- 1) & ~next
    }
    return escaped
  }
}
