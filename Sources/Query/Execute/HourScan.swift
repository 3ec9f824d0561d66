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
  /// On events.
  private let conditions: [CompiledPredicate]

  /// What is counted.
  private static let kinds: [EventKind] = [.opened, .clicked]
  /// One event with a wrong clock stretches the hours of a data directory to a million.
  private static let hourCountMax = 1 << 20

  /// - Returns: nil when the counts do not answer the plan.
  init?(_ plan: ScanPlan, _ context: QueryContext) {
    self.plan = plan
    self.context = context
    hours = CivilTime.hour(context.times.lowerBound)...CivilTime.hour(context.times.upperBound)
    guard plan.prunes, !plan.quantities.isEmpty,
      plan.quantities.isSubset(of: [.opens, .clicks]),
      hours.count <= HourScan.hourCountMax,
      context.settings.timeZone.hasWholeHours(in: context.times),
      plan.eventKeys.allSatisfy(\.isBucket),
      plan.isOfCampaigns,
      plan.eventConditions.allSatisfy({ $0.isAnswered { $0.isBucket || $0 == .kind } })
    else { return nil }
    conditions = context.compiled(plan.eventConditions)
    guard listsNoOthers else { return nil }
  }

  /// Whether no other kinds of events make groups.
  private var listsNoOthers: Bool {
    if !plan.listsAllGroups || plan.keys.isEmpty { return true }
    return EventKind.allCases.allSatisfy { kind in
      HourScan.kinds.contains(kind) || conditions.contains { $0.truth(ofKind: kind) == .no }
    }
  }

  // MARK: Counting

  func run() -> GroupTable {
    var groups = CellGroups(plan)
    let campaigns = CampaignCodes(
      plan.messageKeys, context.compiled(plan.messageConditions), context)
    guard let passing = campaigns.passing else { return groups.table }
    var key = [Code](repeating: 0, count: plan.keys.count)
    let messageKeyCount = plan.messageKeys.count
    for kind in HourScan.kinds {
      let quantity = plan.contribution(of: kind, context.settings).events
      guard quantity != nil || plan.listsAllGroups else { continue }
      var codes = HourCodes(plan.eventKeys, conditions, kind, hours, context)
      for part in context.settings.audience.parts(of: kind) {
        context.snapshot.hours.forEach(part, campaigns: passing) { cell in
          let campaign = Int(cell.campaign)
          guard campaigns.passes[campaign], let hour = codes.passing(cell.hour) else { return }
          for level in key.indices {
            key[level] =
              level < messageKeyCount
              ? campaigns.keys[level][campaign] : codes.keys[level - messageKeyCount][hour]
          }
          let group = groups.number(key)
          groups.weigh(cell.count, group)
          if let quantity { groups.add(cell.count, to: quantity, group) }
        }
      }
    }
    return groups.table
  }
}

extension QueryContext {
  /// Conditions on campaigns, kinds and times, which mean the same in all shards.
  func compiled(_ conditions: [Predicate]) -> [CompiledPredicate] {
    conditions.map { CompiledPredicate($0, ShardContext(self, shard: 0)) }
  }
}

extension QuerySettings.Audience {
  /// What exists of a kind; nothing of kinds that are neither opens nor clicks.
  func parts(of kind: EventKind) -> [EngagementPart] {
    guard let (human, machine) = EngagementPart.parts(of: kind) else { return [] }
    return switch self {
    case .human: [human]
    case .machine: [machine]
    case .all: [human, machine]
    }
  }
}

extension ScanPlan {
  /// Whether it asks no more of messages than their campaigns.
  var isOfCampaigns: Bool {
    messageKeys.allSatisfy(\.isOfCampaign)
      && messageConditions.allSatisfy { $0.isAnswered(by: \.isOfCampaign) }
  }
}

extension Dimension {
  /// Whether the campaign decides it.
  fileprivate var isOfCampaign: Bool {
    if case .campaignAttribute = self { true } else { self == .campaign }
  }

  /// Whether it is an hour, or a span of hours.
  fileprivate var isBucket: Bool {
    if case .bucket = self { true } else { false }
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
