// The rows of one kind in a segment, one after the other, with what every fold over them needs.
//
// SAFETY: scratch has room for a block and the decoders' slack, and rows are those of the block that was decoded.

internal import Base

extension Segment {
  /// Calls `body` with message, biased time and row number of each row of a kind.
  func forEachRow(
    of kind: EventKind, _ body: (_ message: Int, _ time: UInt64, _ row: Int) -> Void
  ) {
    let rows = rows(ofKind: kind.rawValue)
    guard !rows.isEmpty else { return }
    let (message, time) = (self[.message], self[.time])
    let capacity = Limits.blockRowCount + Limits.blockSlack
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: capacity) { messages in
      withUnsafeTemporaryAllocation(of: UInt64.self, capacity: capacity) { times in
        guard let messages = messages.baseAddress, let times = times.baseAddress else { return }
        for block in rows.blocks {
          message.decode(block: block, into: messages)
          time.decode(block: block, into: times)
          let start = block * Limits.blockRowCount
          for row in rows.rows(inBlock: block) {
            body(Int(messages[row - start]), times[row - start], row)
          }
        }
      }
    }
  }
}
