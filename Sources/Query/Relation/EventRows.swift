// The columns of the events of one block.
//
// SAFETY: a slot's scratch holds Limits.blockRowCount codes, and no block has more rows.

internal import Base
internal import Columnar

final class EventRows: ColumnSource {
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

  func slot(_ key: ColumnKey) -> ColumnSlot { slots.slot(key) { make(key) } }

  private func make(_ key: ColumnKey) -> ColumnSlot {
    switch key {
    case .dimension(let dimension):
      let reader = DimensionReader(dimension, context)
      return ColumnSlot(reader.vector) { [unowned self] in
        withUnsafeTemporaryAllocation(of: Code.self, capacity: Limits.blockRowCount) { codes in
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
