// Frame of reference with a scale: distances from the minimum, divided by their greatest common
// divisor, in as few bits as the largest takes.
//
// SAFETY: callers pass payloads of the header's byte count (and slack), and room for every row.

enum BitPackedCodec {
  static func plan(_ statistics: BlockStatistics, scale: UInt64) -> EncodedBlock {
    var block = statistics.header(.bitPacked, scale: scale)
    block.width = statistics.distanceWidth(scale: scale)
    return block
  }

  static func encode(
    _ block: EncodedBlock, _ values: UnsafeBufferPointer<UInt64>,
    integers: UnsafeMutablePointer<UInt64>, into payload: UnsafeMutableRawPointer
  ) {
    let division = ExactDivision(by: block.scale)
    let base = block.base
    var row = 0
    while row < values.count {
      integers[row] = division.quotient(values[row] &- base)
      row &+= 1
    }
    BitPacking.pack(integers, width: block.width, count: values.count, into: payload)
  }

  @inline(__always)
  static func decode<Word: ColumnWord>(
    _ block: EncodedBlock, _ payload: UnsafeRawPointer, count: Int,
    into target: UnsafeMutablePointer<Word>
  ) {
    BitPacking.unpack(
      payload, width: block.width, count: count,
      map: AffineMap(scale: block.scale, offset: block.base), into: target)
  }

  static func value(
    _ block: EncodedBlock, _ payload: UnsafeRawPointer, count: Int, at row: Int
  ) -> UInt64 {
    let integer = BitPacking.integer(payload, width: block.width, count: count, at: row)
    return block.base &+ block.scale &* integer
  }
}
