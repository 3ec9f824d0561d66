// From blocks back to values: one switch per block, one tight loop per codec.
//
// SAFETY: the column's bytes were validated when it was made, so pieces cover what the codecs
// read; callers give targets with room for `Limits.blockRowCount + 32` values.

extension EncodedColumn {
  /// Writes the `blockRowCount(index)` values of a block, all of which must fit 32 bits.
  ///
  /// - Parameter target: room for `Limits.blockRowCount + 32` values; what follows the block's
  /// values is garbage.
  package func decode(block index: Int, into target: UnsafeMutablePointer<UInt32>) {
    decodeWords(index, into: target)
  }

  /// Writes the `blockRowCount(index)` values of a block.
  ///
  /// - Parameter target: room for `Limits.blockRowCount + 32` values; what follows the block's
  /// values is garbage.
  package func decode(block index: Int, into target: UnsafeMutablePointer<UInt64>) {
    decodeWords(index, into: target)
  }

  @inline(__always)
  private func decodeWords<Word: ColumnWord>(
    _ index: Int, into target: UnsafeMutablePointer<Word>
  ) {
    let block = blocks[index]
    let count = blockRowCount(index)
    pieces[Int(block.piece)].withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress else { return }
      let source = start + block.offset
      switch block.encoding {
      case .plain: PlainCodec.decode(source, width: block.width, count: count, into: target)
      case .constant:
        target.update(repeating: Word(truncatingIfNeeded: block.minimum), count: count)
      case .bitPacked: BitPackedCodec.decode(block, source, count: count, into: target)
      case .runLength: RunLengthCodec.decode(block, source, into: target)
      case .dictionary: DictionaryCodec.decode(block, source, count: count, into: target)
      case .delta: DeltaCodec.decode(block, source, count: count, into: target)
      case .groupedDelta: GroupedDeltaCodec.decode(block, source, count: count, into: target)
      }
    }
  }

  /// One value. Runs and differences are walked up to the row; the others are not.
  package func value(at row: Int) -> UInt64 {
    precondition(row >= 0 && row < rowCount, "row \(row) of \(rowCount)")
    let index = row / Limits.blockRowCount
    let block = blocks[index]
    let count = blockRowCount(index)
    let row = row % Limits.blockRowCount
    return pieces[Int(block.piece)].withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress else { return block.minimum }
      let source = start + block.offset
      return switch block.encoding {
      case .plain: PlainCodec.value(source, width: block.width, at: row)
      case .constant: block.minimum
      case .bitPacked: BitPackedCodec.value(block, source, count: count, at: row)
      case .runLength: RunLengthCodec.value(block, source, at: row)
      case .dictionary: DictionaryCodec.value(block, source, count: count, at: row)
      case .delta: DeltaCodec.value(block, source, count: count, at: row)
      case .groupedDelta: GroupedDeltaCodec.value(block, source, count: count, at: row)
      }
    }
  }
}
