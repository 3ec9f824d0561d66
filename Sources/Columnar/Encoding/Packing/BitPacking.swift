// Integers of 0 to 64 bits each, without gaps between them. Up to 32 bits, every 128 integers form
// a group of four interleaved lanes (word 0 of lanes 0 to 3, word 1 of lanes 0 to 3, ...), so that
// one register unpacks four neighbours; what is left over, and all wider integers, are one stream
// of bits:
//
//     ┌────────────────────────────┬─────┬────────────────────────────┬───────────────────────────┐
//     │ group 0 [16 × width] u8    │ ... │ group ⌊k/128⌋ - 1          │ the other k mod 128, bits │
//     └────────────────────────────┴─────┴────────────────────────────┴───────────────────────────┘
//
// SAFETY: callers give sources of `byteCount` bytes and 16 more that may be read, and targets with
// room.

enum BitPacking {
  /// How many integers one interleaved group holds.
  static let groupCount = 128
  /// Wider integers are not interleaved.
  static let laneWidthMax: UInt8 = 32

  /// The bits that integers up to `maximum` take.
  static func width(maximum: UInt64) -> UInt8 {
    UInt8(truncatingIfNeeded: UInt64.bitWidth &- maximum.leadingZeroBitCount)
  }

  /// The bytes that `count` integers of `width` bits take.
  static func byteCount(_ count: Int, width: UInt8) -> Int {
    let grouped = groupedCount(count, width: width)
    return grouped / 8 * Int(width) + ((count - grouped) * Int(width) + 7) / 8
  }

  /// How many of `count` integers are in groups.
  static func groupedCount(_ count: Int, width: UInt8) -> Int {
    width <= laneWidthMax ? count & ~(groupCount &- 1) : 0
  }

  /// Integer `index` of `count`.
  static func integer(
    _ source: UnsafeRawPointer, width: UInt8, count: Int, at index: Int
  ) -> UInt64 {
    let bits = Int(width)
    let grouped = groupedCount(count, width: width)
    guard index < grouped else {
      return streamed(source + grouped / 8 &* bits, width: width, at: index &- grouped)
    }
    let group = source + (index / groupCount) &* 16 &* bits
    let place = index % groupCount
    let bit = (place &>> 2) &* bits
    let start = (bit &>> 5) &* 16 &+ (place & 3) &* 4
    let low = group.loadUnaligned(fromByteOffset: start, as: UInt32.self)
    let isSplit = (bit & 31) &+ bits > 32
    let high = isSplit ? group.loadUnaligned(fromByteOffset: start &+ 16, as: UInt32.self) : 0
    let pair = UInt64(high) &<< 32 | UInt64(low)
    return (pair &>> UInt64(bit & 31)) & mask(width)
  }

  /// Writes `map` of all `count` integers.
  @inline(__always)
  static func unpack<Word: ColumnWord>(
    _ source: UnsafeRawPointer, width: UInt8, count: Int, map: AffineMap<Word>,
    into target: UnsafeMutablePointer<Word>
  ) {
    let grouped = groupedCount(count, width: width)
    if grouped > 0 {
      Word.unpackGroups(
        source, width: width, groupCount: grouped / groupCount, map: map, into: target)
    }
    unpackStream(
      source + grouped / 8 &* Int(width), width: width, count: count &- grouped, map: map,
      into: target + grouped)
  }

  @inline(__always)
  private static func unpackStream<Word: ColumnWord>(
    _ source: UnsafeRawPointer, width: UInt8, count: Int, map: AffineMap<Word>,
    into target: UnsafeMutablePointer<Word>
  ) {
    let (scale, offset, mask, bits) = (map.scale, map.offset, mask(width), Int(width))
    var (index, bit) = (0, 0)
    // One load reaches every integer of up to 57 bits, whatever bit of a byte it starts at.
    while width <= 57, index < count {
      let word = source.loadUnaligned(fromByteOffset: bit &>> 3, as: UInt64.self)
      let integer = (word &>> UInt64(truncatingIfNeeded: bit & 7)) & mask
      target[index] = Word(truncatingIfNeeded: integer) &* scale &+ offset
      bit &+= bits
      index &+= 1
    }
    while index < count {
      let integer = streamed(source, width: width, at: index)
      target[index] = Word(truncatingIfNeeded: integer) &* scale &+ offset
      index &+= 1
    }
  }

  /// Integer `index` of a stream of bits.
  @inline(__always)
  private static func streamed(
    _ source: UnsafeRawPointer, width: UInt8, at index: Int
  ) -> UInt64 {
    let bit = index &* Int(width)
    let shift = UInt64(truncatingIfNeeded: bit & 7)
    var word = source.loadUnaligned(fromByteOffset: bit &>> 3, as: UInt64.self) &>> shift
    // Above 57 bits, an integer may reach into a ninth byte.
    if width > 57, shift > 0 {
      let next = source.load(fromByteOffset: bit &>> 3 &+ 8, as: UInt8.self)
      word |= UInt64(next) &<< (64 &- shift)
    }
    return word & mask(width)
  }

  @inline(__always)
  static func mask(_ width: UInt8) -> UInt64 {
    width == 0 ? 0 : UInt64.max &>> UInt64(64 &- width)
  }
}
