// Messages by campaign, without a look at messages: those that are alike were put together (`MessageProfiles`). It
// serves plans that ask for no more than campaigns, states, and opens and clicks at any time.

internal import Base
internal import Columnar

struct ProfileScan {
  private let plan: ScanPlan
  private let context: QueryContext
  /// What is added up, and for what; amounts for nothing only make groups.
  private var amounts: [(amount: ProfileAmount, quantity: Quantity?)] = []

  /// - Returns: nil when profiles do not answer the plan.
  init?(_ plan: ScanPlan, _ context: QueryContext) {
    self.plan = plan
    self.context = context
    let tests = plan.quantities.compactMap { quantity in quantity.stateTest.map { (quantity, $0) } }
    guard plan.prunes, plan.isOfCampaigns, plan.eventKeys.isEmpty, plan.isFlat || tests.isEmpty,
      plan.eventConditions.allSatisfy({ $0.dimensions.isSubset(of: [.kind]) }),
      plan.quantities.allSatisfy({ $0.stateTest != nil || $0.isOfEngagement })
    else { return nil }
    // What is listed has events; populations are those of all groups there are.
    if !plan.listsAllGroups, !plan.keys.isEmpty { amounts.append((.messages, nil)) }
    if plan.isFlat, plan.listsAllGroups, !plan.keys.isEmpty {
      let states = MessageState.sent | MessageState.delivered | MessageState.bounced
      amounts.append((.inAnyState(states), nil))
    }
    for (quantity, test) in tests { amounts.append((.inState(test), quantity)) }
    guard addEngagement() else { return nil }
  }

  /// - Returns: false when other kinds count, of which is only known what states they made.
  private mutating func addEngagement() -> Bool {
    let conditions = context.compiled(plan.eventConditions)
    var engaged: [Quantity: UInt32] = [:]
    for kind in EventKind.allCases {
      let truths = conditions.compactMap { $0.truth(ofKind: kind) }
      guard truths.count == conditions.count else { return false }
      guard truths.allSatisfy({ $0 == .yes }) else { continue }
      let parts = context.settings.audience.parts(of: kind)
      if parts.isEmpty, !plan.isFlat { return false }
      let mask = parts.reduce(UInt32(0)) { $0 | 1 << UInt32($1.rawValue) }
      let contribution = plan.contribution(of: kind, context.settings)
      amounts.append((.events(mask), contribution.events))
      for quantity in contribution.messages { engaged[quantity, default: 0] |= mask }
    }
    for (quantity, mask) in engaged { amounts.append((.engaged(mask), quantity)) }
    return true
  }

  // MARK: Adding up

  /// - Returns: nil when there may be groups that only events of other kinds make.
  func run(_ profiles: [MessageProfile]) -> GroupTable? {
    var groups = CellGroups(plan)
    let groupOfCampaign = number(profiles, &groups)
    for (amount, quantity) in amounts {
      var sums = [Int64](repeating: 0, count: groups.count + 1)
      for profile in profiles {
        sums[groupOfCampaign[Int(profile.campaign)]] += amount.value(of: profile)
      }
      for group in 0..<groups.count {
        groups.weigh(sums[group], group)
        if let quantity { groups.add(sums[group], to: quantity, group) }
      }
    }
    return plan.isFlat && groups.hasEmpty ? nil : groups.table
  }

  /// By campaign: its group, or the one behind the last for campaigns that do not pass.
  private func number(_ profiles: [MessageProfile], _ groups: inout CellGroups) -> [Int] {
    let campaigns = CampaignCodes(
      plan.messageKeys, context.compiled(plan.messageConditions), context)
    var hasMessages = [Bool](repeating: false, count: campaigns.passes.count)
    for profile in profiles { hasMessages[Int(profile.campaign)] = true }
    let numbers = campaigns.passes.indices.map { campaign -> Int? in
      guard campaigns.passes[campaign], hasMessages[campaign] else { return nil }
      return groups.number(campaigns.keys.map { $0[campaign] })
    }
    return numbers.map { $0 ?? groups.count }
  }
}

/// What a profile adds to a quantity.
private enum ProfileAmount {
  /// Its messages.
  case messages
  /// Its messages if their state passes.
  case inState(StateTest)
  /// Its messages if their state has any of these bits.
  case inAnyState(UInt32)
  /// Its messages if they have any of these events: one bit for each part.
  case engaged(UInt32)
  /// These events, one bit for each part.
  case events(UInt32)

  func value(of profile: MessageProfile) -> Int64 {
    switch self {
    case .messages: profile.messageCount
    case .inState(let test):
      profile.state & test.mask == test.value ? profile.messageCount : 0
    case .inAnyState(let mask): profile.state & mask != 0 ? profile.messageCount : 0
    case .engaged(let mask): profile.engagement & mask != 0 ? profile.messageCount : 0
    case .events(let mask):
      (0..<4).reduce(0) { $0 + (mask & 1 << UInt32($1) != 0 ? profile.eventCounts[$1] : 0) }
    }
  }
}

extension Quantity {
  /// Whether opens and clicks alone decide it.
  fileprivate var isOfEngagement: Bool {
    switch self {
    case .opens, .clicks, .uniqueOpens, .uniqueClicks: true
    default: false
    }
  }
}
