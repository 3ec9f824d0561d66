// Differences between neighbours, less the smallest of them, divided by their greatest common
// divisor. The smallest difference may be negative, so the codec takes any block; it pays where
// values rise evenly, as times do.
//
// SAFETY: callers pass payloads of the header's byte count (and slack), and room for every row.

enum DeltaCodec {
  static func plan(
    _ statistics: BlockStatistics, first: UInt64, scale: UInt64
  ) -> EncodedBlock {
    var block = header(.delta, statistics, first: first, scale: scale)
    block.width = BitPacking.width(maximum: statistics.stepRange / scale)
    return block
  }

  /// What the header of differences says, however they are packed.
  static func header(
    _ encoding: Encoding, _ statistics: BlockStatistics, first: UInt64, scale: UInt64
  ) -> EncodedBlock {
    var block = statistics.header(encoding, scale: scale)
    block.step = statistics.count > 1 ? UInt64(bitPattern: statistics.stepMinimum) : 0
    block.base = first &- block.step
    return block
  }

  static func encode(
    _ block: EncodedBlock, _ values: UnsafeBufferPointer<UInt64>,
    integers: UnsafeMutablePointer<UInt64>, into payload: UnsafeMutableRawPointer
  ) {
    writeDifferences(block, values, to: integers)
    BitPacking.pack(integers, width: block.width, count: values.count, into: payload)
  }

  /// Writes the integers that are to be packed.
  static func writeDifferences(
    _ block: EncodedBlock, _ values: UnsafeBufferPointer<UInt64>,
    to integers: UnsafeMutablePointer<UInt64>
  ) {
    let division = ExactDivision(by: block.scale)
    let step = block.step
    var previous = block.base
    var row = 0
    while row < values.count {
      let value = values[row]
      integers[row] = division.quotient(value &- previous &- step)
      previous = value
      row &+= 1
    }
  }

  @inline(__always)
  static func decode<Word: ColumnWord>(
    _ block: EncodedBlock, _ payload: UnsafeRawPointer, count: Int,
    into target: UnsafeMutablePointer<Word>
  ) {
    BitPacking.unpack(
      payload, width: block.width, count: count,
      map: AffineMap(scale: block.scale, offset: block.step), into: target)
    addUp(target, count: count, from: block.base)
  }

  /// Turns differences into values.
  @inline(__always)
  static func addUp<Word: ColumnWord>(
    _ target: UnsafeMutablePointer<Word>, count: Int, from base: UInt64
  ) {
    var sum = Word(truncatingIfNeeded: base)
    var row = 0
    while row < count {
      sum = sum &+ target[row]
      target[row] = sum
      row &+= 1
    }
  }

  /// - Complexity: O(row).
  static func value(
    _ block: EncodedBlock, _ payload: UnsafeRawPointer, count: Int, at row: Int
  ) -> UInt64 {
    var sum: UInt64 = 0
    for index in 0...row {
      sum &+= BitPacking.integer(payload, width: block.width, count: count, at: index)
    }
    return block.base &+ block.step &* UInt64(row &+ 1) &+ block.scale &* sum
  }

  /// Hands over the values of some rows, which ascend and are counted from `start`: groups of differences are added up,
  /// and no others are written down.
  @inline(__always)
  static func forEach(
    _ rows: UnsafeBufferPointer<UInt32>, from start: Int, _ block: EncodedBlock,
    _ payload: UnsafeRawPointer, count: Int, _ body: (_ place: Int, _ value: UInt64) -> Void
  ) {
    let grouped = BitPacking.groupedCount(count, width: block.width)
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: BitPacking.groupCount) { scratch in
      guard let group = scratch.baseAddress else { return }
      var sum: UInt64 = 0
      // How many differences are in the sum; those of the group it stands in are unpacked.
      var next = 0
      for (place, row) in rows.enumerated() {
        let end = start &+ Int(row) &+ 1
        while next < end {
          guard next < grouped else {
            sum &+= BitPacking.integer(payload, width: block.width, count: count, at: next)
            next &+= 1
            continue
          }
          let first = next & ~(BitPacking.groupCount &- 1)
          if first == next {
            LaneUnpacking.unpack(
              payload + next / 8 &* Int(block.width), width: block.width, groupCount: 1, offset: 0,
              into: group)
          }
          let stop = min(end, first &+ BitPacking.groupCount)
          sum &+= total(group, width: block.width, from: next &- first, to: stop &- first)
          next = stop
        }
        body(place, block.base &+ block.step &* UInt64(end) &+ block.scale &* sum)
      }
    }
  }

  /// The sum of some integers of a group.
  ///
  /// - Parameter width: the most bits that one has.
  @inline(__always)
  static func total(
    _ integers: UnsafePointer<UInt32>, width: UInt8, from start: Int, to end: Int
  ) -> UInt64 {
    // A group of so narrow ones adds up to less than 2^32, four at a time.
    width <= 25
      ? UInt64(total(integers, from: start, to: end) as UInt32)
      : total(integers, from: start, to: end)
  }

  @inline(__always)
  private static func total<Word: ColumnWord>(
    _ integers: UnsafePointer<UInt32>, from start: Int, to end: Int
  ) -> Word {
    var (sum, index): (Word, Int) = (0, start)
    while index < end {
      sum &+= Word(truncatingIfNeeded: integers[index])
      index &+= 1
    }
    return sum
  }
}
