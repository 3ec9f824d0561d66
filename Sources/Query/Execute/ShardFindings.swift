// What one shard counts for the measures of a query.

internal import Base
internal import Columnar

/// What one shard contributes to an answer.
struct ShardFindings: Sendable {
  var groups: GroupTable
  /// First to last; nil when each group counts its own.
  var populations: GroupTable?
  /// By group: its population; nil when populations stand in the order of groups.
  var populationOf: [UInt32]?

  /// The shard's number stands above the codes of recipients.
  init(_ passes: ShardPasses, _ context: QueryContext, shard: Int) {
    self =
      ShardFindings(known: passes, context.snapshot.shards[shard])
      ?? ShardFindings(counting: passes, ShardContext(context, shard: shard))
    groups.mark(passes.groups.keys.firstIndex(of: .recipient), shard: shard)
    populations?.mark(passes.populations?.keys.firstIndex(of: .recipient), shard: shard)
  }

  private init(counting passes: ShardPasses, _ context: ShardContext) {
    let messages = MessageGroups(passes.groups, context)
    var pass = ShardScan(passes.groups, context, messages)
    groups = pass.run()
    guard let divided = passes.populations else { return }
    var second = ShardScan(divided, context, messages)
    populations = second.run()
    populationOf = groups.messageGroups
  }

  /// What is known of a shard's recipients.
  private init?(known passes: ShardPasses, _ shard: ShardSnapshot) {
    guard let found = passes.knownGroups?.run(shard, passes.largest) else {
      // Asked for now, so that all is known together.
      _ = passes.knownPopulations?.table(of: [], shard)
      return nil
    }
    groups = found
    guard passes.populations != nil else { return }
    guard let known = passes.knownPopulations?.table(of: found.messageGroups, shard) else {
      return nil
    }
    populations = known
  }
}
