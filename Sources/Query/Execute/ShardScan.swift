// One pass over one shard: which messages pass and into which group each falls, then block after block of events,
// and at the end the distinct counts. Flat plans (no event key, no event condition) keep one bit per message for each
// distinct count; the others keep (group, member) pairs.
//
// SAFETY: group numbers are below the count of the last index, for which every array was grown before it is used.

internal import Base
internal import Columnar

struct ShardScan {
  private let plan: ScanPlan
  private let context: ShardContext
  private let settings: QuerySettings
  /// The group of each message, or `noGroup` for those that do not pass.
  private let messageGroups: [UInt32]
  private let messageIndices: [GroupIndex]
  private var eventIndices: [GroupIndex]
  private let conditions: [CompiledPredicate]
  private var quantities: [[Int64]]
  private var isSeen: [Bool] = []
  private var messageBits: [Quantity: Bitmap] = [:]
  private var messagePairs: [Quantity: DistinctPairs] = [:]
  private var recipientPairs: [Quantity: DistinctPairs] = [:]
  private let recipientOfMessage: [UInt32]

  private static let noGroup = UInt32.max

  init(_ plan: ScanPlan, _ context: ShardContext) {
    self.plan = plan
    self.context = context
    settings = context.query.settings
    let (groups, indices) = ShardScan.groupMessages(plan, context)
    (messageGroups, messageIndices) = (groups, indices)
    eventIndices = plan.eventKeys.enumerated().map { level, key in
      GroupIndex(
        parentCount: level == 0 ? indices.last?.count ?? 1 : nil,
        codeCount: context.query.codeCount(key, context.shard))
    }
    conditions = plan.eventConditions.map { CompiledPredicate($0, context) }
    quantities = Quantity.allCases.map { _ in [] }
    let wantsRecipients = !plan.quantities.isDisjoint(with: [.recipients, .openers, .clickers])
    recipientOfMessage = wantsRecipients ? context.shard[.recipient].decodedCodes() : []
    grow()
  }

  /// Runs the pass.
  mutating func run() -> GroupTable {
    let block = EventBlock()
    countStates(block)
    for kind in EventKind.allCases where isScanned(kind) { scan(kind, block) }
    listRemainingGroups(block)
    finishDistinct()
    return table()
  }

  // MARK: Messages

  private static func groupMessages(
    _ plan: ScanPlan, _ context: ShardContext
  ) -> (groups: [UInt32], indices: [GroupIndex]) {
    var groups = [UInt32](repeating: 0, count: context.messageCount)
    for condition in plan.messageConditions {
      let truths = CompiledPredicate(condition, context).messages(context)
      for message in groups.indices where truths[message] != Truth.yes.rawValue {
        groups[message] = noGroup
      }
    }
    var indices: [GroupIndex] = []
    for key in plan.messageKeys {
      var index = GroupIndex(
        parentCount: indices.last?.count ?? 1,
        codeCount: context.query.codeCount(key, context.shard))
      let codes = context.codes(key)
      for message in groups.indices where groups[message] != noGroup {
        groups[message] = index.number(groups[message], codes[message])
      }
      indices.append(index)
    }
    return (groups, indices)
  }

  // MARK: States

  /// The quantities that message states make, and the groups they make.
  private mutating func countStates(_ block: EventBlock) {
    if plan.isFlat {
      countFlatStates()
      return
    }
    for state in StateKind.allCases where isCounted(state) {
      var first = 0
      while first < context.messageCount {
        let end = min(first + Limits.blockRowCount, context.messageCount)
        block.show(context.states, state, messages: first..<end)
        add(block, state: state)
        first = end
      }
    }
  }

  private func isCounted(_ state: StateKind) -> Bool {
    let counted: Set<Quantity> =
      switch state {
      case .sent: [.sent, .recipients]
      case .delivered: [.delivered, .recipients]
      case .bounced: [.bounced, .hardBounced, .softBounced, .blockBounced, .recipients]
      }
    return !plan.quantities.isDisjoint(with: counted)
  }

