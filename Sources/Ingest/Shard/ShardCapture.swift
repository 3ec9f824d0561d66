// A live shard at one moment: counts, references to what only grows, and copies of what may change. Taking it is quick;
// what is made of it is made beside the shard, which goes on.

internal import Base
package import Columnar

package struct ShardCapture: Sendable {
  package let recipients: KeyPrefix
  package let messages: MessageCapture
  package let statedDomains: ColumnCapture
  /// By attribute number.
  package let attributes: [ColumnCapture]
  /// The full segments.
  package let segments: [Segment]
  /// The rows that are in none of them yet.
  package let rows: RowRun
}

/// One column of codes at one moment: how long it was, and its blocks that had changed.
package struct ColumnCapture: Sendable {
  package let rowCount: Int
  /// Ascending.
  package let patches: [BlockPatch<UInt32>]

  init(_ column: StableBuffer<UInt32>, _ marks: BlockMarks) {
    rowCount = column.count
    patches = BlockPatch.copies(of: column.base, marks.take(), rowCount: column.count)
  }
}
