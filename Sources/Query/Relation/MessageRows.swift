// The columns of a block of messages: dimensions by message ordinal, and what became of them.
//
// SAFETY: blocks start at a multiple of Limits.blockRowCount and end at the last message.

internal import Base
internal import Columnar

final class MessageRows: OrdinalRows {
  private let context: ShardContext
  private let facts: MessageFacts
  private var slots = ColumnSlots()
  private(set) var rows = 0..<0

  /// - Parameter passing: the messages that are asked for; nil for all. Of others, some facts are not known.
  init(_ context: ShardContext, passing: MessageGroups? = nil) {
    self.context = context
    facts = MessageFacts(context, passing: passing)
  }

  /// Goes on to the messages with these ordinals.
  func show(_ rows: Range<Int>) {
    self.rows = rows
    slots.invalidate()
  }

  func slot(_ key: ColumnKey) -> ColumnSlot { slots.slot(key) { make(key) } }

  private func make(_ key: ColumnKey) -> ColumnSlot {
    switch key {
    case .dimension(let dimension):
      let reader = DimensionReader(dimension, context)
      return ColumnSlot(reader.vector) { [unowned self] in
        context.withCodes(dimension, of: rows) { reader.read($0, rows.count) }
      }
    case .fact(let fact):
      let vector = Vector(fact.type, pool: facts.pool(fact))
      return ColumnSlot(vector) { [unowned self] in
        facts.column(fact).fill(vector, rows)
      }
    case .value, .frame: preconditionFailure("messages have no \(key)")
    }
  }
}
