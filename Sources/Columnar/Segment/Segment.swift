// An immutable run of one shard's events, column by column, in the order of `EventOrder`. What columns are made of,
// block by block, is always in memory; their payloads may be left on disk, and are then read whenever they are asked
// for.

internal import Synchronization

package final class Segment: Sendable {
  package let rowCount: Int
  /// By column: what decodes each block, and its zone map. Columns that hold the same everywhere, which most of a
  /// segment's columns do, share theirs.
  private let headers: [[EncodedBlock]]
  /// By column: whether an earlier one has its headers.
  private let isShared: [Bool]
  /// Where each kind's rows start; one entry per raw kind value and one behind the last.
  private let kindStarts: [Int]
  private let residence: Mutex<Residence>

  /// Where the payloads are.
  private enum Residence: Sendable {
    case warm([EncodedColumn])
    case cold(any SegmentSource)
  }

  /// - Parameter columns: one per EventColumn, in raw-value order, each with `rowCount` rows; kinds ascending.
  package init(rowCount: Int, columns: [EncodedColumn]) {
    precondition(columns.count == EventColumn.allCases.count)
    self.rowCount = rowCount
    let (columns, isShared) = Segment.packed(columns)
    self.isShared = isShared
    headers = columns.map(\.blocks)
    kindStarts = Segment.kindStarts(columns[Int(EventColumn.kind.rawValue)])
    residence = Mutex(.warm(columns))
  }

  /// The columns in one piece of memory, and which of them are an earlier one.
  private static func packed(_ columns: [EncodedColumn]) -> ([EncodedColumn], [Bool]) {
    var distinct: [EncodedColumn] = []
    let places = columns.map { column in
      if let known = distinct.firstIndex(where: { $0.isSameConstant(as: column) }) { return known }
      distinct.append(column)
      return distinct.count - 1
    }
    let gathered = EncodedColumn.gathered(distinct)
    let isShared = places.indices.map { places[..<$0].contains(places[$0]) }
    return (places.map { gathered[$0] }, isShared)
  }

  /// A column with its payload, which is read from disk when the segment is cold; whoever needs it for several blocks
  /// holds on to it.
  ///
  /// Of a column that cannot be read the source takes note, and what is returned has the smallest value of each block
  /// in all of its rows: safe to work with, but nothing to believe.
  package subscript(column: EventColumn) -> EncodedColumn {
    switch residence.withLock({ $0 }) {
    case .warm(let columns): columns[Int(column.rawValue)]
    case .cold(let source):
      if blocks(column).areConstant {
        standIn(column)
      } else {
        source.load(column, like: blocks(column)) ?? standIn(column)
      }
    }
  }

  /// What decodes each block of a column, and its zone map; never reads from disk.
  package func blocks(_ column: EventColumn) -> [EncodedBlock] { headers[Int(column.rawValue)] }

  /// How many blocks each column has, and how many rows a block.
  package var blockCount: Int { headers[0].count }

  package func blockRowCount(_ block: Int) -> Int {
    min(Limits.blockRowCount, rowCount - block * Limits.blockRowCount)
  }

  /// The rows of a kind, as a range of row numbers.
  package func rows(ofKind kind: UInt8) -> Range<Int> {
    kindStarts[Int(kind)]..<kindStarts[Int(kind) + 1]
  }

  // MARK: Memory

  /// Whether payloads are on disk only.
  package var isCold: Bool {
    residence.withLock { if case .cold = $0 { true } else { false } }
  }

  /// Gives up the payloads: from now on they are read from `source`. Whoever holds a column keeps it.
  package func cool(_ source: any SegmentSource) {
    // Freed behind the lock: that may take a while, and readers need not wait for it.
    let before = residence.withLock { residence in
      defer { residence = .cold(source) }
      return residence
    }
    _ = consume before
  }

  /// Bytes that the segment occupies in memory now.
  package var byteCount: Int { headerByteCount + (isCold ? 0 : payloadByteCount) }

  /// Bytes that become free when the segment gives up its payloads.
  package var payloadByteCount: Int {
    EventColumn.allCases.reduce(EncodedColumn.slackByteCount) { $0 + payloadByteCount(of: $1) }
  }

  /// Bytes of a column when it is in memory.
  package func byteCount(of column: EventColumn) -> Int {
    payloadByteCount(of: column)
      + (isShared[Int(column.rawValue)] ? 0 : blockCount * MemoryLayout<EncodedBlock>.stride)
  }

  /// Bytes that are always in memory.
  package var headerByteCount: Int {
    isShared.count { !$0 } * blockCount * MemoryLayout<EncodedBlock>.stride
  }

  private func payloadByteCount(of column: EventColumn) -> Int {
    blocks(column).enumerated().reduce(0) {
      $0 + $1.element.payloadByteCount(rowCount: blockRowCount($1.offset))
    }
  }

  private func standIn(_ column: EventColumn) -> EncodedColumn {
    EncodedColumn(rowCount: rowCount, minimaOf: blocks(column))
  }

  // MARK: Kinds

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
