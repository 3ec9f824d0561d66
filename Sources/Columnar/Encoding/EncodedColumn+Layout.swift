// A column as bytes. All integers little-endian; docs/formats/segment.md has the rules.
//
//     ┌──────────────┬──────────────────────┬─────────────────┬───────────────────────────────┐
//     │ rowCount u64 │ payloadByteCount u64 │ header [blocks] │ payload [payloadByteCount] u8 │
//     └──────────────┴──────────────────────┴─────────────────┴───────────────────────────────┘
//
// SAFETY: nothing is decoded before the rules that keep decoding inside the payload were checked.

package import Base

extension EncodedColumn {
  /// Appends the column's bytes.
  package func write(to writer: inout ByteWriter) {
    writer.append(UInt64(rowCount))
    writer.append(UInt64(payloadByteCount))
    for block in blocks { block.write(to: &writer) }
    for index in blocks.indices {
      withPayload(of: index) { writer.append(contentsOf: $0) }
    }
  }

  /// Hands out the payload of block `index`.
  func withPayload(of index: Int, _ body: (UnsafeRawBufferPointer) -> Void) {
    let block = blocks[index]
    let end = block.offset + block.payloadByteCount(rowCount: blockRowCount(index))
    pieces[Int(block.piece)].withUnsafeBytes {
      body(UnsafeRawBufferPointer(rebasing: $0[block.offset..<end]))
    }
  }

  /// Reads a column and checks every rule of the format. Memory is bounded by the bytes given.
  ///
  /// - Throws: `ColumnError` with what is wrong and where.
  package convenience init(
    reading cursor: inout ByteCursor, rowCountMax: Int = Limits.segmentRowCountMax
  ) throws(ColumnError) {
    let start = cursor.offset
    let count: UInt64 = try cursor.field()
    guard count <= UInt64(rowCountMax) else { throw ColumnError(.rowCount, offset: start) }
    let payloadByteCount: UInt64 = try cursor.field()
    let rowCount = Int(count)
    let (blocks, end) = try EncodedColumn.readHeaders(&cursor, rowCount: rowCount)
    guard payloadByteCount == UInt64(end) else { throw ColumnError(.payload, offset: start + 8) }
    let payloadStart = cursor.offset
    let bytes = try cursor.run(count: end)
    self.init(
      rowCount: rowCount, blocks: blocks,
      pieces: [EncodedColumn.padded(UnsafeRawBufferPointer(bytes.buffer))])
    try validatePayload(startingAt: payloadStart)
  }

  /// Checks what headers do not tell: run lengths, codes and widths of groups, on which decoding relies, and then
  /// that every value is inside its block's zone, so that whoever checked `maximum` may use the
  /// values as indices.
  private func validatePayload(startingAt offset: Int) throws(ColumnError) {
    let scratch = UnsafeMutablePointer<UInt64>.allocate(
      capacity: Limits.blockRowCount + Limits.blockSlack)
    defer { scratch.deallocate() }
    for (index, block) in blocks.enumerated() where block.encoding != .constant {
      var reason = damage(in: index)
      if reason == nil {
        decode(block: index, into: scratch)
        let values = UnsafeBufferPointer(start: scratch, count: blockRowCount(index))
        if !block.contains(values) { reason = .zone }
      }
      if let reason { throw ColumnError(reason, offset: offset + block.offset) }
    }
  }

  /// What would make it unsafe to decode block `index`, or nil.
  private func damage(in index: Int) -> ColumnError.Reason? {
    let block = blocks[index]
    let count = blockRowCount(index)
    return pieces[Int(block.piece)].withUnsafeBytes { bytes in
      guard let source = bytes.baseAddress.map({ $0 + block.offset }) else { return .payload }
      switch block.encoding {
      case .runLength: return RunLengthCodec.isValid(block, source, count: count) ? nil : .runs
      case .dictionary: return DictionaryCodec.isValid(block, source, count: count) ? nil : .code
      case .groupedDelta:
        return GroupedDeltaCodec.isValid(block, source, count: count) ? nil : .groups
      case .plain, .constant, .bitPacked, .delta: return nil
      }
    }
  }

  /// The headers, and how many bytes their payloads take together.
  private static func readHeaders(
    _ cursor: inout ByteCursor, rowCount: Int
  ) throws(ColumnError) -> ([EncodedBlock], Int) {
    let blockCount = (rowCount + Limits.blockRowCount - 1) / Limits.blockRowCount
    guard blockCount <= cursor.remaining / EncodedBlock.headerByteCount else {
      throw ColumnError(.truncated, offset: cursor.offset)
    }
    var blocks: [EncodedBlock] = []
    blocks.reserveCapacity(blockCount)
    var end = 0
    for index in 0..<blockCount {
      let blockRowCount = min(Limits.blockRowCount, rowCount - index * Limits.blockRowCount)
      var block = try EncodedBlock(reading: &cursor, rowCount: blockRowCount)
      block.offset = end
      end += block.payloadByteCount(rowCount: blockRowCount)
      blocks.append(block)
    }
    return (blocks, end)
  }
}
