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
    let campaigns = CampaignCodes(
      plan.messageKeys, context.compiled(plan.messageConditions), context)
    let alike = campaigns.alike
    var table = GroupTable(keyCount: plan.keys.count)
    if !alike.isEmpty { count(alike, campaigns, into: &table) }
    // Without keys there is one group, whatever is in it.
    if plan.keys.isEmpty { table.count = 1 }
    return table
  }

  private func count(
    _ alike: [ArraySlice<Int>], _ campaigns: CampaignCodes, into table: inout GroupTable
  ) {
    let kinds = countedKinds
    let quantities = kinds.map { plan.contribution(of: $0, context.settings).events }
    var sums = HourSums(HourCodes(plan.eventKeys, conditions, kinds, hours, context))
    for alike in alike {
      for (number, kind) in kinds.enumerated() {
        for part in context.settings.audience.parts(of: kind) {
          for campaign in alike {
            context.snapshot.hours.forEach(part, campaign: UInt32(campaign)) { hour, count in
              sums.add(count, hour: hour, kind: number)
            }
          }
        }
      }
      let key = campaigns.keys.map { $0[alike[alike.startIndex]] }
      sums.endGroups(of: key, quantities, into: &table)
    }
  }

  /// Those that are asked for or make groups, and whose events may pass the conditions.
  private var countedKinds: [EventKind] {
    HourScan.kinds.filter { kind in
      (plan.listsAllGroups || plan.contribution(of: kind, context.settings).events != nil)
        && !conditions.contains { $0.truth(ofKind: kind) == .no }
    }
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
