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
  private let block = EventBlock()

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
    blockFilter = prunes ? .all(self.conditions.map { BlockFilter($0, context.query) }) : .unknown
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
    for segment in context.shard.segments {
      let before = counts.readBlocks
      for kind in kinds {
        forEachRange(segment, kind) { rows in
          block.show(segment, rows: rows, kind: kind)
          let isRead = blockFilter.mayMatch(block)
          counts.add(
            BlockCounts(
              blocks: 1, readBlocks: isRead ? 1 : 0, rows: rows.count,
              readRows: isRead ? rows.count : 0))
        }
      }
      counts.segments += 1
      counts.readSegments += counts.readBlocks > before ? 1 : 0
    }
    return counts
  }

  /// Hands over every block that may hold events that count, until the query must stop.
  func forEachBlock(_ body: (EventBlock) -> Void) {
    if messages?.isEmpty ?? false { return }
    // Segment after segment, so that a cold one is read once.
    for segment in context.shard.segments {
      for kind in kinds { forEachBlock(of: kind, in: segment, body) }
    }
  }

  func forEachBlock(of kind: EventKind, _ body: (EventBlock) -> Void) {
    if messages?.isEmpty ?? false { return }
    for segment in context.shard.segments { forEachBlock(of: kind, in: segment, body) }
  }

  private func forEachBlock(of kind: EventKind, in segment: Segment, _ body: (EventBlock) -> Void) {
    forEachRange(segment, kind) { rows in
      block.show(segment, rows: rows, kind: kind)
      if blockFilter.mayMatch(block) { body(block) }
    }
  }

  /// Hands over the rows of a kind, cut where a block of the segment ends.
  private func forEachRange(_ segment: Segment, _ kind: EventKind, _ body: (Range<Int>) -> Void) {
    let rows = segment.rows(ofKind: kind.rawValue)
    var start = rows.lowerBound
    while start < rows.upperBound, !context.query.mustStop {
      let blockEnd = (start / Limits.blockRowCount + 1) * Limits.blockRowCount
      let end = min(rows.upperBound, blockEnd)
      body(start..<end)
      start = end
    }
  }

  /// Hands over the rows of a block that count, unless there are none.
  func withSelection(_ block: EventBlock, _ body: (inout Selection) -> Void) {
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: Limits.blockRowCount) { rows in
      withUnsafeTemporaryAllocation(of: UInt32.self, capacity: Limits.blockRowCount) { groups in
        var selection = Selection(rows: rows, groups: groups)
        if let messages {
          selection.start(block, messages)
        } else {
          selection.startWhole(block.count)
        }
        keepAudience(block, &selection)
        keepConditions(block, &selection)
        if !selection.isEmpty { body(&selection) }
      }
    }
  }

  /// Drops opens and clicks that do not exist under the audience.
  private func keepAudience(_ block: EventBlock, _ selection: inout Selection) {
    let audience = context.query.settings.audience
    guard audience != .all, block.kind == .opened || block.kind == .clicked else { return }
    let wantsMachine = audience == .machine
    let agents = block.codes(.userAgent)
    let flags = block.codes(.flags)
    context.query.machineClasses.withUnsafeBufferPointer { classes in
      selection.keep { row in
        let isMachine =
          classes[Int(agents[row])] != MachineClass.human.rawValue
          || flags[row] & UInt32(EventFlags.head) != 0
        return isMachine == wantsMachine
      }
    }
  }

  private func keepConditions(_ block: EventBlock, _ selection: inout Selection) {
    for condition in conditions where !selection.isEmpty {
      withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Limits.blockRowCount) { truths in
        condition.fill(truths, block, context)
        selection.keep { truths[$0] == Truth.yes.rawValue }
      }
    }
  }
}
