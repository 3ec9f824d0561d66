// The open part of a shard: rows in the order they came, and the step that seals them into columns.
//
// Sealing sorts (`EventOrder`). The kind column then costs nothing, times are deltas, and columns that only clicks or
// bounces use are constant everywhere else.
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
  /// - Parameters:
  ///   - machineMarks: by user-agent code, 1 for a machine; codes beyond are people's.
  ///   - forcing: the codec to use wherever it can represent a block; for tests.
  package mutating func seal(machineMarks: [UInt8] = [], forcing: Encoding? = nil) -> Segment {
    let segment = SegmentBuilder.segment(
      of: rows.elements, machineMarks: machineMarks, forcing: forcing)
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
    of rows: UnsafeBufferPointer<EventRow>, machineMarks: [UInt8], forcing: Encoding?
  ) -> Segment {
    let order = order(of: rows, machineMarks)
    var transposition = RowTransposition(forcing: forcing)
    return Segment(rowCount: rows.count, columns: transposition.columns(of: rows, in: order))
  }

  /// Row indices in the order of segments.
  private static func order(
    of rows: UnsafeBufferPointer<EventRow>, _ machineMarks: [UInt8]
  ) -> [UInt32] {
    var earliest = Int64.max
    for row in rows { earliest = min(earliest, row.time) }
    let order = EventOrder(earliest: TimeBias.store(earliest), machineMarks: machineMarks)
    let keys = rows.map { row in
      order.ofPart(
        kind: row.stored(.kind), userAgent: row.stored(.userAgent), flags: row.stored(.flags))
        | order.ofTime(row.stored(.time))
    }
    return RadixSort.order(of: keys)
  }
}
