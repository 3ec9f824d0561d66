// One pass over one shard: which messages pass and into which group each falls, then block after block of events,
// and at the end the distinct counts. Flat plans (no event key, no event condition) take message states from the
// table; the others look at states as events of their own.
//
// SAFETY: what is picked of an array by group are groups, which are below its count.

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
  private var byMessage: MessageTally
  /// By quantity whose messages marks tell, and by segment.
  private var firsts: [Quantity: [RowMarks]] = [:]
  private let recipientOfMessage: [UInt32]
  private let scratch = SelectionScratch()
  /// Whether groups are all codes of the only key; some of them may have no events.
  private let isByCode: Bool

  /// - Parameter messages: of a plan with the same message keys and conditions.
  init(_ plan: ScanPlan, _ context: ShardContext, _ messages: MessageGroups) {
    self.plan = plan
    self.context = context
    settings = context.query.settings
    self.messages = messages
    byMessage = MessageTally(messages, context)
    eventIndices = plan.eventKeys.enumerated().map { level, key in
      let codeCount = context.query.codeCount(key, context.shard)
      if let codeCount, plan.eventKeys.count == 1, messages.isWhole,
        codeCount <= max(context.messageCount, Limits.blockRowCount)
      {
        return GroupIndex(0..<Code(codeCount))
      }
      return GroupIndex(parentCount: level == 0 ? messages.count : nil, codeCount: codeCount)
    }
    isByCode = eventIndices.last?.isByCode ?? messages.isByCode
    filter = EventFilter(
      context, messages: messages, conditions: plan.eventConditions, prunes: plan.prunes)
    tally = Tally(plan.quantities, messageCount: context.messageCount)
    let wantsRecipients = plan.quantities.contains(where: \.isOfRecipients)
    recipientOfMessage = wantsRecipients ? context.shard[.recipient].decodedCodes() : []
    tally.grow(to: groupCount)
    expectEvents()
  }

  /// Unique counts of events that are not few have faster ways than pairs.
  private mutating func expectEvents() {
    guard !plan.eventKeys.isEmpty, context.rowCount <= Int(UInt32.max) else { return }
    for quantity in plan.quantities where quantity.isOfFirsts {
      let kinds = plan.kinds(for: quantity, settings) { filter.truth(ofKind: $0) }
      // Few messages have few rows, which are soon looked at; of two kinds neither knows the other's messages.
      if messages.marks == nil, kinds.count == 1, let marks = context.firsts(kinds[0], plan) {
        firsts[quantity] = marks
        tally.expectMarkedEvents(quantity)
        continue
      }
      let rowCount = context.shard.segments.reduce(0) { sum, segment in
        kinds.reduce(sum) { $0 + segment.rows(ofKind: $1.rawValue).count }
      }
      if !messages.hasGaps, rowCount * 4 >= context.messageCount {
        tally.expectEvents(quantity, countMax: rowCount)
      }
    }
  }

  /// Runs the pass.
  mutating func run() -> GroupTable {
    if !isByCode { context.query.checkGroups(groupCount) }
    if messages.isEmpty { return table() }
    if plan.isFlat { addFlatStates() } else { countStates(EventBlock()) }
    let kinds = EventKind.allCases.filter(isScanned)
    let counted = kinds.filter(isCountedByMessage)
    addEngagements(counted, all: kinds)
    for kind in kinds where !counted.contains(kind) { scan(kind) }
    byMessage.count(into: &tally)
    listRemainingGroups()
    tally.finish(messages, recipientCount: context.shard.recipients.count)
    return table()
  }

  private var groupCount: Int { eventIndices.last?.count ?? messages.count }

  // MARK: States

  private mutating func addFlatStates() {
    let wantsRecipients = tally.isWanted(.recipients)
    // The one group of a plan without keys is listed anyway.
    let listsGroups = plan.listsAllGroups && !plan.keys.isEmpty
    let tested = plan.quantities.filter { $0.stateTest != nil }
    guard !tested.isEmpty || listsGroups || wantsRecipients else { return }
    let states = context.shard[.state].decodedCodes()
    for quantity in tested {
      guard let test = quantity.stateTest else { continue }
      byMessage.add(.state(states, test), to: quantity)
    }
    let inSomeState = MessageState.sent | MessageState.delivered | MessageState.bounced
    if listsGroups { byMessage.add(.anyState(states, inSomeState), to: nil) }
    guard wantsRecipients else { return }
    for message in states.indices where states[message] & inSomeState != 0 {
      let group = messages.isWhole ? 0 : messages.groups[message]
      if group != MessageGroups.none {
        tally.insertPair(.recipients, group, recipientOfMessage[message])
      }
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

  /// Whether all that is asked of a kind follows from how many of its events each message has.
  private func isCountedByMessage(_ kind: EventKind) -> Bool {
    filter.truth(ofKind: kind) == .yes && plan.prunes && plan.eventKeys.isEmpty
      && !plan.contribution(of: kind, settings).hasRevenue && context.engagements(kind) != nil
  }

  /// Adds the kinds whose events were counted by message.
  ///
  /// - Parameter all: the kinds that are asked for.
  private mutating func addEngagements(_ kinds: [EventKind], all: [EventKind]) {
    // An opened message has opens or clicks: it counts once only if both are known.
    let isOpenedKnown = all.allSatisfy {
      ($0 != .opened && $0 != .clicked) || kinds.contains($0) || filter.truth(ofKind: $0) == .no
    }
    var opened: [[UInt32]] = []
    for kind in kinds {
      guard let counts = context.engagements(kind) else { continue }
      var contribution = plan.contribution(of: kind, settings)
      if settings.impliedOpens, isOpenedKnown, contribution.messages.contains(.uniqueOpens) {
        contribution.messages.removeAll { $0 == .uniqueOpens }
        opened.append(counts)
      }
      let isImplied = settings.impliedOpens && contribution.messages.contains(.uniqueOpens)
      if isImplied || !contribution.recipients.isEmpty {
        add(contribution, counts)
      } else {
        if let events = contribution.events { byMessage.add(.events(counts), to: events) }
        for quantity in contribution.messages { byMessage.add(.presence(counts), to: quantity) }
      }
    }
    guard let first = opened.first else { return }
    byMessage.add(
      opened.count == 2 ? .either(first, opened[1]) : .presence(first), to: .uniqueOpens)
  }

  private mutating func scan(_ kind: EventKind) {
    let contribution = plan.contribution(of: kind, settings)
    let truth = filter.truth(ofKind: kind)
    if let truth, truth != .yes { return }
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
    for level in plan.eventKeys.indices {
      let key = plan.eventKeys[level]
      if let codes = context.narrowCodes(key, of: block, scratch.narrowCodes) {
        selection.refine(&eventIndices[level], byNarrow: codes)
      } else {
        context.fill(scratch.codes, key, of: block)
        selection.refine(&eventIndices[level], by: scratch.codes)
      }
    }
    if isByCode { return }
    tally.grow(to: groupCount)
    context.query.checkGroups(groupCount)
  }

  private mutating func add(
    _ contribution: ScanPlan.Contribution, _ block: EventBlock, _ selection: Selection
  ) {
    if contribution.hasRevenue { addRevenue(block, selection) }
    var isCounted = false
    for quantity in contribution.messages where tally.expectsEvents(quantity) {
      let isEvent = contribution.events != nil && contribution.events == quantity.events
      if let marks = firsts[quantity] {
        tally.insertEvents(
          quantity, selection, marks[block.segmentIndex], block, event: isEvent ? 1 : 0)
      } else {
        tally.insertEvents(
          quantity, selection, block.codes(.message), event: isEvent ? 1 : 0,
          scratch: scratch.narrowCodes)
      }
      isCounted = isCounted || isEvent
    }
    if !isCounted {
      if plan.listsAllGroups { tally.see(selection.groups) }
      if let events = contribution.events { tally.count(events, selection.groups) }
    }
    for quantity in contribution.messages where !tally.expectsEvents(quantity) {
      let messages = block.codes(.message)
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
    guard messages.isByCode else { return tally.isSeen.allSatisfy { $0 } }
    return messages.groups.allSatisfy { $0 == MessageGroups.none || tally.isSeen[Int($0)] }
  }

  /// The groups that were seen, with their keys.
  private func table() -> GroupTable {
    let isListed = plan.listsAllGroups && !plan.keys.isEmpty
    var table = GroupTable(keyCount: plan.keys.count)
    let indices = messages.indices + eventIndices
    var groups = isListed ? tally.seenGroups : (0..<UInt32(tally.isSeen.count)).map { $0 }
    table.count = groups.count
    for quantity in plan.quantities {
      let counts = tally.counts[quantity.rawValue]
      table.quantities[quantity.rawValue] = isListed ? counts.picked(groups) : counts
    }
    for level in indices.indices.reversed() {
      if level < messages.indices.count, table.messageGroups.isEmpty {
        table.messageGroups = groups
      }
      table.codes[level] = indices[level].codes.picked(groups)
      if level > 0 { groups = indices[level].parents.picked(groups) }
    }
    return table
  }
}

extension Array where Element: BitwiseCopyable {
  /// The elements at these places.
  func picked(_ places: [UInt32]) -> [Element] {
    withUnsafeBufferPointer { source in
      [Element](unsafeUninitializedCapacity: places.count) { target, count in
        for index in places.indices { target[index] = source[Int(places[index])] }
        count = places.count
      }
    }
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
