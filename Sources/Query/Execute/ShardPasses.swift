// What is counted in every shard, decided once for all of them.

internal import Base
internal import Columnar

struct ShardPasses: Sendable {
  /// Groups, with their populations where those are counted in the same pass.
  let groups: ScanPlan
  /// Nil where each group counts its own, or they are known already.
  let populations: ScanPlan?
  /// What is known of recipients, if it answers.
  let knownGroups: RecipientScan?
  let knownPopulations: RecipientScan?
  /// The groups that are wanted; nil for all. There may be more.
  private(set) var largest: LargestGroups?

  init(_ scan: ScanPlan, _ populationScan: ScanPlan?, _ context: QueryContext) {
    // A flat plan counts its populations in the same pass, and each group is its own population.
    var whole = scan
    if scan.isFlat, let populationScan { whole.quantities.formUnion(populationScan.quantities) }
    groups = whole
    populations = scan.isFlat ? nil : populationScan
    knownGroups = RecipientScan(whole, context)
    knownPopulations = populations.flatMap { RecipientScan($0, context) }
  }

  /// From now on no other groups are wanted.
  ///
  /// - Parameter shards: all that will be looked into.
  mutating func limit(to largest: LargestGroups, in shards: [ShardSnapshot]) {
    self.largest = largest
    self.largest?.least = knownGroups?.least(of: largest, in: shards) ?? 0
  }
}
