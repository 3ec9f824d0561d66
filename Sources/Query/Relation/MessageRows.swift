// The columns of a run of messages: dimensions, and what became of them.
//
// SAFETY: vectors and scratch have room for a block and the decoders' slack, and no run is longer than a block.

internal import Base
internal import Columnar

final class MessageRows: RowSource {
  private let context: ShardContext
  private let facts: MessageFacts
  /// Nil for all messages of the shard.
  let list: MessageList?
  private var slots = ColumnSlots()
  private var rows = 0..<0

  /// - Parameter list: the messages that are asked for; nil for all.
  init(_ context: ShardContext, _ list: MessageList? = nil) {
    self.context = context
    self.list = list
    facts = MessageFacts(context, list)
  }

  /// How many messages there are.
  var count: Int { list?.messages.count ?? context.messageCount }

  /// Goes on to the messages at these places.
  ///
  /// - Parameter rows: a block, or what is left of one.
  func show(_ rows: Range<Int>) {
    self.rows = rows
    slots.invalidate()
  }

  func appendPlaces(of rows: UnsafeBufferPointer<UInt32>, to column: inout FrameColumn) {
    for row in rows {
      let place = self.rows.lowerBound + Int(row)
      column.append(list.map { RowPlace($0.messages[place]) } ?? RowPlace(place), isNull: false)
    }
  }

  /// Goes on to messages of a list that has just these.
  func show(_ places: ArraySlice<RowPlace>) -> Int {
    let count = min(places.count, Limits.blockRowCount)
    show(places.startIndex..<places.startIndex + count)
    return count
  }

  func slot(_ key: ColumnKey) -> ColumnSlot { slots.slot(key) { make(key) } }

  private var run: MessageRun { MessageRun(places: rows, list: list) }

  private func make(_ key: ColumnKey) -> ColumnSlot {
    switch key {
    case .dimension(let dimension):
      let reader = DimensionReader(dimension, context)
      let codes = MessageCodes(dimension, context)
      return ColumnSlot(reader.vector) { [unowned self] in
        let capacity = Limits.blockRowCount + Limits.blockSlack
        withUnsafeTemporaryAllocation(of: Code.self, capacity: capacity) { scratch in
          guard let target = scratch.baseAddress else { return }
          codes.read(run, into: target)
          reader.read(target, rows.count)
        }
      }
    case .fact(let fact):
      let vector = Vector(fact.type, pool: facts.pool(fact))
      return ColumnSlot(vector) { [unowned self] in
        facts.column(fact).fill(vector, run)
      }
    case .value, .frame: preconditionFailure("messages have no \(key)")
    }
  }
}
