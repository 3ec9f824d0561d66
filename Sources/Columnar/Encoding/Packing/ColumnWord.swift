// The integer types a column decodes into. Hot loops are generic over them and specialised for
// both.
//
// SAFETY: sources hold `groupCount` packed groups and targets have room for their values; callers
// see to both.

package protocol ColumnWord: FixedWidthInteger, UnsignedInteger, BitwiseCopyable, Sendable {
  /// Unpacks whole groups of `width` (0 to 32) bits and writes `map.offset + map.scale × c` for
  /// every integer c.
  static func unpackGroups(
    _ source: UnsafeRawPointer, width: UInt8, groupCount: Int, map: AffineMap<Self>,
    into target: UnsafeMutablePointer<Self>)
}

/// What is done to every unpacked integer, modulo the word's range.
package struct AffineMap<Word: ColumnWord> {
  let scale: Word
  let offset: Word

  @inline(__always)
  init(scale: UInt64, offset: UInt64) {
    self.scale = Word(truncatingIfNeeded: scale)
    self.offset = Word(truncatingIfNeeded: offset)
  }

  static var identity: AffineMap { AffineMap(scale: 1, offset: 0) }
}

extension UInt32: ColumnWord {
  package static func unpackGroups(
    _ source: UnsafeRawPointer, width: UInt8, groupCount: Int, map: AffineMap<UInt32>,
    into target: UnsafeMutablePointer<UInt32>
  ) {
    guard map.scale != 1 else {
      return LaneUnpacking.unpack(
        source, width: width, groupCount: groupCount, offset: map.offset, into: target)
    }
    LaneUnpacking.unpack(source, width: width, groupCount: groupCount, offset: 0, into: target)
    let (scale, offset) = (map.scale, map.offset)
    let count = groupCount &* BitPacking.groupCount
    var index = 0
    while index < count {
      target[index] = target[index] &* scale &+ offset
      index &+= 1
    }
  }
}

extension UInt64: ColumnWord {
  package static func unpackGroups(
    _ source: UnsafeRawPointer, width: UInt8, groupCount: Int, map: AffineMap<UInt64>,
    into target: UnsafeMutablePointer<UInt64>
  ) {
    let groupByteCount = 16 &* Int(width)
    // One group at a time: the scratch is small enough to live on the stack.
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: BitPacking.groupCount) { scratch in
      guard let narrow = scratch.baseAddress else { return }
      var group = 0
      while group < groupCount {
        LaneUnpacking.unpack(
          source + group &* groupByteCount, width: width, groupCount: 1, offset: 0, into: narrow)
        widen(narrow, map: map, into: target + group &* BitPacking.groupCount)
        group &+= 1
      }
    }
  }

  @inline(__always)
  private static func widen(
    _ narrow: UnsafePointer<UInt32>, map: AffineMap<UInt64>,
    into target: UnsafeMutablePointer<UInt64>
  ) {
    let (scale, offset) = (map.scale, map.offset)
    var index = 0
    guard scale != 1 else {
      while index < BitPacking.groupCount {
        target[index] = UInt64(narrow[index]) &+ offset
        index &+= 1
      }
      return
    }
    // A product of two 32-bit numbers is one instruction, one of 64-bit numbers many.
    if let factor = UInt32(exactly: scale) {
      while index < BitPacking.groupCount {
        target[index] = UInt64(narrow[index]) &* UInt64(factor) &+ offset
        index &+= 1
      }
    }
    while index < BitPacking.groupCount {
      target[index] = UInt64(narrow[index]) &* scale &+ offset
      index &+= 1
    }
  }
}
