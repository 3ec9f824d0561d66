// The way into the packed layout that BitPacking.swift draws.
//
// SAFETY: targets are zero and have `byteCount` bytes and 16 more that may be written (with zeros).

extension BitPacking {
  /// Packs `count` integers, none of which has more than `width` bits.
  static func pack(
    _ integers: UnsafePointer<UInt64>, width: UInt8, count: Int,
    into target: UnsafeMutableRawPointer
  ) {
    guard width > 0 else { return }
    let grouped = groupedCount(count, width: width)
    var index = 0
    while index < grouped {
      packGroup(integers + index, width: Int(width), into: target + index / 8 &* Int(width))
      index &+= groupCount
    }
    packStream(
      integers + grouped, width: width, count: count &- grouped,
      into: target + grouped / 8 &* Int(width))
  }

  @inline(__always)
  private static func packGroup(
    _ integers: UnsafePointer<UInt64>, width: Int, into target: UnsafeMutableRawPointer
  ) {
    var word = SIMD4<UInt32>.zero
    var bit = 0
    var place = target
    var index = 0
    while index < groupCount {
      let values = SIMD4<UInt32>(
        UInt32(truncatingIfNeeded: integers[index]),
        UInt32(truncatingIfNeeded: integers[index &+ 1]),
        UInt32(truncatingIfNeeded: integers[index &+ 2]),
        UInt32(truncatingIfNeeded: integers[index &+ 3]))
      word |= values &<< SIMD4<UInt32>(repeating: UInt32(truncatingIfNeeded: bit))
      bit &+= width
      if bit >= 32 {
        place.storeBytes(of: word, as: SIMD4<UInt32>.self)
        place += 16
        bit &-= 32
        let taken = UInt32(truncatingIfNeeded: width &- bit)
        word = bit > 0 ? values &>> SIMD4<UInt32>(repeating: taken) : .zero
      }
      index &+= 4
    }
  }

  private static func packStream(
    _ integers: UnsafePointer<UInt64>, width: UInt8, count: Int,
    into target: UnsafeMutableRawPointer
  ) {
    var bit = 0
    var index = 0
    while index < count {
      let place = target + bit &>> 3
      let shift = UInt64(truncatingIfNeeded: bit & 7)
      let word = place.loadUnaligned(as: UInt64.self) | integers[index] &<< shift
      place.storeBytes(of: word, as: UInt64.self)
      if shift > 0, Int(width) &+ Int(shift) > 64 {
        let rest = UInt8(truncatingIfNeeded: integers[index] &>> (64 &- shift))
        place.storeBytes(of: rest, toByteOffset: 8, as: UInt8.self)
      }
      bit &+= Int(width)
      index &+= 1
    }
  }
}
