// The columns of the events of one block.
//
// SAFETY: a slot's scratch holds Limits.blockRowCount codes, and no block has more rows.

internal import Base
internal import Columnar

final class EventRows: RowSource {
  private let context: ShardContext
  private var slots = ColumnSlots()
  private var block: EventBlock

  init(_ context: ShardContext, _ block: EventBlock) {
    self.context = context
    self.block = block
  }

  /// Goes on to what the block shows now.
  func show(_ block: EventBlock) {
    self.block = block
    slots.invalidate()
  }

  func appendPlaces(of rows: UnsafeBufferPointer<UInt32>, to column: inout FrameColumn) {
    let start = RowPlace(block.segmentIndex) << 32
    for row in rows {
      column.append(start | RowPlace(block.segmentRow(Int(row))), isNull: false)
    }
  }

  func show(_ places: ArraySlice<RowPlace>) -> Int {
    guard let first = places.first else { return 0 }
    let index = Int(first >> 32)
    let segment = context.shard.segments[index]
    let (kind, rows) = segment.run(around: Int(UInt32(truncatingIfNeeded: first)))
    let start = (first >> 32) << 32 | RowPlace(rows.lowerBound)
    let end = start + RowPlace(rows.count)
    let picked = places.prefix { first <= $0 && $0 < end }.map { UInt32($0 - start) }
    block.show(segment, index, rows: rows, kind: kind, .all)
    picked.withUnsafeBufferPointer { block.keep($0) }
    slots.invalidate()
    return picked.count
  }

  func slot(_ key: ColumnKey) -> ColumnSlot { slots.slot(key) { make(key) } }

  private func make(_ key: ColumnKey) -> ColumnSlot {
    switch key {
    case .dimension(let dimension):
      let reader = DimensionReader(dimension, context)
      return ColumnSlot(reader.vector) { [unowned self] in
        withUnsafeTemporaryAllocation(of: Code.self, capacity: block.count) { codes in
          guard let base = codes.baseAddress else { return }
          context.fill(codes, dimension, of: block)
          reader.read(base, block.count)
        }
      }
    case .value:
      let vector = Vector(.decimal)
      return ColumnSlot(vector) { [unowned self] in
        let stored = block.words(.value)
        for row in 0..<block.count {
          vector.set(row, stored[row] == 0 ? nil : Cell.word(ValueCode.load(stored[row])))
        }
      }
    case .fact, .frame: preconditionFailure("events have no \(key)")
    }
  }
}

extension Segment {
  /// The rows of one kind and one block among which a row is.
  fileprivate func run(around row: Int) -> (kind: EventKind, rows: Range<Int>) {
    let start = row / Limits.blockRowCount * Limits.blockRowCount
    for kind in EventKind.allCases {
      let rows = rows(ofKind: kind.rawValue)
      if rows.contains(row) {
        return (kind, rows.clamped(to: start..<start + Limits.blockRowCount))
      }
    }
    preconditionFailure("a row of no kind")
  }
}
