// Messages by campaign, without a look at messages: those that are alike were put together (`MessageProfiles`). It
// serves plans that ask for no more than campaigns, states, and opens and clicks at any time.

internal import Base
internal import Columnar

struct ProfileScan {
  private let plan: ScanPlan
  private let context: QueryContext
  private let sums: PlannedSums

  /// - Returns: nil when profiles do not answer the plan.
  init?(_ plan: ScanPlan, _ context: QueryContext) {
    guard plan.isOfCampaigns, let sums = PlannedSums(plan, context) else { return nil }
    self.plan = plan
    self.context = context
    self.sums = sums
  }

  // MARK: Adding up

  /// - Returns: nil when there may be groups that only events of other kinds make.
  func run(_ profiles: [MessageProfile]) -> GroupTable? {
    var groups = CellGroups(plan)
    let groupOfCampaign = number(profiles, &groups)
    for (sum, quantity) in sums.amounts {
      var sums = [Int64](repeating: 0, count: groups.count + 1)
      for profile in profiles {
        sums[groupOfCampaign[Int(profile.campaign)]] += sum.value(of: profile)
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
