// An immutable run of one shard's events, column by column, sorted by (kind, time).

package final class Segment: Sendable {
  package let rowCount: Int
  private let columns: [EncodedColumn]
  /// Where each kind's rows start; one entry per raw kind value and one behind the last.
  private let kindStarts: [Int]

  /// - Parameter columns: one per EventColumn, in raw-value order, each with `rowCount` rows; kinds ascending.
  package init(rowCount: Int, columns: [EncodedColumn]) {
    precondition(columns.count == EventColumn.allCases.count)
    self.rowCount = rowCount
    self.columns = columns
    kindStarts = Segment.kindStarts(columns[Int(EventColumn.kind.rawValue)])
  }

  package subscript(column: EventColumn) -> EncodedColumn { columns[Int(column.rawValue)] }

  /// The rows of a kind, as a range of row numbers.
  package func rows(ofKind kind: UInt8) -> Range<Int> {
    kindStarts[Int(kind)]..<kindStarts[Int(kind) + 1]
  }

  /// Memory of all columns.
  package var byteCount: Int { columns.reduce(0) { $0 + $1.byteCount } }

  private static let kindCountMax = 16

  private static func kindStarts(_ column: EncodedColumn) -> [Int] {
    var starts = [Int](repeating: 0, count: kindCountMax + 1)
    var scratch = [UInt32](repeating: 0, count: Limits.blockRowCount + Limits.blockSlack)
    for block in column.blocks.indices {
      scratch.withUnsafeMutableBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        column.decode(block: block, into: base)
        for row in 0..<column.blockRowCount(block) {
          starts[min(Int(base[row]), kindCountMax - 1) + 1] += 1
        }
      }
    }
    for kind in 1...kindCountMax { starts[kind] += starts[kind - 1] }
    return starts
  }
}
