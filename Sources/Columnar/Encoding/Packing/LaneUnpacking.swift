// Unpacks interleaved groups: 128 integers of up to 32 bits in four lanes, one register of four
// neighbours at a time. The width is a compile-time constant of every kernel, so that all shifts
// and offsets are immediates: 5-9 G values/s against 2-3 G values/s with a variable width.
//
// SAFETY: a group of `width` bits reads exactly 16 × `width` bytes and writes exactly 128 values;
// callers own both.

enum LaneUnpacking {
  /// Writes `offset` + c (modulo 2³²) for every integer c of the groups.
  static func unpack(
    _ source: UnsafeRawPointer, width: UInt8, groupCount: Int, offset: UInt32,
    into target: UnsafeMutablePointer<UInt32>
  ) {
    switch width {
    case 0: target.update(repeating: offset, count: groupCount &* BitPacking.groupCount)
    case 1: Lanes<1>.unpack(source, groupCount, offset, target)
    case 2: Lanes<2>.unpack(source, groupCount, offset, target)
    case 3: Lanes<3>.unpack(source, groupCount, offset, target)
    case 4: Lanes<4>.unpack(source, groupCount, offset, target)
    case 5: Lanes<5>.unpack(source, groupCount, offset, target)
    case 6: Lanes<6>.unpack(source, groupCount, offset, target)
    case 7: Lanes<7>.unpack(source, groupCount, offset, target)
    case 8: Lanes<8>.unpack(source, groupCount, offset, target)
    case 9: Lanes<9>.unpack(source, groupCount, offset, target)
    case 10: Lanes<10>.unpack(source, groupCount, offset, target)
    case 11: Lanes<11>.unpack(source, groupCount, offset, target)
    case 12: Lanes<12>.unpack(source, groupCount, offset, target)
    case 13: Lanes<13>.unpack(source, groupCount, offset, target)
    case 14: Lanes<14>.unpack(source, groupCount, offset, target)
    case 15: Lanes<15>.unpack(source, groupCount, offset, target)
    case 16: Lanes<16>.unpack(source, groupCount, offset, target)
    case 17: Lanes<17>.unpack(source, groupCount, offset, target)
    case 18: Lanes<18>.unpack(source, groupCount, offset, target)
    case 19: Lanes<19>.unpack(source, groupCount, offset, target)
    case 20: Lanes<20>.unpack(source, groupCount, offset, target)
    case 21: Lanes<21>.unpack(source, groupCount, offset, target)
    case 22: Lanes<22>.unpack(source, groupCount, offset, target)
    case 23: Lanes<23>.unpack(source, groupCount, offset, target)
    case 24: Lanes<24>.unpack(source, groupCount, offset, target)
    case 25: Lanes<25>.unpack(source, groupCount, offset, target)
    case 26: Lanes<26>.unpack(source, groupCount, offset, target)
    case 27: Lanes<27>.unpack(source, groupCount, offset, target)
    case 28: Lanes<28>.unpack(source, groupCount, offset, target)
    case 29: Lanes<29>.unpack(source, groupCount, offset, target)
    case 30: Lanes<30>.unpack(source, groupCount, offset, target)
    case 31: Lanes<31>.unpack(source, groupCount, offset, target)
    default: Lanes<32>.unpack(source, groupCount, offset, target)
    }
  }
}

/// The kernel of one width.
private enum Lanes<let width: Int> {
  @inline(__always)
  static func unpack(
    _ source: UnsafeRawPointer, _ groupCount: Int, _ offset: UInt32,
    _ target: UnsafeMutablePointer<UInt32>
  ) {
    let mask = SIMD4<UInt32>(repeating: UInt32.max &>> UInt32(truncatingIfNeeded: 32 &- width))
    let offsets = SIMD4<UInt32>(repeating: offset)
    var group = source
    var row = UnsafeMutableRawPointer(target)
    var remaining = groupCount
    while remaining > 0 {
      // Spelled out, because the optimiser does not unroll a loop of 32 by itself.
      lane(0, group, row, mask, offsets)
      lane(1, group, row, mask, offsets)
      lane(2, group, row, mask, offsets)
      lane(3, group, row, mask, offsets)
      lane(4, group, row, mask, offsets)
      lane(5, group, row, mask, offsets)
      lane(6, group, row, mask, offsets)
      lane(7, group, row, mask, offsets)
      lane(8, group, row, mask, offsets)
      lane(9, group, row, mask, offsets)
      lane(10, group, row, mask, offsets)
      lane(11, group, row, mask, offsets)
      lane(12, group, row, mask, offsets)
      lane(13, group, row, mask, offsets)
      lane(14, group, row, mask, offsets)
      lane(15, group, row, mask, offsets)
      lane(16, group, row, mask, offsets)
      lane(17, group, row, mask, offsets)
      lane(18, group, row, mask, offsets)
      lane(19, group, row, mask, offsets)
      lane(20, group, row, mask, offsets)
      lane(21, group, row, mask, offsets)
      lane(22, group, row, mask, offsets)
      lane(23, group, row, mask, offsets)
      lane(24, group, row, mask, offsets)
      lane(25, group, row, mask, offsets)
      lane(26, group, row, mask, offsets)
      lane(27, group, row, mask, offsets)
      lane(28, group, row, mask, offsets)
      lane(29, group, row, mask, offsets)
      lane(30, group, row, mask, offsets)
      lane(31, group, row, mask, offsets)
      group += 16 &* width
      row += 4 &* BitPacking.groupCount
      remaining &-= 1
    }
  }

  /// The four integers number `index` of their lanes.
  @inline(__always)
  private static func lane(
    _ index: Int, _ group: UnsafeRawPointer, _ row: UnsafeMutableRawPointer, _ mask: SIMD4<UInt32>,
    _ offsets: SIMD4<UInt32>
  ) {
    let bit = index &* width
    let shift = UInt32(truncatingIfNeeded: bit & 31)
    let start = (bit &>> 5) &* 16
    let word = group.loadUnaligned(fromByteOffset: start, as: SIMD4<UInt32>.self)
    var values = word &>> SIMD4<UInt32>(repeating: shift)
    if Int(shift) &+ width > 32 {
      let next = group.loadUnaligned(fromByteOffset: start &+ 16, as: SIMD4<UInt32>.self)
      // Masked before the OR: otherwise the optimiser sees a funnel shift, which SSE2 does lane by
      // lane.
      values |= (next &<< SIMD4<UInt32>(repeating: 32 &- shift)) & mask
    } else {
      values &= mask
    }
    row.storeBytes(of: values &+ offsets, toByteOffset: index &* 16, as: SIMD4<UInt32>.self)
  }
}
