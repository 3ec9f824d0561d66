// Differences as in `DeltaCodec`, but every 128 of them in as few bits as the largest of these takes: a jump makes its
// own group wide and no other. Times have nights between them, and messages are sent in bursts.
//
// SAFETY: callers pass payloads of the header's byte count (and slack), and room for every row; the widths of a payload
// that was read were checked to add up to what the header says.

enum GroupedDeltaCodec {
  /// How many groups the differences of `rowCount` rows make; the last one may be shorter.
  static func groupCount(_ rowCount: Int) -> Int {
    (rowCount + BitPacking.groupCount - 1) / BitPacking.groupCount
  }

  /// The bytes of a payload: a width for every group, then the groups.
  ///
  /// - Parameters:
  ///   - widthSum: of the whole groups.
  ///   - restWidth: of the shorter group at the end.
  static func byteCount(_ rowCount: Int, widthSum: Int, restWidth: UInt8) -> Int {
    let rest = rowCount % BitPacking.groupCount
    return groupCount(rowCount) + BitPacking.groupCount / 8 * widthSum
      + BitPacking.byteCount(rest, width: restWidth)
  }

  /// Nil where a group would be too wide.
  static func plan(
    _ statistics: BlockStatistics, _ values: UnsafeBufferPointer<UInt64>, scale: UInt64
  ) -> EncodedBlock? {
    guard statistics.stepRange / scale <= UInt64(UInt32.max) else { return nil }
    var block = DeltaCodec.header(.groupedDelta, statistics, first: values[0], scale: scale)
    var start = 0
    while start < values.count {
      let end = min(start &+ BitPacking.groupCount, values.count)
      let largest = largestDifference(values, from: max(start, 1), to: end, step: block.step)
      let width = BitPacking.width(maximum: largest / scale)
      if end &- start == BitPacking.groupCount {
        block.entryCount &+= UInt16(width)
      } else {
        block.width = width
      }
      start = end
    }
    return block
  }

  /// The largest difference of some rows from those before them, less `step`.
  @inline(__always)
  private static func largestDifference(
    _ values: UnsafeBufferPointer<UInt64>, from start: Int, to end: Int, step: UInt64
  ) -> UInt64 {
    var (largest, row): (UInt64, Int) = (0, start)
    while row < end {
      largest = max(largest, values[row] &- values[row &- 1] &- step)
      row &+= 1
    }
    return largest
  }

  static func encode(
    _ block: EncodedBlock, _ values: UnsafeBufferPointer<UInt64>,
    integers: UnsafeMutablePointer<UInt64>, into payload: UnsafeMutableRawPointer
  ) {
    DeltaCodec.writeDifferences(block, values, to: integers)
    var place = payload + groupCount(values.count)
    for group in 0..<groupCount(values.count) {
      let start = group * BitPacking.groupCount
      let count = min(BitPacking.groupCount, values.count - start)
      let largest = UnsafeBufferPointer(start: integers + start, count: count).max() ?? 0
      let width = BitPacking.width(maximum: largest)
      payload.storeBytes(of: width, toByteOffset: group, as: UInt8.self)
      BitPacking.pack(integers + start, width: width, count: count, into: place)
      place += BitPacking.byteCount(count, width: width)
    }
  }

  @inline(__always)
  static func decode<Word: ColumnWord>(
    _ block: EncodedBlock, _ payload: UnsafeRawPointer, count: Int,
    into target: UnsafeMutablePointer<Word>
  ) {
    var groups = DifferenceGroups(payload, rowCount: count)
    let map = AffineMap<Word>(scale: block.scale, offset: block.step)
    var row = 0
    while row < count {
      groups.unpackNext(map: map, into: target + row)
      row &+= BitPacking.groupCount
    }
    DeltaCodec.addUp(target, count: count, from: block.base)
  }

  /// - Complexity: O(row).
  static func value(
    _ block: EncodedBlock, _ payload: UnsafeRawPointer, count: Int, at row: Int
  ) -> UInt64 {
    var found: UInt64 = 0
    withUnsafePointer(to: UInt32(row)) { row in
      let rows = UnsafeBufferPointer(start: row, count: 1)
      forEach(rows, from: 0, block, payload, count: count) { _, value in found = value }
    }
    return found
  }

  /// Hands over the values of some rows, which ascend and are counted from `start`: groups of differences are added up,
  /// and no others are written down.
  @inline(__always)
  static func forEach(
    _ rows: UnsafeBufferPointer<UInt32>, from start: Int, _ block: EncodedBlock,
    _ payload: UnsafeRawPointer, count: Int, _ body: (_ place: Int, _ value: UInt64) -> Void
  ) {
    var groups = DifferenceGroups(payload, rowCount: count)
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: BitPacking.groupCount) { scratch in
      guard let group = scratch.baseAddress else { return }
      // The sum of the first `next` differences; those of the group that `next` stands in are unpacked.
      var (sum, next): (UInt64, Int) = (0, 0)
      var width: UInt8 = 0
      for (place, row) in rows.enumerated() {
        let end = start &+ Int(row) &+ 1
        while next < end {
          let first = next & ~(BitPacking.groupCount &- 1)
          if first == next { width = groups.unpackNext(map: .identity, into: group) }
          let stop = min(end, first &+ BitPacking.groupCount)
          sum &+= DeltaCodec.total(
            group, width: width, from: next &- first, to: stop &- first)
          next = stop
        }
        body(place, block.base &+ block.step &* UInt64(end) &+ block.scale &* sum)
      }
    }
  }

  /// Whether the widths are what the header says of them, so that no group reaches beyond the payload.
  static func isValid(_ block: EncodedBlock, _ payload: UnsafeRawPointer, count: Int) -> Bool {
    let widths = UnsafeRawBufferPointer(start: payload, count: groupCount(count))
    let whole = widths.prefix(count / BitPacking.groupCount)
    return widths.allSatisfy { $0 <= BitPacking.laneWidthMax }
      && whole.reduce(0) { $0 + Int($1) } == Int(block.entryCount)
      && widths.dropFirst(whole.count).allSatisfy { $0 == block.width }
  }
}

/// A walk over the groups of a payload.
private struct DifferenceGroups {
  private var width: UnsafeRawPointer
  private var group: UnsafeRawPointer
  /// Rows from the next group on.
  private var rowCount: Int

  init(_ payload: UnsafeRawPointer, rowCount: Int) {
    width = payload
    group = payload + GroupedDeltaCodec.groupCount(rowCount)
    self.rowCount = rowCount
  }

  /// Writes the next group's integers, each as `map` has it.
  ///
  /// - Returns: the most bits that one has.
  @inline(__always) @discardableResult
  mutating func unpackNext<Word: ColumnWord>(
    map: AffineMap<Word>, into target: UnsafeMutablePointer<Word>
  ) -> UInt8 {
    let bits = width.load(as: UInt8.self)
    let count = min(rowCount, BitPacking.groupCount)
    BitPacking.unpack(group, width: bits, count: count, map: map, into: target)
    width += 1
    group += BitPacking.groupCount / 8 &* Int(bits)
    rowCount &-= count
    return bits
  }
}
