// Columns whose payloads lie in one piece of memory.
//
// SAFETY: the piece has room for the payloads of all blocks and the slack behind the last one; what lies behind another
// block's payload is the next one's, which loads of whole words may touch as well.

internal import Base

extension EncodedColumn {
  /// The same columns with the payloads of all of them in one piece. As many small ones, that live as long, would lie
  /// between what was allocated and freed beside them, and leave holes that nothing fits into.
  static func gathered(_ columns: [EncodedColumn]) -> [EncodedColumn] {
    var blocks: [[EncodedBlock]] = []
    let count = columns.reduce(0) { $0 + $1.payloadByteCount } + slackByteCount
    let piece = [UInt8](unsafeUninitializedCapacity: count) { buffer, initializedCount in
      let target = UnsafeMutableRawBufferPointer(buffer)
      var end = 0
      for column in columns { blocks.append(column.copyPayload(into: target, from: &end)) }
      UnsafeMutableRawBufferPointer(rebasing: target[end..<count])
        .initializeMemory(as: UInt8.self, repeating: 0)
      initializedCount = count
    }
    return zip(columns, blocks).map { column, blocks in
      EncodedColumn(rowCount: column.rowCount, blocks: blocks, pieces: [piece])
    }
  }

  /// Copies the payloads of all blocks, and moves `end` behind them.
  ///
  /// - Returns: the blocks with their new places.
  private func copyPayload(
    into target: UnsafeMutableRawBufferPointer, from end: inout Int
  ) -> [EncodedBlock] {
    if blocks.areConstant { return blocks.map(\.withoutPlace) }
    var blocks = blocks
    for index in blocks.indices {
      withPayload(of: index) { payload in
        UnsafeMutableRawBufferPointer(rebasing: target[end..<end + payload.count])
          .copyMemory(from: payload)
        (blocks[index].piece, blocks[index].offset) = (0, end)
        end += payload.count
      }
    }
    return blocks
  }

  /// Whether both have no payload and the same headers; then one does for both.
  func isSameConstant(as other: EncodedColumn) -> Bool {
    rowCount == other.rowCount && blocks == other.blocks && blocks.areConstant
  }
}

extension EncodedBlock {
  /// The same block where it has no payload: in the first piece, as all such blocks.
  fileprivate var withoutPlace: EncodedBlock {
    var block = self
    (block.piece, block.offset) = (0, 0)
    return block
  }
}

extension [EncodedBlock] {
  /// Whether headers alone say what a column holds.
  var areConstant: Bool { allSatisfy { $0.encoding == .constant } }
}
