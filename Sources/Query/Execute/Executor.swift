// Runs a plan: every shard on its own, all shards in parallel, one merge, then HAVING, ORDER BY and LIMIT.

package import Base
package import Columnar
internal import Synchronization

package struct Executor: Sendable {
  /// Runs a body for each index below the count, on as many threads as the caller has for it.
  package typealias Parallel = @Sendable (Int, @escaping @Sendable (Int) -> Void) -> Void

  private let snapshot: Snapshot
  private let parallel: Parallel
  private let prunes: Bool

  /// - Parameter prunes: whether zone maps may skip blocks; tests turn it off.
  package init(_ snapshot: Snapshot, prunes: Bool = true, parallel: @escaping Parallel) {
    self.snapshot = snapshot
    self.prunes = prunes
    self.parallel = parallel
  }

  /// Parses, binds and answers a query.
  ///
  /// - Parameter cancellation: stops the work; the error then says so.
  package func answer(
    _ text: [UInt8], settings: QuerySettings = QuerySettings(),
    cancellation: Cancellation = Cancellation()
  ) throws(QueryError) -> ResultTable {
    var plan = try Binder.bind(try Parser.statement(text), snapshot, settings: settings)
    plan.prunes = prunes
    return try run(plan)
  }

  /// Answers a plan.
  package func run(_ plan: Plan) throws(QueryError) -> ResultTable {
    let context = QueryContext(snapshot, plan.settings, keys: plan.keys)
    let (groups, populations) = count(plan, context)
    return try ResultBuilder(plan, context, groups, populations).build()
  }

  private func count(
    _ plan: Plan, _ context: QueryContext
  ) -> (groups: GroupTable, populations: GroupTable?) {
    let scan = plan.scan
    let populationScan = plan.populationScan
    let results = Mutex([ShardFindings?](repeating: nil, count: snapshot.shards.count))
    parallel(snapshot.shards.count) { index in
      let shard = ShardContext(context, snapshot.shards[index])
      let findings = ShardFindings(scan, populationScan, shard)
      results.withLock { $0[index] = findings }
    }
    let findings = results.withLock { $0.compactMap { $0 } }
    let groups = GroupTable.merge(
      findings.map(\.groups), recipientKey: scan.keys.firstIndex(of: .recipient))
    let found = findings.compactMap(\.populations)
    let populations = populationScan.flatMap { populationScan in
      found.isEmpty
        ? nil
        : GroupTable.merge(found, recipientKey: populationScan.keys.firstIndex(of: .recipient))
    }
    return (groups, populations)
  }
}

/// What one shard contributes to an answer.
private struct ShardFindings: Sendable {
  var groups: GroupTable
  var populations: GroupTable?

  /// A flat plan counts its populations in the same pass, and each group is its own population.
  init(_ scan: ScanPlan, _ populationScan: ScanPlan?, _ context: ShardContext) {
    guard let populationScan else {
      var pass = ShardScan(scan, context)
      groups = pass.run()
      return
    }
    if scan.isFlat {
      var both = scan
      both.quantities.formUnion(populationScan.quantities)
      var pass = ShardScan(both, context)
      groups = pass.run()
      return
    }
    var pass = ShardScan(scan, context)
    groups = pass.run()
    var second = ShardScan(populationScan, context)
    populations = second.run()
  }
}
