// Sums over whole columns, so that no value is left out: what decoding is timed with, and what it is held against.
//
// SAFETY: decoding goes to a buffer of one block and the slack that decoders may write.

internal import Columnar

enum ColumnScan {
  /// The sum of a column, decoded block by block.
  static func sum(_ segments: [Segment], _ column: EventColumn) -> UInt64 {
    let capacity = Limits.blockRowCount + Limits.blockSlack
    return withUnsafeTemporaryAllocation(of: UInt64.self, capacity: capacity) { space in
      guard let block = space.baseAddress else { return 0 }
      var total: UInt64 = 0
      for encoded in segments.map({ $0[column] }) {
        for index in encoded.blocks.indices {
          encoded.decode(block: index, into: block)
          let count = encoded.blockRowCount(index)
          total &+= sum(UnsafeBufferPointer(start: block, count: count))
        }
      }
      return total
    }
  }

  static func sum(_ values: UnsafeBufferPointer<UInt64>) -> UInt64 {
    var (sum, row): (UInt64, Int) = (0, 0)
    while row < values.count {
      sum &+= values[row]
      row &+= 1
    }
    return sum
  }
}
