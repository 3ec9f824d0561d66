// Some rows of a shard's open part, lent to a reader. Rows are written once, so they may be read while more are added
// behind them.
//
// SAFETY: the run holds on to its buffer, and its range lies below the count at the time it was lent.

package import Base

package struct RowRun: Sendable {
  private let rows: StableBuffer<EventRow>
  private let range: Range<Int>

  init(rows: StableBuffer<EventRow>, range: Range<Int>) {
    self.rows = rows
    self.range = range
  }

  package var count: Int { range.count }

  /// Whether one of them is of a kind.
  package func contains(_ kind: EventKind) -> Bool {
    withRows { $0.contains { $0.kind == kind.rawValue } }
  }

  /// The rows from `start` on.
  package func suffix(from start: Int) -> RowRun {
    RowRun(rows: rows, range: range.lowerBound + start..<range.upperBound)
  }

  /// A segment of the rows.
  ///
  /// - Parameter machineMarks: by user-agent code, 1 for a machine; codes beyond are people's.
  package func segment(machineMarks: [UInt8] = [], forcing: Encoding?) -> Segment {
    withRows { SegmentBuilder.segment(of: $0, machineMarks: machineMarks, forcing: forcing) }
  }

  func withRows<Result>(_ body: (UnsafeBufferPointer<EventRow>) -> Result) -> Result {
    withExtendedLifetime(rows) {
      body(UnsafeBufferPointer(start: rows.base + range.lowerBound, count: range.count))
    }
  }
}
