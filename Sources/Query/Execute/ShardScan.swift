// One pass over one shard: which messages pass and into which group each falls, then block after block of events,
// and at the end the distinct counts. Flat plans (no event key, no event condition) take message states from the
// table; the others look at states as events of their own.

internal import Base
internal import Columnar

struct ShardScan {
  private let plan: ScanPlan
  private let context: ShardContext
  private let settings: QuerySettings
  private let messages: MessageGroups
  private var eventIndices: [GroupIndex]
  private let filter: EventFilter
  private var tally: Tally
  private let recipientOfMessage: [UInt32]

  init(_ plan: ScanPlan, _ context: ShardContext) {
    self.plan = plan
    self.context = context
    settings = context.query.settings
    let messages = MessageGroups(plan, context)
    self.messages = messages
    eventIndices = plan.eventKeys.enumerated().map { level, key in
      GroupIndex(
        parentCount: level == 0 ? messages.count : nil,
        codeCount: context.query.codeCount(key, context.shard))
    }
    filter = EventFilter(
      context, messages: messages, conditions: plan.eventConditions, prunes: plan.prunes)
    tally = Tally(plan.quantities, messageCount: context.messageCount)
    let wantsRecipients = plan.quantities.contains(where: \.isOfRecipients)
    recipientOfMessage = wantsRecipients ? context.shard[.recipient].decodedCodes() : []
    tally.grow(to: groupCount)
  }

  /// Runs the pass.
  mutating func run() -> GroupTable {
    if !messages.isByRecipient { context.query.checkGroups(groupCount) }
    if messages.isEmpty { return table() }
    if plan.isFlat { countFlatStates() } else { countStates(EventBlock()) }
    for kind in EventKind.allCases where isScanned(kind) { scan(kind) }
    listRemainingGroups()
    tally.finish(
      messageGroups: messages.groups, recipientCount: context.shard.recipients.count)
    return table()
  }

  private var groupCount: Int { eventIndices.last?.count ?? messages.count }

  // MARK: States

  private mutating func countFlatStates() {
    let states = context.shard[.state].decodedCodes()
    for quantity in plan.quantities {
      guard let test = quantity.stateTest else { continue }
      tally.count(
        quantity, messages.groups, states: states, where: test, skipped: MessageGroups.none)
    }
    let wantsRecipients = tally.isWanted(.recipients)
    // The one group of a plan without keys is listed anyway.
    guard plan.listsAllGroups && !plan.keys.isEmpty || wantsRecipients else { return }
    let inSomeState = MessageState.sent | MessageState.delivered | MessageState.bounced
    for message in states.indices where states[message] & inSomeState != 0 {
      let group = messages.groups[message]
      guard group != MessageGroups.none else { continue }
      tally.see(group)
      if wantsRecipients { tally.insertPair(.recipients, group, recipientOfMessage[message]) }
    }
  }

  private mutating func countStates(_ block: EventBlock) {
    for state in StateKind.allCases where isCounted(state) {
      var next = 0
      while next < context.messageCount, !context.query.mustStop {
        next = block.show(
          context.states, state, from: next, messageCount: context.messageCount)
        withSelection(block) { scan, selection in scan.add(state, block, selection) }
      }
    }
  }

  private func isCounted(_ state: StateKind) -> Bool {
    state.quantities.contains(where: tally.isWanted) || tally.isWanted(.recipients)
  }

  private mutating func add(_ state: StateKind, _ block: EventBlock, _ selection: Selection) {
    tally.see(selection.groups)
    for quantity in state.quantities where tally.isWanted(quantity) {
      guard let bounceClass = quantity.bounceClass else {
        tally.count(quantity, selection.groups)
        continue
      }
      let classes = block.codes(.bounceClass)
      let (rows, groups) = (selection.rows, selection.groups)
      for index in rows.indices where classes[Int(rows[index])] == UInt32(bounceClass.rawValue) {
        tally.add(1, to: quantity, Int(groups[index]))
      }
    }
    if tally.isWanted(.recipients) { addRecipients(.recipients, block, selection) }
  }

  // MARK: Events

  private func isScanned(_ kind: EventKind) -> Bool {
    !plan.contribution(of: kind, settings).isEmpty
  }

  private mutating func scan(_ kind: EventKind) {
    let contribution = plan.contribution(of: kind, settings)
    let truth = filter.truth(ofKind: kind)
    if let truth, truth != .yes { return }
    if truth == .yes, plan.prunes, plan.eventKeys.isEmpty, !contribution.hasRevenue,
      let counts = context.engagements(kind)
    {
      return add(contribution, counts)
    }
    filter.forEachBlock(of: kind) { block in
      withSelection(block) { scan, selection in scan.add(contribution, block, selection) }
    }
  }

