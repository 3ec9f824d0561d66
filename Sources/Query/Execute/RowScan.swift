// Plain SQL over the rows of one shard: block after block, the rows that pass are listed or grouped.
//
// SAFETY: selections and group buffers hold Limits.blockRowCount entries, which no block exceeds.

internal import Base
internal import Columnar

/// What one shard found.
enum ShardRows: Sendable {
  case rows(Frame)
  case groups(GroupStore)
}

final class RowScan {
  private let plan: RowPlan
  private let context: ShardContext
  let source: any RowSource
  private let filter: Evaluator?
  /// WHERE's predicates, told apart by what they look at.
  private let scan: ScanPlan
  /// The messages that pass; nil when all do.
  private let passing: MessageGroups?

  init(_ plan: RowPlan, _ context: ShardContext) {
    self.plan = plan
    self.context = context
    let scan = ScanPlan(
      keys: [], conditions: plan.conditions, quantities: [], listsAllGroups: false)
    let hasMessages = plan.source == .events || plan.source == .messages
    let ofRecipient =
      plan.source == .events && plan.prunes && context.person == nil
      ? MessageGroups(ofRecipientIn: scan, context) : nil
    passing =
      hasMessages && !scan.messageConditions.isEmpty && context.person == nil
      ? ofRecipient ?? MessageGroups(scan, context) : nil
    self.scan = scan
    switch plan.source {
    case .events: source = EventRows(context, EventBlock())
    case .messages: source = MessageRows(context, passing: passing)
    case .recipients, .campaigns, .links: source = EntityRows(context, plan.source)
    }
    let source = source
    filter = plan.filter.map { context.query.evaluator($0, source) }
  }

  func run() -> ShardRows {
    switch plan.shape {
    case .listing: .rows(list())
    case .groups(let keys, let aggregates): .groups(group(keys, aggregates))
    }
  }

  // MARK: Rows

  /// Hands over the selected rows of each block, with the block's row count.
  ///
  /// - Parameters:
  ///   - latestFirst: whether blocks of events come from the last to the first.
  ///   - isWanted: whether to look at a block of events at all.
  func forEachBlock(
    latestFirst: Bool = false, where isWanted: (EventBlock) -> Bool = { _ in true },
    _ body: (_ rowCount: Int, UnsafeBufferPointer<UInt32>) -> Void
  ) {
    switch source {
    case let events as EventRows:
      let filter = eventFilter
      filter.forEachBlock(latestFirst: latestFirst) { block in
        if isWanted(block) { select(block, events, filter, body) }
      }
    case let messages as MessageRows: forEachMessageBlock(messages, body)
    case let entities as EntityRows:
      context.query.forEachBlock(of: entities.count) { range in
        entities.show(range)
        select(range, body)
      }
    default: preconditionFailure("a source of no table")
    }
  }

  private var eventFilter: EventFilter {
    context.person.map { EventFilter(context, of: $0, scan) }
      ?? EventFilter(
        context, messages: passing, conditions: scan.eventConditions, prunes: plan.prunes)
  }

  /// Hands over the rows of a block of events that pass, unless there are none.
  private func select(
    _ block: EventBlock, _ events: EventRows, _ filter: EventFilter,
    _ body: (Int, UnsafeBufferPointer<UInt32>) -> Void
  ) {
    filter.withSelection(block) { selection in
      events.show(block)
      keepFiltered(block.count, &selection)
      if !selection.isEmpty { body(block.count, selection.rows) }
    }
  }

  private func forEachMessageBlock(
    _ messages: MessageRows, _ body: (Int, UnsafeBufferPointer<UInt32>) -> Void
  ) {
    if passing?.isEmpty ?? false { return }
    context.query.forEachBlock(of: context.messageCount) { range in
      messages.show(range)
      select(range, body)
    }
  }

