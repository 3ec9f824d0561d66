// Codes of event dimensions in 32 bits, where that is enough for every code: half the memory of the general ones, and
// hours and days without a 64-bit division.
//
// SAFETY: targets have room for a block's rows.

internal import Base
internal import Columnar

extension ShardContext {
  /// The code of an event dimension for each event of a block; nil where only `fill` knows it.
  ///
  /// - Parameter scratch: where they may stand.
  func narrowCodes(
    _ dimension: Dimension, of block: EventBlock, _ scratch: UnsafeMutableBufferPointer<UInt32>
  ) -> UnsafePointer<UInt32>? {
    switch dimension {
    case .link, .userAgent, .country, .code, .reason, .currency:
      return block.codes(ShardContext.column(of: dimension))
    case .bucket(let bucket):
      guard let target = scratch.baseAddress, query.clock(bucket).fill(target, block) else {
        return nil
      }
      return UnsafePointer(target)
    default: return nil
    }
  }
}

extension BucketClock {
  /// Writes the codes of a block's times, if the clock divides time evenly and the block's times are near enough.
  func fill(_ codes: UnsafeMutablePointer<UInt32>, _ block: EventBlock) -> Bool {
    guard let width, let zone = block.zone(.time) else { return false }
    let (first, rest) = place(zone.minimum, width)
    guard zone.maximum - zone.minimum < UInt64(UInt32.max) - width else { return false }
    if zone.maximum - zone.minimum + rest < width {
      codes.update(repeating: first, count: block.count)
      return true
    }
    let times = block.lowWords(.time)
    // Differences come out right whatever the upper halves are, because they are small.
    let start = UInt32(truncatingIfNeeded: zone.minimum &- rest)
    if width == UInt64(CivilTime.millisecondsPerHour) {
      BucketClock.divide(
        codes, times, block.count, start, UInt32(CivilTime.millisecondsPerHour), first)
    } else {
      BucketClock.divide(
        codes, times, block.count, start, UInt32(CivilTime.millisecondsPerDay), first)
    }
    return true
  }

  @inline(__always)
  private static func divide(
    _ codes: UnsafeMutablePointer<UInt32>, _ times: UnsafePointer<UInt32>, _ count: Int,
    _ start: UInt32, _ width: UInt32, _ first: UInt32
  ) {
    for row in 0..<count { codes[row] = (times[row] &- start) / width &+ first }
  }
}
