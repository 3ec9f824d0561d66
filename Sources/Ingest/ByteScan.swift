// Finding bytes inside a line, sixteen at a time and inlined: memchr's call costs more than it
// finds when the distance is a dozen bytes.
//
// SAFETY: no read leaves the slice. Blocks end at or before its end; a tail shorter than a block is
// read as the slice's last sixteen bytes, or byte by byte when the slice itself is shorter.

internal import Base
internal import CKernels

enum ByteScan {
  /// The index of the first `byte` at or after `start`, or `slice.count`.
  @inline(__always)
  static func index(of byte: UInt8, in slice: ByteSlice, from start: Int) -> Int {
    index(in: slice, from: start, mask: { beacon_mask16($0, byte) }, matches: { $0 == byte })
  }

  /// The index of the first `first` or `second` at or after `start`, or `slice.count`.
  @inline(__always)
  static func index(
    of first: UInt8, or second: UInt8, in slice: ByteSlice, from start: Int
  ) -> Int {
    index(
      in: slice, from: start,
      mask: { beacon_mask16($0, first) | beacon_mask16($0, second) },
      matches: { $0 == first || $0 == second })
  }

  @inline(__always)
  private static func index(
    in slice: ByteSlice, from start: Int,
    mask: (UnsafePointer<UInt8>) -> UInt32, matches: (UInt8) -> Bool
  ) -> Int {
    let count = slice.count
    var index = start
    while index &+ 16 <= count {
      let found = mask(slice.base + index)
      if found != 0 { return index &+ found.trailingZeroBitCount }
      index &+= 16
    }
    if count >= 16 {
      let skipped = 16 &- (count &- index)
      let found = skipped == 16 ? 0 : mask(slice.base + (count &- 16)) >> UInt32(skipped)
      return found == 0 ? count : index &+ found.trailingZeroBitCount
    }
    while index < count {
      if matches(slice.base[index]) { return index }
      index &+= 1
    }
    return count
  }
}
