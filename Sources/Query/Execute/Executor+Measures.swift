// Measures: what all shards count, put together, unless sums that are known already answer.

internal import Base
internal import Columnar

extension Executor {
  func count(
    _ plan: MeasurePlan, _ context: QueryContext
  ) -> (groups: GroupTable, populations: GroupTable?) {
    let scan = plan.scan
    let populationScan = plan.populationScan
    if populationScan == nil, let hours = HourScan(scan, context) {
      let groups = hours.run()
      context.checkGroups(groups.count)
      return (groups, nil)
    }
    let populations = populationScan.flatMap { profiled($0, context) }
    if populationScan == nil || populations != nil,
      let groups = profiled(scan, context) ?? FirstScan(scan, context)?.run()
    {
      context.checkGroups(groups.count)
      return (groups, populations)
    }
    return count(scan, populations == nil ? populationScan : nil, populations, context)
  }

  /// - Parameter populations: those that are known already.
  private func count(
    _ scan: ScanPlan, _ populationScan: ScanPlan?, _ populations: GroupTable?,
    _ context: QueryContext
  ) -> (groups: GroupTable, populations: GroupTable?) {
    let passes = ShardPasses(scan, populationScan, context)
    let findings = inShards(scan.shards) { ShardFindings(passes, context, shard: $0) }
    let groups = GroupTable.merge(
      findings.map(\.groups), byRecipient: scan.keys.contains(.recipient))
    context.checkGroups(groups.count)
    let found = findings.compactMap(\.populations)
    guard let populationScan, !found.isEmpty else { return (groups, populations) }
    return (
      groups, GroupTable.merge(found, byRecipient: populationScan.keys.contains(.recipient))
    )
  }

  /// The answer of profiles; nil where they do not serve.
  private func profiled(_ plan: ScanPlan, _ context: QueryContext) -> GroupTable? {
    guard let scan = ProfileScan(plan, context) else { return nil }
    return foundProfiles.flatMap { scan.run($0.withoutOutcomes) }
  }
}
