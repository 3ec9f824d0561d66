// Opens and clicks by campaign and time, without a look at events: how many there were in each hour was counted when
// the snapshot was made. It serves plans whose keys and conditions ask for no more than the campaign, the kind and
// whole hours.

internal import Base
internal import Columnar

struct HourScan {
  private let plan: ScanPlan
  private let context: QueryContext
  /// The hours since 1970 in which there are events.
  private let hours: ClosedRange<Int64>

  /// What is counted.
  private static let kinds: [EventKind] = [.opened, .clicked]
  /// One event with a wrong clock stretches the hours of a data directory to a million.
  private static let hourCountMax = 1 << 20

  /// - Returns: nil when the counts do not answer the plan.
  init?(_ plan: ScanPlan, _ context: QueryContext) {
    self.plan = plan
    self.context = context
    hours = CivilTime.hour(context.times.lowerBound)...CivilTime.hour(context.times.upperBound)
    let isOfHour = { (dimension: Dimension) in
      if case .bucket = dimension { true } else { dimension == .kind }
    }
    guard plan.prunes, !plan.quantities.isEmpty,
      plan.quantities.isSubset(of: [.opens, .clicks]),
      hours.count <= HourScan.hourCountMax,
      context.settings.timeZone.hasWholeHours(in: context.times),
      plan.messageKeys.allSatisfy(\.isOfCampaign),
      plan.eventKeys.allSatisfy({ $0 != .kind && isOfHour($0) }),
      plan.messageConditions.allSatisfy({ $0.isAnswered(by: \.isOfCampaign) }),
      plan.eventConditions.allSatisfy({ $0.isAnswered(by: isOfHour) }), listsNoOthers
    else { return nil }
  }

  /// Whether no other kinds of events make groups.
  private var listsNoOthers: Bool {
    if !plan.listsAllGroups || plan.keys.isEmpty { return true }
    let conditions = compiled(plan.eventConditions)
    return EventKind.allCases.allSatisfy { kind in
      HourScan.kinds.contains(kind) || conditions.contains { $0.truth(ofKind: kind) == .no }
    }
  }

  /// No shard's: campaigns and times mean the same in all of them.
  private func compiled(_ conditions: [Predicate]) -> [CompiledPredicate] {
    conditions.map { CompiledPredicate($0, ShardContext(context, shard: 0)) }
  }

  // MARK: Counting

  func run() -> GroupTable {
    var groups = CellGroups(plan)
    let campaigns = CampaignCodes(plan.messageKeys, compiled(plan.messageConditions), context)
    guard let passing = campaigns.passing else { return groups.table }
    var key = [Code](repeating: 0, count: plan.keys.count)
    let messageKeyCount = plan.messageKeys.count
    for kind in HourScan.kinds {
      let quantity = plan.contribution(of: kind, context.settings).events
      guard quantity != nil || plan.listsAllGroups else { continue }
      var codes = HourCodes(plan.eventKeys, compiled(plan.eventConditions), kind, hours, context)
      for part in EngagementPart.parts(of: kind, context.settings.audience) {
        context.snapshot.hours.forEach(part, campaigns: passing) { cell in
          let campaign = Int(cell.campaign)
          guard campaigns.passes[campaign], let hour = codes.passing(cell.hour) else { return }
          for level in key.indices {
            key[level] =
              level < messageKeyCount
              ? campaigns.keys[level][campaign] : codes.keys[level - messageKeyCount][hour]
          }
          groups.add(cell.count, to: quantity, key)
        }
      }
    }
    return groups.table
  }
}

extension EngagementPart {
  fileprivate static func parts(of kind: EventKind, _ audience: QuerySettings.Audience)
    -> [EngagementPart]
  {
    let (human, machine): (EngagementPart, EngagementPart) =
      kind == .opened ? (.humanOpens, .machineOpens) : (.humanClicks, .machineClicks)
    return switch audience {
    case .human: [human]
    case .machine: [machine]
    case .all: [human, machine]
    }
  }
}

extension Dimension {
  /// Whether the campaign decides it.
  fileprivate var isOfCampaign: Bool {
    if case .campaignAttribute = self { true } else { self == .campaign }
  }
}

extension Predicate {
  /// Whether dimensions of some sort, and whole hours, decide it.
  fileprivate func isAnswered(by isKnown: (Dimension) -> Bool) -> Bool {
    switch self {
    case .constant: true
    case .test(let dimension, _): isKnown(dimension)
    case .during(let range): range.isOfWholeHours
    case .not(let term): term.isAnswered(by: isKnown)
    case .and(let terms), .or(let terms): terms.allSatisfy { $0.isAnswered(by: isKnown) }
    case .term: false
    }
  }
}

extension ClosedRange<Int64> {
  /// Whether it begins and ends with hours.
  fileprivate var isOfWholeHours: Bool {
    let hour = CivilTime.millisecondsPerHour
    return (lowerBound == .min || lowerBound % hour == 0)
      && (upperBound == .max || (upperBound + 1) % hour == 0)
  }
}