  /// Adds events that were counted by message.
  private mutating func add(_ contribution: ScanPlan.Contribution, _ counts: [UInt32]) {
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 3 * Limits.blockRowCount) { scratch in
      var engaged = EngagedMessages(scratch)
      context.query.forEachBlock(of: context.messageCount) { range in
        engaged.show(range, counts, messages)
        if plan.listsAllGroups { tally.see(engaged.groups) }
        if let events = contribution.events { tally.count(events, engaged.groups, engaged.counts) }
        for quantity in contribution.messages {
          if quantity == .uniqueOpens, settings.impliedOpens {
            tally.insertMessages(quantity, engaged.messages)
          } else {
            // One kind alone makes it so, and every message comes once.
            tally.count(quantity, engaged.groups)
          }
        }
        for quantity in contribution.recipients {
          tally.insertPairs(quantity, engaged.groups, engaged.messages) { recipientOfMessage[$0] }
        }
      }
    }
  }

  /// Hands `body` the rows of `block` that count, and the group of each, unless there are none.
  private mutating func withSelection(
    _ block: EventBlock, _ body: (inout ShardScan, Selection) -> Void
  ) {
    filter.withSelection(block) { selection in
      refine(block, &selection)
      body(&self, selection)
    }
  }

  /// Refines the groups by the event keys.
  private mutating func refine(_ block: EventBlock, _ selection: inout Selection) {
    guard !plan.eventKeys.isEmpty else { return }
    withUnsafeTemporaryAllocation(of: Code.self, capacity: Limits.blockRowCount) { codes in
      for level in plan.eventKeys.indices {
        context.fill(codes, plan.eventKeys[level], of: block)
        selection.refine(&eventIndices[level], by: codes)
      }
    }
    tally.grow(to: groupCount)
    context.query.checkGroups(groupCount)
  }

  private mutating func add(
    _ contribution: ScanPlan.Contribution, _ block: EventBlock, _ selection: Selection
  ) {
    if plan.listsAllGroups { tally.see(selection.groups) }
    if let events = contribution.events { tally.count(events, selection.groups) }
    if contribution.hasRevenue { addRevenue(block, selection) }
    let messages = block.codes(.message)
    for quantity in contribution.messages {
      if plan.eventKeys.isEmpty {
        tally.insertMessages(quantity, messages, selection.rows)
      } else {
        tally.insertPairs(quantity, selection.groups, selection.rows) { messages[$0] }
      }
    }
    for quantity in contribution.recipients { addRecipients(quantity, block, selection) }
  }

  private mutating func addRecipients(
    _ quantity: Quantity, _ block: EventBlock, _ selection: Selection
  ) {
    let messages = block.codes(.message)
    recipientOfMessage.withUnsafeBufferPointer { recipients in
      tally.insertPairs(quantity, selection.groups, selection.rows) {
        recipients[Int(messages[$0])]
      }
    }
  }

  private mutating func addRevenue(_ block: EventBlock, _ selection: Selection) {
    if block.zone(.value)?.maximum == 0 { return }
    let values = block.words(.value)
    let (rows, groups) = (selection.rows, selection.groups)
    for index in rows.indices {
      let stored = values[Int(rows[index])]
      guard stored != 0 else { continue }
      let value = ValueCode.load(stored)
      tally.add(value & 0xFFFF_FFFF, to: .revenueLow, Int(groups[index]))
      tally.add(value >> 32, to: .revenueHigh, Int(groups[index]))
      tally.add(1, to: .valued, Int(groups[index]))
    }
  }

  // MARK: Groups

  /// Groups that only events of other kinds make. Without event keys and conditions most groups are known from
  /// states, and nothing is left to do.
  private mutating func listRemainingGroups() {
    guard plan.listsAllGroups, !isComplete else { return }
    for kind in EventKind.allCases where !isScanned(kind) && filter.truth(ofKind: kind) != .no {
      filter.forEachBlock(of: kind) { block in
        withSelection(block) { scan, selection in scan.tally.see(selection.groups) }
      }
    }
  }

  private var isComplete: Bool {
    if plan.keys.isEmpty { return true }
    guard plan.isFlat else { return false }
    // Not every recipient has messages that pass.
    guard messages.isByRecipient else { return tally.isSeen.allSatisfy { $0 } }
    return messages.groups.allSatisfy { $0 == MessageGroups.none || tally.isSeen[Int($0)] }
  }

  /// The groups that were seen, with their keys.
  private func table() -> GroupTable {
    let isListed = plan.listsAllGroups && !plan.keys.isEmpty
    let groups = tally.isSeen.indices.filter { !isListed || tally.isSeen[$0] }
    var table = GroupTable(keyCount: plan.keys.count)
    table.count = groups.count
    for quantity in plan.quantities {
      let counts = tally.counts[quantity.rawValue]
      table.quantities[quantity.rawValue] = groups.map { counts[$0] }
    }
    var numbers = groups.map { UInt32($0) }
    let indices = messages.indices + eventIndices
    for level in indices.indices.reversed() {
      let index = indices[level]
      table.codes[level] = numbers.map { index.codes[Int($0)] }
      numbers = numbers.map { index.parents[Int($0)] }
    }
    return table
  }
}

extension StateKind {
  /// The quantities that messages in this state count for.
  fileprivate var quantities: [Quantity] {
    switch self {
    case .sent: [.sent]
    case .delivered: [.delivered]
    case .bounced: [.bounced, .hardBounced, .softBounced, .blockBounced]
    }
  }
}

extension Quantity {
  /// The class of bounces it is limited to.
  fileprivate var bounceClass: BounceClass? {
    switch self {
    case .hardBounced: .hard
    case .softBounced: .soft
    case .blockBounced: .block
    default: nil
    }
  }
}
