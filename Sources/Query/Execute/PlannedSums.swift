// A plan as amounts that messages add up to by themselves, where it asks for no more than states, and opens and clicks
// at any time: events need not be looked at then, whatever messages are grouped by.

internal import Base
internal import Columnar

struct PlannedSums {
  /// What is added up, and for what; amounts for nothing only make groups.
  private(set) var amounts: [(sum: MessageSum, quantity: Quantity?)] = []

  /// - Returns: nil when messages' states and counts do not answer the plan.
  init?(_ plan: ScanPlan, _ context: QueryContext) {
    let tests = plan.quantities.compactMap { quantity in quantity.stateTest.map { (quantity, $0) } }
    guard plan.prunes, plan.eventKeys.isEmpty, plan.isFlat || tests.isEmpty,
      plan.eventConditions.allSatisfy({ $0.columns.isSubset(of: [.dimension(.kind)]) }),
      plan.quantities.allSatisfy({ $0.stateTest != nil || $0.isOfEngagement })
    else { return nil }
    // What is listed has events; populations are those of all groups there are.
    if !plan.listsAllGroups, !plan.keys.isEmpty { amounts.append((.messages, nil)) }
    if plan.isFlat, plan.listsAllGroups, !plan.keys.isEmpty {
      let states = MessageState.sent | MessageState.delivered | MessageState.bounced
      amounts.append((.inAnyState(states), nil))
    }
    for (quantity, test) in tests { amounts.append((.inState(test), quantity)) }
    guard addEngagement(plan, context) else { return nil }
  }

  /// - Returns: false when other kinds count, of which is only known what states they made.
  private mutating func addEngagement(_ plan: ScanPlan, _ context: QueryContext) -> Bool {
    guard let kinds = plan.passingKinds(context) else { return false }
    var engaged: [Quantity: UInt32] = [:]
    for kind in kinds {
      let parts = context.settings.audience.parts(of: kind)
      if parts.isEmpty, !plan.isFlat { return false }
      if parts.isEmpty { continue }
      let mask = parts.reduce(UInt32(0)) { $0 | 1 << UInt32($1.rawValue) }
      let contribution = plan.contribution(of: kind, context.settings)
      amounts.append((.events(mask), contribution.events))
      for quantity in contribution.messages { engaged[quantity, default: 0] |= mask }
    }
    for (quantity, mask) in engaged { amounts.append((.engaged(mask), quantity)) }
    return true
  }
}

extension ScanPlan {
  /// The kinds whose events pass the conditions on events; nil where that depends on more than the kind.
  func passingKinds(_ context: QueryContext) -> [EventKind]? {
    let conditions = context.compiled(eventConditions)
    var kinds: [EventKind] = []
    for kind in EventKind.allCases {
      let truths = conditions.compactMap { $0.truth(ofKind: kind) }
      guard truths.count == conditions.count else { return nil }
      if truths.allSatisfy({ $0 == .yes }) { kinds.append(kind) }
    }
    return kinds
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
