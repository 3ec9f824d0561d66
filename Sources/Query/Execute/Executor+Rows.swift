// Plain SQL: listings, and groups with aggregates.

internal import Base
internal import Columnar

extension Executor {
  func rowFrame(
    _ plan: RowPlan, _ context: QueryContext, _ control: QueryControl
  ) throws(QueryError) -> Frame {
    if case .listing = plan.shape { return try listing(plan, context, control) }
    var stores = stores(plan, context)
    try control.check()
    guard !stores.isEmpty else { return Frame(columns: []) }
    if plan.groupsByRecipient { return try joined(stores, context, control) }
    var merged = stores.removeFirst()
    for store in stores where !context.mustStop {
      merged.merge(store)
      context.checkGroups(merged.count)
    }
    try control.check()
    guard let frame = merged.frame() else {
      context.fail(.sumOverflow)
      try control.check()
      return Frame(columns: [])
    }
    return frame
  }

  /// The groups of each shard, or those of all where profiles answer the plan.
  private func stores(_ plan: RowPlan, _ context: QueryContext) -> [GroupStore] {
    let profiles = profiles(plan, context)
    if let profiles, let groups = ProfileGroups(plan) {
      return [groups.run(profiles.found.profiles, context)]
    }
    let person = plan.person(in: snapshot)
    return inShards(plan.shards) { shard in
      RowScan(plan, ShardContext(context, shard: shard, person: person), profiles).run()
    }.compactMap { rows in
      if case .groups(let store) = rows { store } else { nil }
    }
  }

  /// What messages that are alike say of the plan, if anything and if they were asked before.
  func profiles(_ plan: RowPlan, _ context: QueryContext) -> PlanProfiles? {
    guard plan.asksProfiles, let found = foundProfiles, found.knowsOutcomes else { return nil }
    return PlanProfiles(found, plan, context)
  }

  var foundProfiles: MessageProfiles.Found? {
    let shards = snapshot.shards
    return snapshot.profiles.found { inShards { ShardProfiles(shards[$0]) } }
  }

  /// One frame of stores that have no group in common.
  private func joined(
    _ stores: [GroupStore], _ context: QueryContext, _ control: QueryControl
  ) throws(QueryError) -> Frame {
    context.checkGroups(stores.reduce(0) { $0 + $1.count })
    try control.check()
    let frames = stores.compactMap { $0.frame() }
    if frames.count < stores.count { context.fail(.sumOverflow) }
    try control.check()
    return Frame.joined(frames)
  }
}
