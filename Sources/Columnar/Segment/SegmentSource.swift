// Where a cold segment's columns come from. What a disk is, this module does not know.
//
// SAFETY: the only pointer is an empty buffer.

package protocol SegmentSource: Sendable {
  /// Reads a column; nothing is believed before it was checked.
  ///
  /// - Parameter blocks: what the column's blocks are.
  /// - Returns: nil when it cannot be read, or is another column; the source then remembers why.
  func load(_ column: EventColumn, like blocks: [EncodedBlock]) -> EncodedColumn?
}

extension EncodedColumn {
  /// Whether these are the column's blocks, wherever their payloads stand.
  package func isMade(of blocks: [EncodedBlock]) -> Bool {
    self.blocks.count == blocks.count
      && zip(self.blocks, blocks).allSatisfy { mine, other in
        var mine = mine
        (mine.piece, mine.offset) = (other.piece, other.offset)
        return mine == other
      }
  }

  /// A column whose values are the smallest of each of `blocks`.
  convenience init(rowCount: Int, minimaOf blocks: [EncodedBlock]) {
    let constants = blocks.map {
      EncodedBlock(.constant, minimum: $0.minimum, maximum: $0.minimum)
    }
    self.init(
      rowCount: rowCount, blocks: constants,
      pieces: [EncodedColumn.padded(UnsafeRawBufferPointer(start: nil, count: 0))])
  }
}
