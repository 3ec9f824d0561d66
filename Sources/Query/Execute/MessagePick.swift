// Which messages of a shard a query goes through, and what is still to be asked of them. Conditions that columns of
// messages or profiles answer leave a list; what costs a look at events is asked of that alone.
//
// SAFETY: lists have ordinals below the message count; scratch holds Limits.blockRowCount of them.

internal import Base
internal import Columnar

struct MessagePick {
  /// Nil for all messages.
  private(set) var list: MessageList?
  /// The conditions that are still to be asked.
  private(set) var filters: [Term]
  private let context: ShardContext

  /// Of so few messages everything may be asked at once.
  private static let shortCount = 1024

  /// - Parameter profiles: what they say of the plan, where they are known.
  init(_ plan: RowPlan, _ context: ShardContext, _ profiles: PlanProfiles?) {
    self.context = context
    filters = plan.filters
    guard plan.prunes else { return }
    list = plan.messagesOfRecipient(in: context.shard)
    if list == nil, let passing = profiles?.messages(in: context) {
      list = passing
      filters.removeAll(where: \.isOfProfiles)
    }
    let zones = filters.compactMap { MessageZone($0, context) }
    let cheap = [ColumnCost.column, .recipient].flatMap { cost in
      filters.filter { $0.columnCost == cost }
    }
    for filter in cheap where (list?.messages.count ?? .max) > MessagePick.shortCount {
      list = passing(filter, zones)
      filters.removeAll { $0 == filter }
    }
  }

  /// The messages of the list for which a condition is true.
  private func passing(_ filter: Term, _ zones: [MessageZone]) -> MessageList {
    let rows = MessageRows(context, list)
    let evaluator = context.query.evaluator(filter, rows)
    var kept: [UInt32] = []
    context.query.forEachBlock(of: rows.count) { range in
      let block = range.lowerBound / Limits.blockRowCount
      if list == nil, !zones.allSatisfy({ $0.mayPass(block) }) { return }
      rows.show(range)
      append(range, where: evaluator.run(range.count), to: &kept)
    }
    return MessageList(kept, messageCount: context.messageCount)
  }

  private func append(_ range: Range<Int>, where truths: Vector, to kept: inout [UInt32]) {
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: Limits.blockRowCount) { scratch in
      var count = 0
      for row in 0..<range.count {
        scratch[count] = UInt32(truncatingIfNeeded: range.lowerBound &+ row)
        count &+= truths.isTrue(row) ? 1 : 0
      }
      let places = scratch[..<count]
      if let list {
        kept.append(contentsOf: places.lazy.map { list.messages[Int($0)] })
      } else {
        kept.append(contentsOf: places)
      }
    }
  }
}

/// What the columns of a condition cost to read.
private enum ColumnCost: Int {
  case column
  /// A recipient's number leads to its texts.
  case recipient
  /// A pass over events.
  case events
}

extension Term {
  fileprivate var columnCost: ColumnCost {
    columns.map(\.cost).max { $0.rawValue < $1.rawValue } ?? .column
  }
}

extension ColumnKey {
  fileprivate var cost: ColumnCost {
    switch self {
    case .dimension(.recipient), .dimension(.domain), .dimension(.recipientAttribute): .recipient
    case .dimension: .column
    case .fact(.opens), .fact(.clicks), .fact(.opened), .fact(.sentAt), .fact(.bounceClass): .column
    case .fact, .value, .frame: .events
    }
  }
}
