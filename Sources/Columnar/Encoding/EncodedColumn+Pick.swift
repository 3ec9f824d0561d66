// A few values of a block, for less than decoding all of it.
//
// SAFETY: the column's bytes were validated when it was made; callers give rows of the block, and targets with room for
// as many values.

extension EncodedColumn {
  /// The values of some rows of a block, which ascend and are counted from its first.
  package func values(_ rows: [UInt32], block: Int) -> [UInt64] {
    [UInt64](unsafeUninitializedCapacity: rows.count) { buffer, count in
      guard let target = buffer.baseAddress else { return }
      rows.withUnsafeBufferPointer { pick($0, from: 0, block: block, into: target) }
      count = rows.count
    }
  }

  /// Writes the values of some rows of a block.
  ///
  /// - Parameters:
  ///   - rows: ascending, counted from `start`.
  ///   - start: a row of the block, counted from its first.
  package func pick<Value: FixedWidthInteger>(
    _ rows: UnsafeBufferPointer<UInt32>, from start: Int, block index: Int,
    into target: UnsafeMutablePointer<Value>
  ) {
    let block = blocks[index]
    let count = blockRowCount(index)
    pieces[Int(block.piece)].withUnsafeBytes { bytes in
      guard let piece = bytes.baseAddress else { return }
      let source = piece + block.offset
      switch block.encoding {
      case .plain, .constant, .bitPacked, .dictionary:
        let first = index * Limits.blockRowCount + start
        for (place, row) in rows.enumerated() {
          target[place] = Value(truncatingIfNeeded: value(at: first + Int(row)))
        }
      case .delta:
        DeltaCodec.forEach(rows, from: start, block, source, count: count) { place, value in
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
