// Which events count: those of some kinds whose message passes, that exist under the audience, and for which all
// conditions are true. Blocks that cannot hold any are skipped.

internal import Base
internal import Columnar

final class EventFilter {
  private let context: ShardContext
  private let kinds: [EventKind]
  private let messages: MessageGroups?
  private let conditions: [CompiledPredicate]
  private let blockFilter: BlockFilter
  private let prunes: Bool
  /// By segment: the only rows to look at; nil for all.
  private var rows: [[UInt32]]?
  private let block = EventBlock()
  private let scratch = SelectionScratch()

  /// - Parameters:
  ///   - messages: the group of each message; nil when all pass and there is one group, 0.
  ///   - prunes: whether zone maps may skip blocks.
  init(
    _ context: ShardContext, kinds: [EventKind] = EventKind.allCases,
    messages: MessageGroups? = nil, conditions: [Predicate] = [], prunes: Bool = true
  ) {
    self.context = context
    self.kinds = kinds
    self.messages = messages
    self.conditions = conditions.map { CompiledPredicate($0, context) }
    self.prunes = prunes
    blockFilter = prunes ? .all(self.conditions.map { BlockFilter($0, context.query) }) : .unknown
  }

  /// Looks at the rows of one person alone.
  convenience init(_ context: ShardContext, of person: Person, _ plan: ScanPlan) {
    self.init(context, conditions: person.others(plan.messageConditions) + plan.eventConditions)
    rows = person.records.rows
  }

  /// How much the zone maps leave to look at.
  struct BlockCounts {
    var segments = 0, readSegments = 0
    var blocks = 0, readBlocks = 0
    var rows = 0, readRows = 0

    mutating func add(_ other: BlockCounts) {
      segments += other.segments
      readSegments += other.readSegments
      blocks += other.blocks
      readBlocks += other.readBlocks
      rows += other.rows
      readRows += other.readRows
    }
  }

  /// What would be handed over, for EXPLAIN.
  func blockCounts() -> BlockCounts {
    var counts = BlockCounts()
    for segment in context.shard.segments.indices {
      let before = counts.readBlocks
      for kind in kinds {
        forEachBlock(of: kind, in: segment) { isRead in
          let rowCount = block.count
          counts.add(
            BlockCounts(
              blocks: 1, readBlocks: isRead ? 1 : 0, rows: rowCount,
              readRows: isRead ? rowCount : 0))
        }
      }
      counts.segments += 1
      counts.readSegments += counts.readBlocks > before ? 1 : 0
    }
    return counts
  }

  /// Hands over every block that may hold events that count, until the query must stop.
  ///
  /// - Parameter latestFirst: whether segments, and the blocks of a kind in them, come from the last to the first.
  func forEachBlock(latestFirst: Bool = false, _ body: (EventBlock) -> Void) {
    if messages?.isEmpty ?? false { return }
    // Segment after segment, so that a cold one is read once.
    let count = context.shard.segments.count
    for index in 0..<count {
      let segment = latestFirst ? count - 1 - index : index
      for kind in kinds {
        forEachBlock(of: kind, in: segment, latestFirst: latestFirst) { isRead in
          if isRead { body(block) }
        }
      }
    }
  }

  func forEachBlock(of kind: EventKind, _ body: (EventBlock) -> Void) {
    if messages?.isEmpty ?? false { return }
    for segment in context.shard.segments.indices {
      forEachBlock(of: kind, in: segment) { isRead in if isRead { body(block) } }
    }
  }

  /// Shows every block of a kind, and says whether some of its rows may count.
  private func forEachBlock(
    of kind: EventKind, in index: Int, latestFirst: Bool = false, _ body: (Bool) -> Void
  ) {
    if let rows {
      return forEachBlock(of: kind, in: index, rows[index], latestFirst: latestFirst, body)
    }
    let segment = context.shard.segments[index]
    for part in 0..<2 {
      let (rows, existence) = context.rows(of: kind, in: index, latestFirst ? 1 - part : part)
      EventFilter.forEachRange(rows, latestFirst: latestFirst) { rows in
        if context.query.mustStop { return }
        block.show(segment, index, rows: rows, kind: kind, existence)
        body(existence != .none && mayMatch(block))
      }
    }
  }