  /// Hands over the rows of a range that pass, unless there are none.
  private func select(_ range: Range<Int>, _ body: (Int, UnsafeBufferPointer<UInt32>) -> Void) {
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: Limits.blockRowCount) { rows in
      withUnsafeTemporaryAllocation(of: UInt32.self, capacity: Limits.blockRowCount) { groups in
        var selection = Selection(rows: rows, groups: groups)
        if let passing {
          selection.start(range, passing)
        } else {
          selection.startWhole(range.count)
        }
        if selection.isEmpty { return }
        keepFiltered(range.count, &selection)
        if !selection.isEmpty { body(range.count, selection.rows) }
      }
    }
  }

  private func keepFiltered(_ rowCount: Int, _ selection: inout Selection) {
    guard let filter else { return }
    let truths = filter.run(rowCount)
    selection.keep { truths.isTrue($0) }
  }

  // MARK: Listing

  /// The columns that are listed.
  var listed: [Evaluator] {
    guard case .listing(let terms) = plan.shape else { return [] }
    return terms.map { context.query.evaluator($0, source) }
  }

  /// Rows are cut to the wanted ones when they are this many more.
  private static let spareRowCount = 65_536

  private func list() -> Frame {
    let evaluators = listed
    var frame = Frame(
      columns: evaluators.map { FrameColumn($0.output.type, pool: $0.output.pool) })
    let wanted = plan.wantedRowCount
    forEachBlock { rowCount, rows in
      for (index, evaluator) in evaluators.enumerated() {
        frame.columns[index].append(evaluator.run(rowCount), rows: rows)
      }
      frame.rowCount += rows.count
      if let wanted, frame.rowCount - wanted > max(wanted, RowScan.spareRowCount) {
        cut(&frame, wanted)
      }
      context.query.checkRows(min(frame.rowCount, wanted ?? .max))
    }
    // What is left is cut here, too: all shards do it side by side, and it would be done for all of them by one thread.
    if let wanted, frame.rowCount > wanted { cut(&frame, wanted) }
    return frame
  }

  private func cut(_ frame: inout Frame, _ wanted: Int) {
    let order = plan.rowOrder(frame) { [context] in context.query.mustStop }
    frame = frame.keeping(order.first(wanted, of: Array(0..<frame.rowCount)))
  }

  // MARK: Grouping

  private func group(_ keys: [Term], _ aggregates: [Aggregate]) -> GroupStore {
    let keyEvaluators = keys.map { context.query.evaluator($0, source) }
    let arguments = aggregates.map { AggregateInput($0, context, source) }
    var store = GroupStore(
      keys: keyEvaluators.map(\.output),
      arguments.map { AggregateStore($0.aggregate, pool: $0.pool) },
      recipientsOf: keys.first?.isRecipient ?? false ? context : nil)
    forEachBlock { rowCount, rows in
      withUnsafeTemporaryAllocation(of: UInt32.self, capacity: Limits.blockRowCount) { buffer in
        let groups = UnsafeMutableBufferPointer(rebasing: buffer[..<rows.count])
        groups.initialize(repeating: 0)
        let vectors = keyEvaluators.map { $0.run(rowCount) }
        store.number(groups, vectors, rows)
        context.query.checkGroups(store.count)
        for (index, input) in arguments.enumerated() {
          store.withAggregate(index) {
            input.feed(&$0, rowCount, rows, UnsafeBufferPointer(groups))
          }
        }
      }
    }
    return store
  }
}

/// What an aggregate is fed with.
private struct AggregateInput {
  let aggregate: Aggregate
  private let argument: Evaluator?
  private let filter: Evaluator?

  init(_ aggregate: Aggregate, _ context: ShardContext, _ source: any ColumnSource) {
    self.aggregate = aggregate
    argument = aggregate.argument.map { context.query.evaluator($0, source) }
    filter = aggregate.filter.map { context.query.evaluator($0, source) }
  }

  var pool: TextPool { argument?.output.pool ?? .none }

  func feed(
    _ store: inout AggregateStore, _ rowCount: Int, _ rows: UnsafeBufferPointer<UInt32>,
    _ groups: UnsafeBufferPointer<UInt32>
  ) {
    let truths = filter?.run(rowCount)
    if aggregate.function == .count, !aggregate.isDistinct, argument != nil || truths != nil {
      return count(&store, argument?.run(rowCount), truths, rows, groups)
    }
    guard let values = argument?.run(rowCount) else {
      guard let truths else { return store.count(groups) }
      for index in rows.indices where truths.isTrue(Int(rows[index])) {
        store.add(Int(groups[index]), 0)
      }
      return
    }
    for index in rows.indices {
      let row = Int(rows[index])
      guard values.nulls[row] == 0, truths?.isTrue(row) ?? true else { continue }
      store.add(Int(groups[index]), values.words[row])
    }
  }

  /// Counts the rows that have a value and pass; without one, or the other, all do.
  private func count(
    _ store: inout AggregateStore, _ values: Vector?, _ truths: Vector?,
    _ rows: UnsafeBufferPointer<UInt32>, _ groups: UnsafeBufferPointer<UInt32>
  ) {
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: Limits.blockRowCount) { kept in
      var count = 0
      let (nulls, truthNulls, truthWords) = (values?.nulls, truths?.nulls, truths?.words)
      for index in rows.indices {
        let row = Int(rows[index])
        kept[count] = groups[index]
        let isNull = (nulls?[row] ?? 0) | (truthNulls?[row] ?? 0)
        let isTrue = truthWords?[row] ?? 1
        count &+= (isNull == 0 ? 1 : 0) & (isTrue != 0 ? 1 : 0)
      }
      store.count(UnsafeBufferPointer(rebasing: kept[..<count]))
    }
  }
}