  private mutating func countFlatStates() {
    let states = context.shard[.state].decodedCodes()
    let counted = ShardScan.stateQuantities.filter { plan.quantities.contains($0.quantity) }
    let wantsRecipients = plan.quantities.contains(.recipients)
    let inSomeState = MessageState.sent | MessageState.delivered | MessageState.bounced
    for message in states.indices where messageGroups[message] != ShardScan.noGroup {
      let state = states[message]
      guard state & inSomeState != 0 else { continue }
      let group = Int(messageGroups[message])
      isSeen[group] = true
      for (quantity, mask, value) in counted where state & mask == value {
        quantities[quantity.rawValue][group] &+= 1
      }
      if wantsRecipients {
        recipientPairs[.recipients, default: DistinctPairs()]
          .insert(UInt32(group), recipientOfMessage[message])
      }
    }
  }

  /// Which bits of a message's state count for which quantity.
  private static let stateQuantities: [(quantity: Quantity, mask: UInt32, value: UInt32)] = {
    let sent = MessageState.sent
    let delivered = MessageState.delivered
    let untracked = MessageState.untracked
    let bounced = MessageState.bounced
    let classes: [(Quantity, BounceClass)] = [
      (.hardBounced, .hard), (.softBounced, .soft), (.blockBounced, .block),
    ]
    return [
      (.sent, sent, sent), (.delivered, delivered, delivered), (.bounced, bounced, bounced),
      (.sentTracked, sent | untracked, sent), (.deliveredTracked, delivered | untracked, delivered),
    ]
      + classes.map { quantity, bounceClass in
        let shifted = MessageState.classShift
        return (
          quantity, bounced | 7 << shifted, bounced | UInt32(bounceClass.rawValue) << shifted
        )
      }
  }()

  private mutating func add(_ block: EventBlock, state: StateKind) {
    let times = block.words(.time)
    withSelection(block, where: { times[$0] != 0 }) { scan, rows, groups in
      let classes = state == .bounced ? block.codes(.bounceClass) : nil
      for index in rows.indices {
        let row = Int(rows[index])
        scan.addState(state, classes?[row], Int(groups[index]), block.codes(.message)[row])
      }
    }
  }

  private mutating func addState(
    _ state: StateKind, _ bounceClass: UInt32?, _ group: Int, _ message: UInt32
  ) {
    isSeen[group] = true
    switch state {
    case .sent: count(.sent, group)
    case .delivered: count(.delivered, group)
    case .bounced:
      count(.bounced, group)
      switch bounceClass.flatMap({ BounceClass(rawValue: UInt8($0)) }) {
      case .hard: count(.hardBounced, group)
      case .soft: count(.softBounced, group)
      case .block: count(.blockBounced, group)
      default: break
      }
    }
    if plan.quantities.contains(.recipients) {
      recipientPairs[.recipients, default: DistinctPairs()]
        .insert(UInt32(group), recipientOfMessage[Int(message)])
    }
  }

  private mutating func count(_ quantity: Quantity, _ group: Int) {
    if plan.quantities.contains(quantity) { quantities[quantity.rawValue][group] &+= 1 }
  }

  // MARK: Events

  private func isScanned(_ kind: EventKind) -> Bool {
    !plan.contribution(of: kind, settings).isEmpty
  }

  private mutating func scan(_ kind: EventKind, _ block: EventBlock) {
    let contribution = plan.contribution(of: kind, settings)
    forEachBlock(of: kind, block) { scan in
      scan.withSelection(block, where: { _ in true }) { scan, rows, groups in
        scan.add(block, rows, groups, contribution)
      }
    }
  }

  private mutating func forEachBlock(
    of kind: EventKind, _ block: EventBlock, _ body: (inout ShardScan) -> Void
  ) {
    for segment in context.shard.segments {
      let rows = segment.rows(ofKind: kind.rawValue)
      var start = rows.lowerBound
      while start < rows.upperBound {
        let blockEnd = (start / Limits.blockRowCount + 1) * Limits.blockRowCount
        let end = min(rows.upperBound, blockEnd)
        block.show(segment, rows: start..<end, kind: kind)
        body(&self)
        start = end
      }
    }
  }

