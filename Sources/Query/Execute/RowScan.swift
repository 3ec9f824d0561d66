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
  private let filters: [Evaluator]
  /// WHERE's predicates, told apart by what they look at.
  private let scan: ScanPlan
  /// The messages whose events pass; nil when all do.
  private let passing: MessageGroups?

  /// - Parameter profiles: what they say of the plan, where they are known.
  init(_ plan: RowPlan, _ context: ShardContext, _ profiles: PlanProfiles? = nil) {
    self.plan = plan
    self.context = context
    let scan = ScanPlan(
      keys: [], conditions: plan.conditions, quantities: [], listsAllGroups: false)
    self.scan = scan
    passing = RowScan.passing(plan, scan, context)
    var filters = plan.filters
    switch plan.source {
    case .events: source = EventRows(context, EventBlock())
    case .messages:
      let pick = MessagePick(plan, context, profiles)
      source = MessageRows(context, pick.list)
      filters = pick.filters
    case .recipients, .campaigns, .links: source = EntityRows(context, plan.source)
    }
    let source = source
    self.filters = filters.map { context.query.evaluator($0, source) }
  }

  private static func passing(
    _ plan: RowPlan, _ scan: ScanPlan, _ context: ShardContext
  ) -> MessageGroups? {
    guard plan.source == .events, !scan.messageConditions.isEmpty, context.person == nil else {
      return nil
    }
    let ofRecipient = plan.prunes ? MessageGroups(ofRecipientIn: scan, context) : nil
    return ofRecipient ?? MessageGroups(scan, context)
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
    case let messages as MessageRows:
      context.query.forEachBlock(of: messages.count) { range in
        messages.show(range)
        select(range, body)
      }
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
      if !selection.isEmpty { body(block.count, selection.rows) }
    }
  }

  /// Hands over the rows of a range that pass, unless there are none.
  private func select(_ range: Range<Int>, _ body: (Int, UnsafeBufferPointer<UInt32>) -> Void) {
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: Limits.blockRowCount) { rows in
      withUnsafeTemporaryAllocation(of: UInt32.self, capacity: Limits.blockRowCount) { groups in
        var selection = Selection(rows: rows, groups: groups)
        selection.startWhole(range.count)
        keepFiltered(range.count, &selection)
        if !selection.isEmpty { body(range.count, selection.rows) }
      }
    }
  }

  private func keepFiltered(_ rowCount: Int, _ selection: inout Selection) {
    for filter in filters where !selection.isEmpty {
      let truths = filter.run(rowCount)
      selection.keep { truths.isTrue($0) }
    }
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
      guard let wanted else { return context.query.addRows(rows.count) }
      if frame.rowCount - wanted > max(wanted, RowScan.spareRowCount) { cut(&frame, wanted) }
      context.query.checkRows(min(frame.rowCount, wanted))
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
    var grouping = RowGrouping(keys, aggregates, source, context)
    forEachBlock { rowCount, rows in grouping.add(rowCount, rows) }
    return grouping.store
  }
}
