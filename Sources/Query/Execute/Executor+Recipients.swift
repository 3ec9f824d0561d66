// Groups by recipient. A recipient lives in one shard, so a shard's groups are whole, and all that can be done with
// them is done in the shard: of many groups few remain to be put together.

internal import Base
internal import Columnar

extension Executor {
  func measuresByRecipient(
    _ plan: Plan, _ measures: MeasurePlan, _ context: QueryContext, _ control: QueryControl
  ) throws(QueryError) -> Frame {
    var passes = ShardPasses(measures.scan, measures.populationScan, context)
    // Groups that are too many are an error, whether or not they are shown.
    let recipientCount = snapshot.shards.reduce(0) { $0 + $1.recipients.count }
    if recipientCount <= plan.settings.groupCountMax, let largest = plan.largest {
      let shards = measures.shards.map { $0.map { snapshot.shards[$0] } } ?? snapshot.shards
      passes.limit(to: largest, in: shards)
    }
    let answers = inShards(measures.shards) { [passes] shard in
      let found = ShardFindings(passes, context, shard: shard)
      let groupCount = found.groups.count
      let frame = MeasureFrame(measures, context, found).candidates(plan)
      return ShardAnswer(groupCount: groupCount, frame: frame)
    }
    return try joined(answers, context, control)
  }

  func rowsByRecipient(
    _ plan: Plan, _ rows: RowPlan, _ context: QueryContext, _ control: QueryControl
  ) throws(QueryError) -> Frame {
    let person = rows.person(in: snapshot)
    let profiles = profiles(rows, context)
    let groups = RecipientProfileGroups(rows)
    let counts = profiles.flatMap { profiles in groups?.counts(profiles.found, context) }
    let answers = inShards(rows.shards) { shard in
      let shardContext = ShardContext(context, shard: shard, person: person)
      if let groups, let counts, let profiles {
        let frame = groups.run(counts, profiles.found, shardContext)
        return ShardAnswer(
          groupCount: frame.rowCount, frame: Finish(plan, context, frame).candidates)
      }
      guard case .groups(let store) = RowScan(rows, shardContext, profiles).run(),
        let frame = store.frame()
      else {
        context.fail(.sumOverflow)
        return ShardAnswer(groupCount: 0, frame: Frame(columns: []))
      }
      return ShardAnswer(
        groupCount: store.count, frame: Finish(plan, context, frame).candidates)
    }
    return try joined(answers, context, control)
  }

  private func joined(
    _ answers: [ShardAnswer], _ context: QueryContext, _ control: QueryControl
  ) throws(QueryError) -> Frame {
    context.checkGroups(answers.reduce(0) { $0 + $1.groupCount })
    try control.check()
    return Frame.joined(answers.map(\.frame))
  }
}

/// The groups of a shard that may be shown, and how many it found.
private struct ShardAnswer: Sendable {
  var groupCount: Int
  var frame: Frame
}
