// The sorted distinct values, and per row the index of its value among them.
//
// SAFETY: callers pass payloads of the header's byte count (and slack) whose codes were found to be
// below the number of entries, and room for every row.

enum DictionaryCodec {
  /// How many distinct values a block may have for its dictionary to take fewer than `byteCount`
  /// bytes.
  static func entryCountMax(rowCount: Int, entryWidth: UInt8, below byteCount: Int) -> Int {
    for width: UInt8 in stride(from: 10, through: 1, by: -1) {
      let room = byteCount - BitPacking.byteCount(rowCount, width: width) - 1
      guard room > 0 else { continue }
      let entryCount = min(1 << Int(width), room * 8 / Int(max(entryWidth, 1)))
      if entryCount > 1 << Int(width - 1) { return entryCount }
    }
    return 0
  }

  static func plan(
    _ statistics: BlockStatistics, entryCount: Int, scale: UInt64
  ) -> EncodedBlock {
    var block = statistics.header(.dictionary, scale: scale)
    block.entryCount = UInt16(entryCount)
    block.entryWidth = statistics.distanceWidth(scale: scale)
    block.width = BitPacking.width(maximum: UInt64(entryCount - 1))
    return block
  }

  /// - Parameter workspace: its set was collected from the same block.
  static func encode(
    _ block: EncodedBlock, _ workspace: BlockWorkspace, rowCount: Int,
    into payload: UnsafeMutableRawPointer
  ) {
    // The values themselves are not needed any more: they give room for the codes.
    let (entries, codes) = (workspace.integers, workspace.values)
    let entryCount = workspace.distinct.count
    workspace.distinct.rank(
      rowCount: rowCount, range: (block.minimum, block.maximum), sorted: entries, codes: codes)
    let division = ExactDivision(by: block.scale)
    for entry in 0..<entryCount {
      entries[entry] = division.quotient(entries[entry] &- block.base)
    }
    BitPacking.pack(entries, width: block.entryWidth, count: entryCount, into: payload)
    BitPacking.pack(
      codes, width: block.width, count: rowCount, into: payload + block.entryByteCount)
  }

  @inline(__always)
  static func decode<Word: ColumnWord>(
    _ block: EncodedBlock, _ payload: UnsafeRawPointer, count: Int,
    into target: UnsafeMutablePointer<Word>
  ) {
    // On the stack, which temporary allocations of this size are not.
    var entries = InlineArray<1024, Word>(repeating: 0)
    withUnsafeMutableBytes(of: &entries) { bytes in
      guard let entry = bytes.assumingMemoryBound(to: Word.self).baseAddress else { return }
      BitPacking.unpack(
        payload, width: block.entryWidth, count: Int(block.entryCount),
        map: AffineMap(scale: block.scale, offset: block.base), into: entry)
      unpackCodes(block, payload, count: count, into: target)
      var row = 0
      while row < count {
        target[row] = entry[Int(truncatingIfNeeded: target[row])]
        row &+= 1
      }
    }
  }

  @inline(__always)
  private static func unpackCodes<Word: ColumnWord>(
    _ block: EncodedBlock, _ payload: UnsafeRawPointer, count: Int,
    into target: UnsafeMutablePointer<Word>
  ) {
    BitPacking.unpack(
      payload + block.entryByteCount, width: block.width, count: count, map: .identity,
      into: target)
  }

  static func value(
    _ block: EncodedBlock, _ payload: UnsafeRawPointer, count: Int, at row: Int
  ) -> UInt64 {
    let code = BitPacking.integer(
      payload + block.entryByteCount, width: block.width, count: count, at: row)
    let integer = BitPacking.integer(
      payload, width: block.entryWidth, count: Int(block.entryCount), at: Int(code))
    return block.base &+ block.scale &* integer
  }

  /// Whether every code is an index into the entries.
  static func isValid(_ block: EncodedBlock, _ payload: UnsafeRawPointer, count: Int) -> Bool {
    if 1 << Int(block.width) <= Int(block.entryCount) { return true }
    return withUnsafeTemporaryAllocation(of: UInt32.self, capacity: count) { codes in
      guard let code = codes.baseAddress else { return false }
      unpackCodes(block, payload, count: count, into: code)
      let last = UInt32(block.entryCount) &- 1
      // Codes have at most 10 bits: the difference borrows, and sets the top bit, when one is too
      // large.
      var (borrows, row): (UInt32, Int) = (0, 0)
      while row < count {
        borrows |= last &- code[row]
        row &+= 1
      }
      return borrows >> 31 == 0
    }
  }
}
