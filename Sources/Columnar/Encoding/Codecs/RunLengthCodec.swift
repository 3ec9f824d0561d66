// Runs of equal neighbours: the runs' values, then their lengths less one.
//
// SAFETY: callers pass payloads of the header's byte count (and slack) whose lengths were found to
// add up to the rows, and targets with 32 values of slack: runs are filled eight values at a time.

enum RunLengthCodec {
  static func plan(
    _ statistics: BlockStatistics, _ values: UnsafeBufferPointer<UInt64>, scale: UInt64
  ) -> EncodedBlock {
    var block = statistics.header(.runLength, scale: scale)
    block.entryCount = UInt16(statistics.runCount)
    block.entryWidth = statistics.distanceWidth(scale: scale)
    block.width = BitPacking.width(maximum: UInt64(longestRun(values) - 1))
    return block
  }

  // The loops over rows below have no branch that depends on a value: short runs would mispredict
  // every other one.

  private static func longestRun(_ values: UnsafeBufferPointer<UInt64>) -> Int {
    var (longest, current, row) = (1, 1, 1)
    while row < values.count {
      current = current &* (values[row] == values[row &- 1] ? 1 : 0) &+ 1
      longest = max(longest, current)
      row &+= 1
    }
    return longest
  }

  static func encode(
    _ block: EncodedBlock, _ values: UnsafeBufferPointer<UInt64>,
    integers: UnsafeMutablePointer<UInt64>, into payload: UnsafeMutableRawPointer
  ) {
    let runs = Int(block.entryCount)
    writeValues(block, values, into: integers)
    BitPacking.pack(integers, width: block.entryWidth, count: runs, into: payload)
    writeLengths(values, into: integers)
    BitPacking.pack(
      integers, width: block.width, count: runs, into: payload + block.entryByteCount)
  }

  private static func writeValues(
    _ block: EncodedBlock, _ values: UnsafeBufferPointer<UInt64>,
    into integers: UnsafeMutablePointer<UInt64>
  ) {
    let division = ExactDivision(by: block.scale)
    let base = block.base
    integers[0] = division.quotient(values[0] &- base)
    var (run, row) = (0, 1)
    while row < values.count {
      run &+= values[row] == values[row &- 1] ? 0 : 1
      integers[run] = division.quotient(values[row] &- base)
      row &+= 1
    }
  }

  private static func writeLengths(
    _ values: UnsafeBufferPointer<UInt64>, into lengths: UnsafeMutablePointer<UInt64>
  ) {
    lengths[0] = 0
    var (run, length, row): (Int, UInt64, Int) = (0, 0, 1)
    while row < values.count {
      let same: UInt64 = values[row] == values[row &- 1] ? 1 : 0
      run &+= Int(1 &- same)
      length = (length &+ 1) &* same
      lengths[run] = length
      row &+= 1
    }
  }

  @inline(__always)
  static func decode<Word: ColumnWord>(
    _ block: EncodedBlock, _ payload: UnsafeRawPointer, into target: UnsafeMutablePointer<Word>
  ) {
    let runCount = Int(block.entryCount)
    let groupCount = BitPacking.groupCount
    // Group by group, so that what is unpacked stays on the stack.
    withUnsafeTemporaryAllocation(of: Word.self, capacity: groupCount) { entries in
      withUnsafeTemporaryAllocation(of: UInt32.self, capacity: groupCount) { lengths in
        guard let entry = entries.baseAddress, let length = lengths.baseAddress else { return }
        var (place, run) = (target, 0)
        while run < runCount {
          let count = min(groupCount, runCount &- run)
          BitPacking.unpack(
            payload + run / 8 &* Int(block.entryWidth), width: block.entryWidth, count: count,
            map: AffineMap(scale: block.scale, offset: block.base), into: entry)
          BitPacking.unpack(
            payload + block.entryByteCount + run / 8 &* Int(block.width), width: block.width,
            count: count, map: AffineMap(scale: 1, offset: 1), into: length)
          place = fill(entry, length, runCount: count, into: place)
          run &+= count
        }
      }
    }
  }

  private static func unpackLengths(
    _ block: EncodedBlock, _ payload: UnsafeRawPointer, into lengths: UnsafeMutablePointer<UInt32>
  ) {
    BitPacking.unpack(
      payload + block.entryByteCount, width: block.width, count: Int(block.entryCount),
      map: AffineMap(scale: 1, offset: 1), into: lengths)
  }

  /// - Returns: the place behind the last run.
  @inline(__always)
  private static func fill<Word: ColumnWord>(
    _ entries: UnsafePointer<Word>, _ lengths: UnsafePointer<UInt32>, runCount: Int,
    into target: UnsafeMutablePointer<Word>
  ) -> UnsafeMutablePointer<Word> {
    var start = target
    var run = 0
    while run < runCount {
      let value = entries[run]
      let end = start + Int(lengths[run])
      var place = start
      repeat {
        // Eight equal stores become vector stores.
        (place[0], place[1], place[2], place[3]) = (value, value, value, value)
        (place[4], place[5], place[6], place[7]) = (value, value, value, value)
        place += 8
      } while place < end
      start = end
      run &+= 1
    }
    return start
  }

  /// - Complexity: O(runs).
  static func value(_ block: EncodedBlock, _ payload: UnsafeRawPointer, at row: Int) -> UInt64 {
    let runs = Int(block.entryCount)
    let lengths = payload + block.entryByteCount
    var (run, end) = (0, 0)
    while true {
      let length = BitPacking.integer(lengths, width: block.width, count: runs, at: run)
      end &+= Int(length) &+ 1
      if row < end || run &+ 1 == runs { break }
      run &+= 1
    }
    let integer = BitPacking.integer(payload, width: block.entryWidth, count: runs, at: run)
    return block.base &+ block.scale &* integer
  }

  /// Hands over the values of some rows, which ascend and are counted from `start`: only lengths are unpacked, and the
  /// values of the runs in which rows are.
  @inline(__always)
  static func forEach(
    _ rows: UnsafeBufferPointer<UInt32>, from start: Int, _ block: EncodedBlock,
    _ payload: UnsafeRawPointer, _ body: (_ place: Int, _ value: UInt64) -> Void
  ) {
    let runs = Int(block.entryCount)
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: runs) { lengths in
      guard let length = lengths.baseAddress else { return }
      unpackLengths(block, payload, into: length)
      var (run, end) = (0, Int(length[0]))
      for (place, row) in rows.enumerated() {
        while end <= start &+ Int(row), run &+ 1 < runs {
          run &+= 1
          end &+= Int(length[run])
        }
        let integer = BitPacking.integer(payload, width: block.entryWidth, count: runs, at: run)
        body(place, block.base &+ block.scale &* integer)
      }
    }
  }

  /// Whether the run lengths add up to `count` rows.
  static func isValid(_ block: EncodedBlock, _ payload: UnsafeRawPointer, count: Int) -> Bool {
    let runs = Int(block.entryCount)
    return withUnsafeTemporaryAllocation(of: UInt32.self, capacity: runs) { lengths in
      guard let length = lengths.baseAddress else { return false }
      unpackLengths(block, payload, into: length)
      return lengths.prefix(runs).reduce(0) { $0 + Int($1) } == count
    }
  }
}
