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

  /// - Parameter largest: the groups that are wanted; nil for all. There may be more.
  init(
    _ scan: ScanPlan, _ populationScan: ScanPlan?, _ context: ShardContext,
    _ largest: LargestGroups? = nil
  ) {
    // A flat plan counts its populations in the same pass, and each group is its own population.
    var whole = scan
    if scan.isFlat, let populationScan { whole.quantities.formUnion(populationScan.quantities) }
    let divided = scan.isFlat ? nil : populationScan
    if let known = ShardFindings(known: whole, divided, context, largest) {
      self = known
      return
    }
    let messages = MessageGroups(scan, context)
    var pass = ShardScan(whole, context, messages)
    groups = pass.run()
    guard let divided else { return }
    var second = ShardScan(divided, context, messages)
    populations = second.run()
    populationOf = groups.messageGroups
  }

  /// Puts the shard's number above the codes of recipients.
  mutating func mark(_ scan: ScanPlan, _ populationScan: ScanPlan?, shard: Int) {
    groups.mark(scan.keys.firstIndex(of: .recipient), shard: shard)
    populations?.mark(populationScan?.keys.firstIndex(of: .recipient), shard: shard)
  }

  /// What is known of a shard's recipients.
  private init?(
    known scan: ScanPlan, _ populationScan: ScanPlan?, _ context: ShardContext,
    _ largest: LargestGroups?
  ) {
    let found = RecipientScan(scan, context.query)?.run(context.shard, largest)
    let divisors = populationScan.map { RecipientScan($0, context.query) }
    guard let found else {
      // Asked for now, so that all is known together.
      _ = divisors??.table(of: [], context.shard)
      return nil
    }
    groups = found
    guard let divisors else { return }
    guard let known = divisors?.table(of: found.messageGroups, context.shard) else { return nil }
    populations = known
  }
}
