// From blocks back to values: one switch per block, one tight loop per codec.
//
// SAFETY: the column's bytes were validated when it was made, so payloads cover what the codecs read; callers
// give targets with room for `Limits.blockRowCount + 32` values.

extension EncodedColumn {
  /// Writes the `blockRowCount(index)` values of a block, all of which must fit 32 bits.
  ///
  /// - Parameter target: room for `Limits.blockRowCount + 32` values; what follows the block's values is garbage.
  package func decode(block index: Int, into target: UnsafeMutablePointer<UInt32>) {
    decodeWords(index, into: target)
  }

  /// Writes the `blockRowCount(index)` values of a block.
  ///
  /// - Parameter target: room for `Limits.blockRowCount + 32` values; what follows the block's values is garbage.
  package func decode(block index: Int, into target: UnsafeMutablePointer<UInt64>) {
    decodeWords(index, into: target)
  }

  /// One value; the block around it is not decoded where the codec allows.
  package func value(at row: Int) -> UInt64 {
    precondition(row >= 0 && row < rowCount, "row \(row) of \(rowCount)")
    let block = blocks[row / Limits.blockRowCount]
    let row = row % Limits.blockRowCount
    return payload.withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress else { return block.minimum }
      return PlainCodec.value(start + block.offset, width: block.width, at: row)
    }
  }

  @inline(__always)
  private func decodeWords<Value: ColumnWord>(
    _ index: Int, into target: UnsafeMutablePointer<Value>
  ) {
    let block = blocks[index]
    let count = blockRowCount(index)
    payload.withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress else { return }
      PlainCodec.decode(start + block.offset, width: block.width, count: count, into: target)
    }
  }
}
