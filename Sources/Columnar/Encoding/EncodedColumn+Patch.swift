// A column with some blocks replaced: only those are encoded, the others are shared with the column before. This is
// what keeps the cost of publishing a live table in proportion to what changed in it.

/// New values of one block.
package struct BlockPatch<Value: Sendable>: Sendable {
  package var block: Int
  /// As many as the block has rows.
  package var values: [Value]

  package init(block: Int, values: [Value]) {
    self.block = block
    self.values = values
  }
}

extension EncodedColumn {
  /// The column with blocks replaced.
  ///
  /// - Parameters:
  ///   - patches: ascending; when the column grows they cover every row behind the last full block.
  ///   - rowCount: at least the rows there are now.
  package func patched(
    _ patches: [BlockPatch<UInt32>], rowCount: Int, forcing: Encoding? = nil
  ) -> EncodedColumn {
    patchedWords(patches, rowCount: rowCount, forcing: forcing)
  }

  /// The column with blocks replaced; see the one for 32-bit values.
  package func patched(
    _ patches: [BlockPatch<UInt64>], rowCount: Int, forcing: Encoding? = nil
  ) -> EncodedColumn {
    patchedWords(patches, rowCount: rowCount, forcing: forcing)
  }

  /// Beyond so many pieces all are gathered in one: each costs its header and what its replaced blocks left behind.
  private static let pieceCountMax = 64

  private func patchedWords<Value: ColumnWord>(
    _ patches: [BlockPatch<Value>], rowCount: Int, forcing: Encoding?
  ) -> EncodedColumn {
    guard !patches.isEmpty else { return self }
    var encoder = ColumnEncoder(forcing: forcing)
    for patch in patches { patch.values.withUnsafeBufferPointer { encoder.append($0) } }
    var blocks = blocks
    for (patch, var block) in zip(patches, encoder.blocks) {
      block.piece = UInt16(pieces.count)
      if patch.block == blocks.count { blocks.append(block) } else { blocks[patch.block] = block }
    }
    let column = EncodedColumn(
      rowCount: rowCount, blocks: blocks, pieces: pieces + [encoder.exactPayload()]
    ).withoutUnusedPieces()
    return column.pieces.count > EncodedColumn.pieceCountMax
      ? EncodedColumn.gathered([column])[0] : column
  }

  /// The same column without pieces that no block uses any more.
  private func withoutUnusedPieces() -> EncodedColumn {
    var isUsed = [Bool](repeating: false, count: pieces.count)
    for block in blocks { isUsed[Int(block.piece)] = true }
    if isUsed.allSatisfy({ $0 }) { return self }
    var numbers: [UInt16] = []
    var kept: [[UInt8]] = []
    for index in pieces.indices {
      numbers.append(UInt16(kept.count))
      if isUsed[index] { kept.append(pieces[index]) }
    }
    var blocks = blocks
    for index in blocks.indices { blocks[index].piece = numbers[Int(blocks[index].piece)] }
    return EncodedColumn(rowCount: rowCount, blocks: blocks, pieces: kept)
  }
}
