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
    let bits = UInt64(width)
    var (word, bit): (UInt64, UInt64) = (0, 0)
    var place = target
    var index = 0
    while index < count {
      let integer = integers[index]
      word |= integer &<< bit
      bit &+= bits
      if bit >= 64 {
        place.storeBytes(of: word, as: UInt64.self)
        place += 8
        bit &-= 64
        word = bit > 0 ? integer &>> (bits &- bit) : 0
      }
      index &+= 1
    }
    if bit > 0 { place.storeBytes(of: word, as: UInt64.self) }
  }
}