  /// Hands `body` the rows of `block` that count, and the group of each.
  private mutating func withSelection(
    _ block: EventBlock, where isIncluded: (Int) -> Bool,
    _ body: (inout ShardScan, UnsafeBufferPointer<UInt32>, UnsafeBufferPointer<UInt32>) -> Void
  ) {
    let capacity = Limits.blockRowCount
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: capacity) { rows in
      withUnsafeTemporaryAllocation(of: UInt32.self, capacity: capacity) { groups in
        let count = select(block, isIncluded, rows, groups)
        guard count > 0 else { return }
        body(
          &self, UnsafeBufferPointer(rebasing: rows[..<count]),
          UnsafeBufferPointer(rebasing: groups[..<count]))
      }
    }
  }

  private mutating func select(
    _ block: EventBlock, _ isIncluded: (Int) -> Bool,
    _ rows: UnsafeMutableBufferPointer<UInt32>, _ groups: UnsafeMutableBufferPointer<UInt32>
  ) -> Int {
    var count = 0
    let messages = block.codes(.message)
    messageGroups.withUnsafeBufferPointer { messageGroups in
      for row in 0..<block.count {
        let group = messageGroups[Int(messages[row])]
        rows[count] = UInt32(row)
        groups[count] = group
        count &+= group != ShardScan.noGroup && isIncluded(row) ? 1 : 0
      }
    }
    count = keepAudience(block, rows, groups, count)
    count = keepConditions(block, rows, groups, count)
    refine(block, rows, groups, count)
    return count
  }

  /// Drops opens and clicks that do not exist under the audience.
  private func keepAudience(
    _ block: EventBlock, _ rows: UnsafeMutableBufferPointer<UInt32>,
    _ groups: UnsafeMutableBufferPointer<UInt32>, _ count: Int
  ) -> Int {
    guard settings.audience != .all, block.kind == .opened || block.kind == .clicked else {
      return count
    }
    let wantsMachine = settings.audience == .machine
    let agents = block.codes(.userAgent)
    let flags = block.codes(.flags)
    return context.query.machineClasses.withUnsafeBufferPointer { classes in
      ShardScan.keep(rows, groups, count) { row in
        let isMachine =
          classes[Int(agents[row])] != MachineClass.human.rawValue
          || flags[row] & UInt32(EventFlags.head) != 0
        return isMachine == wantsMachine
      }
    }
  }

  private func keepConditions(
    _ block: EventBlock, _ rows: UnsafeMutableBufferPointer<UInt32>,
    _ groups: UnsafeMutableBufferPointer<UInt32>, _ count: Int
  ) -> Int {
    var count = count
    for condition in conditions where count > 0 {
      withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Limits.blockRowCount) { truths in
        condition.fill(truths, block, context)
        count = ShardScan.keep(rows, groups, count) { truths[$0] == Truth.yes.rawValue }
      }
    }
    return count
  }

  @inline(__always)
  private static func keep(
    _ rows: UnsafeMutableBufferPointer<UInt32>, _ groups: UnsafeMutableBufferPointer<UInt32>,
    _ count: Int, _ isKept: (Int) -> Bool
  ) -> Int {
    var kept = 0
    for index in 0..<count {
      let row = rows[index]
      groups[kept] = groups[index]
      rows[kept] = row
      kept &+= isKept(Int(row)) ? 1 : 0
    }
    return kept
  }

  /// Refines the groups by the event keys.
  private mutating func refine(
    _ block: EventBlock, _ rows: UnsafeMutableBufferPointer<UInt32>,
    _ groups: UnsafeMutableBufferPointer<UInt32>, _ count: Int
  ) {
    guard count > 0, !plan.eventKeys.isEmpty else { return }
    withUnsafeTemporaryAllocation(of: Code.self, capacity: Limits.blockRowCount) { codes in
      for level in plan.eventKeys.indices {
        context.fill(codes, plan.eventKeys[level], of: block)
        for index in 0..<count {
          groups[index] = eventIndices[level].number(groups[index], codes[Int(rows[index])])
        }
      }
    }
    grow()
  }

  private mutating func add(
    _ block: EventBlock, _ rows: UnsafeBufferPointer<UInt32>,
    _ groups: UnsafeBufferPointer<UInt32>, _ contribution: ScanPlan.Contribution
  ) {
    for group in groups { isSeen[Int(group)] = true }
    if let events = contribution.events {
      for group in groups { quantities[events.rawValue][Int(group)] &+= 1 }
    }
    if contribution.hasRevenue { addRevenue(block, rows, groups) }
    let messages = block.codes(.message)
    for quantity in contribution.messages {
      addMessages(quantity, messages, rows, groups)
    }
    for quantity in contribution.recipients {
      for index in rows.indices {
        recipientPairs[quantity, default: DistinctPairs()]
          .insert(groups[index], recipientOfMessage[Int(messages[Int(rows[index])])])
      }
    }
  }

  private mutating func addMessages(
    _ quantity: Quantity, _ messages: UnsafePointer<UInt32>, _ rows: UnsafeBufferPointer<UInt32>,
    _ groups: UnsafeBufferPointer<UInt32>
  ) {
    if plan.eventKeys.isEmpty {
      let count = context.messageCount
      for index in rows.indices {
        messageBits[quantity, default: Bitmap(count: count)].insert(Int(messages[Int(rows[index])]))
      }
      return
    }
    for index in rows.indices {
      messagePairs[quantity, default: DistinctPairs()]
        .insert(groups[index], messages[Int(rows[index])])
    }
  }

  private mutating func addRevenue(
    _ block: EventBlock, _ rows: UnsafeBufferPointer<UInt32>, _ groups: UnsafeBufferPointer<UInt32>
  ) {
    if block.constant(.value) == 0 { return }
    let values = block.words(.value)
    for index in rows.indices {
      let stored = values[Int(rows[index])]
      guard stored != 0 else { continue }
      quantities[Quantity.revenue.rawValue][Int(groups[index])] &+= ValueCode.load(stored)
      quantities[Quantity.valued.rawValue][Int(groups[index])] &+= 1
    }
  }

  // MARK: Groups

  /// Groups that only events of other kinds make. Without event keys and conditions most groups are known from
  /// states, and nothing is left to do.
  private mutating func listRemainingGroups(_ block: EventBlock) {
    guard plan.listsAllGroups, !isComplete else { return }
    for kind in EventKind.allCases where !isScanned(kind) {
      forEachBlock(of: kind, block) { scan in
        scan.withSelection(block, where: { _ in true }) { scan, _, groups in
          for group in groups { scan.isSeen[Int(group)] = true }
        }
      }
    }
  }

  private var isComplete: Bool {
    plan.keys.isEmpty || plan.isFlat && isSeen.allSatisfy { $0 }
  }

  private var groupCount: Int {
    plan.eventKeys.isEmpty ? messageIndices.last?.count ?? 1 : eventIndices[eventIndices.count - 1].count
  }

  /// Makes room for groups that are new.
  private mutating func grow() {
    let missing = groupCount - isSeen.count
    guard missing > 0 else { return }
    isSeen.append(contentsOf: repeatElement(false, count: missing))
    for quantity in plan.quantities {
      quantities[quantity.rawValue].append(contentsOf: repeatElement(0, count: missing))
    }
  }

  private mutating func finishDistinct() {
    for (quantity, bits) in messageBits {
      bits.forEach { quantities[quantity.rawValue][Int(messageGroups[$0])] &+= 1 }
    }
    for (quantity, pairs) in messagePairs {
      pairs.count(into: &quantities[quantity.rawValue], memberCount: context.messageCount)
    }
    for (quantity, pairs) in recipientPairs {
      pairs.count(
        into: &quantities[quantity.rawValue], memberCount: context.shard.recipients.count)
    }
  }

  /// The groups that were seen, with their keys.
  private func table() -> GroupTable {
    var table = GroupTable(keyCount: plan.keys.count)
    for group in isSeen.indices where isSeen[group] || plan.keys.isEmpty || !plan.listsAllGroups {
      table.count += 1
      appendKey(UInt32(group), to: &table)
      for quantity in plan.quantities {
        table.quantities[quantity.rawValue].append(quantities[quantity.rawValue][group])
      }
    }
    return table
  }

  private func appendKey(_ group: UInt32, to table: inout GroupTable) {
    var group = group
    for level in stride(from: plan.keys.count - 1, through: 0, by: -1) {
      let messageLevels = messageIndices.count
      let index = level >= messageLevels ? eventIndices[level - messageLevels] : messageIndices[level]
      table.codes[level].append(index.codes[Int(group)])
      group = index.parents[Int(group)]
    }
  }
}
