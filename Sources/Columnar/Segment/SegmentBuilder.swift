// The open part of a shard: rows in the order they came, and the step that seals them into columns.
//
// Sealing sorts by (kind, time). The kind column then costs nothing, the rows of one kind are one range, times are
// deltas, and columns that only clicks or bounces use are constant everywhere else.
//
// SAFETY: the row buffer belongs to the builder, and once rows of it were lent it is replaced instead of being reused;
// sort keys are scratch of exactly `rowCount` elements.

internal import Base

package struct SegmentBuilder: ~Copyable {
  private var rows: StableBuffer<EventRow>
  private let rowCountMax: Int
  /// Somebody may be reading the rows.
  private var isLent = false

  /// - Parameter rowCountMax: rows per segment; tests use small numbers.
  package init(rowCountMax: Int = Limits.segmentRowCountMax) {
    rows = StableBuffer(capacity: rowCountMax)
    self.rowCountMax = rowCountMax
  }

  package var rowCount: Int { rows.count }
  /// Memory of the rows.
  package var byteCount: Int { rows.byteCount }
  package var isFull: Bool { rows.count == rowCountMax }

  /// Adds one row; the caller seals a full builder first.
  package mutating func append(_ row: EventRow) { rows.append(row) }

  /// Turns the rows into an immutable segment and starts again empty.
  ///
  /// - Parameter forcing: the codec to use wherever it can represent a block; for tests.
  package mutating func seal(forcing: Encoding? = nil) -> Segment {
    let segment = SegmentBuilder.segment(of: rows.elements, forcing: forcing)
    if isLent {
      rows = StableBuffer(capacity: rowCountMax)
      isLent = false
    } else {
      rows.removeAll()
    }
    return segment
  }

  /// The rows there are now; they stay as they are while more are added, and after sealing.
  package mutating func lend() -> RowRun {
    isLent = true
    return RowRun(rows: rows, range: 0..<rows.count)
  }

  /// A segment of `rows`.
  package static func segment(
    of rows: UnsafeBufferPointer<EventRow>, forcing: Encoding?
  ) -> Segment {
    let order = order(of: rows)
    var transposition = RowTransposition(forcing: forcing)
    return Segment(rowCount: rows.count, columns: transposition.columns(of: rows, in: order))
  }

  /// Row indices in the order (kind, time).
  private static func order(of rows: UnsafeBufferPointer<EventRow>) -> [UInt32] {
    var earliest = Int64.max
    for row in rows { earliest = min(earliest, row.time) }
    let keys = rows.map { row in
      // Times of one segment span less than 2⁵⁶ ms (two million years); the clamp keeps a wild one from
      // reaching the kind's bits. Order inside a kind is a matter of compression only.
      UInt64(row.kind) << 56 | UInt64(min(row.time &- earliest, 1 << 56 - 1) & (1 << 56 - 1))
    }
    return RadixSort.order(of: keys)
  }
}
