// A few values, for less than decoding the blocks they lie in.
//
// SAFETY: the column's bytes were validated when it was made; callers give rows that it has, and targets with room for
// as many values.

extension EncodedColumn {
  /// The values of some rows, which ascend.
  package func values(of rows: [UInt32]) -> [UInt64] {
    [UInt64](unsafeUninitializedCapacity: rows.count) { buffer, count in
      guard let target = buffer.baseAddress else { return }
      rows.withUnsafeBufferPointer { pick($0, into: target) }
      count = rows.count
    }
  }

  /// Writes the values of some rows, which ascend.
  @specialized(where Value == UInt32)
  @specialized(where Value == UInt64)
  package func pick<Value: ColumnWord>(
    _ rows: UnsafeBufferPointer<UInt32>, into target: UnsafeMutablePointer<Value>
  ) {
    var start = 0
    while start < rows.count {
      let block = Int(rows[start]) / Limits.blockRowCount
      let first = block * Limits.blockRowCount
      var end = start + 1
      while end < rows.count, Int(rows[end]) < first + Limits.blockRowCount { end += 1 }
      let run = UnsafeBufferPointer(rebasing: rows[start..<end])
      pickWords(run, from: -first, block: block, into: target + start)
      start = end
    }
  }

  /// Writes the values of some rows of a block.
  ///
  /// - Parameters:
  ///   - rows: ascending, and of the block.
  ///   - start: what to add to each to count it from the block's first.
  @specialized(where Value == UInt32)
  @specialized(where Value == UInt64)
  package func pick<Value: ColumnWord>(
    _ rows: UnsafeBufferPointer<UInt32>, from start: Int, block index: Int,
    into target: UnsafeMutablePointer<Value>
  ) {
    pickWords(rows, from: start, block: index, into: target)
  }

  @inline(__always)
  private func pickWords<Value: ColumnWord>(
    _ rows: UnsafeBufferPointer<UInt32>, from start: Int, block index: Int,
    into target: UnsafeMutablePointer<Value>
  ) {
    let block = blocks[index]
    let count = blockRowCount(index)
    pieces[Int(block.piece)].withUnsafeBytes { bytes in
      guard let piece = bytes.baseAddress else { return }
      let source = piece + block.offset
      switch block.encoding {
      case .constant:
        target.update(repeating: Value(truncatingIfNeeded: block.minimum), count: rows.count)
      case .plain:
        for (place, row) in rows.enumerated() {
          target[place] = Value(
            truncatingIfNeeded: PlainCodec.value(source, width: block.width, at: start &+ Int(row)))
        }
      case .bitPacked:
        for (place, row) in rows.enumerated() {
          let value = BitPackedCodec.value(block, source, count: count, at: start &+ Int(row))
          target[place] = Value(truncatingIfNeeded: value)
        }
      case .dictionary:
        for (place, row) in rows.enumerated() {
          let value = DictionaryCodec.value(block, source, count: count, at: start &+ Int(row))
          target[place] = Value(truncatingIfNeeded: value)
        }
      case .delta:
        DeltaCodec.forEach(rows, from: start, block, source, count: count) { place, value in
          target[place] = Value(truncatingIfNeeded: value)
        }
      case .groupedDelta:
        GroupedDeltaCodec.forEach(rows, from: start, block, source, count: count) { place, value in
          target[place] = Value(truncatingIfNeeded: value)
        }
      case .runLength:
        RunLengthCodec.forEach(rows, from: start, block, source) { place, value in
          target[place] = Value(truncatingIfNeeded: value)
        }
      }
    }
  }
}