  /// Shows those of the wanted rows that are of a kind.
  ///
  /// - Parameter wanted: rows of the segment.
  private func forEachBlock(
    of kind: EventKind, in index: Int, _ wanted: [UInt32], latestFirst: Bool,
    _ body: (Bool) -> Void
  ) {
    if wanted.isEmpty { return }
    let segment = context.shard.segments[index]
    if wanted.places(in: segment.rows(ofKind: kind.rawValue)).isEmpty { return }
    for part in 0..<2 {
      let (rows, existence) = context.rows(of: kind, in: index, latestFirst ? 1 - part : part)
      EventFilter.forEachPart(of: wanted[wanted.places(in: rows)], latestFirst: latestFirst) {
        if context.query.mustStop { return }
        block.show(segment, index, only: $0, kind: kind, existence)
        body(existence != .none && mayMatch(block))
      }
    }
  }

  /// Whether some row of the block may count.
  private func mayMatch(_ block: EventBlock) -> Bool {
    if prunes, let messages, let zone = block.zone(.message),
      !messages.mayPass(from: zone.minimum, through: zone.maximum)
    {
      return false
    }
    return blockFilter.mayMatch(block)
  }

  /// Cuts rows where a block of the segment ends.
  private static func forEachRange(
    _ rows: Range<Int>, latestFirst: Bool, _ body: (Range<Int>) -> Void
  ) {
    let blocks = rows.blocks
    for index in blocks {
      let block = latestFirst ? blocks.lowerBound + blocks.upperBound - 1 - index : index
      body(rows.rows(inBlock: block))
    }
  }

  /// Cuts rows that stand for themselves into as many as a block may show.
  private static func forEachPart(
    of rows: ArraySlice<UInt32>, latestFirst: Bool, _ body: (ArraySlice<UInt32>) -> Void
  ) {
    var rest = rows
    while !rest.isEmpty {
      let count = Limits.blockRowCount
      body(latestFirst ? rest.suffix(count) : rest.prefix(count))
      rest = latestFirst ? rest.dropLast(count) : rest.dropFirst(count)
    }
  }

  /// The truth of all conditions for the events of a kind, where nothing else decides it.
  func truth(ofKind kind: EventKind) -> Truth? {
    var truth = Truth.yes
    for condition in conditions {
      guard let found = condition.truth(ofKind: kind) else { return nil }
      truth = Truth(truth == .yes && found == .yes)
    }
    return truth
  }

  /// Hands over the rows of a block that count, unless there are none.
  func withSelection(_ block: EventBlock, _ body: (inout Selection) -> Void) {
    var selection = Selection(rows: scratch.rows, groups: scratch.groups)
    if let messages, !messages.isWhole {
      selection.start(block, messages)
    } else {
      selection.startUnwritten(block.count)
    }
    narrow(block, &selection)
    if block.existence == .some { keepAudience(block, &selection) }
    selection.write()
    narrow(block, &selection)
    keepConditions(block, &selection)
    narrow(block, &selection)
    if !selection.isEmpty { body(&selection) }
  }

  /// Leaves the rows that were dropped behind, once they are most; where no condition asks, once they are nearly all.
  private func narrow(_ block: EventBlock, _ selection: inout Selection) {
    let most = block.count / (conditions.isEmpty ? 16 : 2)
    guard !selection.isEmpty, selection.count < most else { return }
    block.keep(selection.rows)
    selection.renumber()
  }

  /// Drops opens and clicks that do not exist under the audience.
  private func keepAudience(_ block: EventBlock, _ selection: inout Selection) {
    // Marks are 1 for machines: flipped where people are wanted.
    let flip: UInt32 = context.query.settings.audience == .machine ? 0 : 1
    let agents = block.codes(.userAgent)
    context.query.machineMarks.withUnsafeBufferPointer { marks in
      // Most blocks have no HEAD at all: their flags need not be decoded.
      if block.zone(.flags)?.maximum == 0 {
        selection.keepMarked { row in Int(marks[Int(agents[row])] ^ flip) }
        return
      }
      let (flags, head) = (block.codes(.flags), UInt32(EventFlags.head))
      selection.keepMarked { row in
        Int((marks[Int(agents[row])] | flags[row] & head) ^ flip)
      }
    }
  }

  private func keepConditions(_ block: EventBlock, _ selection: inout Selection) {
    for condition in conditions where !selection.isEmpty {
      // A condition on the kind alone is the same for all rows of a block.
      if let truth = condition.truth(ofKind: block.kind) {
        if truth != .yes { selection.clear() }
        continue
      }
      withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Limits.blockRowCount) { truths in
        condition.fill(truths, block, context)
        selection.keep { truths[$0] == Truth.yes.rawValue }
      }
    }
  }
}

extension [UInt32] {
  /// Where the elements stand that lie in a range; they ascend.
  fileprivate func places(in range: Range<Int>) -> Range<Int> {
    firstIndex(notBelow: UInt32(range.lowerBound))..<firstIndex(notBelow: UInt32(range.upperBound))
  }
}
