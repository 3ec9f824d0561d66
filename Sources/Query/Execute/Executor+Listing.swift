// Listings: all rows with all their columns, or, of a listing with LIMIT, its candidates of all shards and then the
// columns of those that are left.

internal import Base
internal import Columnar

extension Executor {
  /// The rows of a listing; with LIMIT these are the wanted ones and those that may stand in for one of them.
  func listing(
    _ plan: RowPlan, _ context: QueryContext, _ control: QueryControl
  ) throws(QueryError) -> Frame {
    let person = plan.person(in: snapshot)
    let profiles = profiles(plan, context)
    guard let listing = ShortListing(plan) else {
      let parts = parts(plan, person)
      let found = inShards(parts.indices.map { $0 }) { part -> Frame? in
        let context = ShardContext(
          context, shard: parts[part].shard, parts[part].segments, person: person)
        guard case .rows(let frame) = RowScan(plan, context, profiles).run() else { return nil }
        return frame
      }
      return try joined(found.compactMap { $0 }, plan, context, control)
    }
    let found = inShards(plan.shards) { shard in
      let context = ShardContext(context, shard: shard, person: person)
      var scan = CandidateScan(listing, context, profiles)
      return scan.run()
    }
    try control.check()
    let all = listing.candidates(found, context)
    let shards = plan.shards ?? Array(all.indices)
    let candidates = Dictionary(uniqueKeysWithValues: zip(shards, all))
    // A shard without rows only says of which type its columns are, and for that one will do.
    let wanted = shards.filter { $0 == shards.first || candidates[$0]?.rowCount ?? 0 > 0 }
    let frames = inShards(wanted) { shard -> Frame? in
      candidates[shard].map {
        listing.read($0, ShardContext(context, shard: shard, person: person))
      }
    }
    return try joined(frames.compactMap { $0 }, plan, context, control)
  }

  /// What is read side by side: shards, or of the only one the segments before some row and those behind it.
  private func parts(_ plan: RowPlan, _ person: Person?) -> [(shard: Int, segments: Range<Int>)] {
    let shards = plan.shards ?? Array(snapshot.shards.indices)
    guard shards.count == 1, let shard = shards.first, plan.source == .events, person == nil,
      plan.mayPass(in: snapshot.shards[shard])
    else {
      return shards.map { ($0, snapshot.shards[$0].segments.indices) }
    }
    let counts = snapshot.shards[shard].segments.map(\.rowCount)
    let half = counts.reduce(0, +) / 2
    var (middle, before) = (0, 0)
    while middle < counts.count, before < half {
      before += counts[middle]
      middle += 1
    }
    guard half * 2 >= partedRowCountMin, 0 < middle, middle < counts.count else {
      return [(shard, counts.indices)]
    }
    return [(shard, 0..<middle), (shard, middle..<counts.count)]
  }

  private func joined(
    _ frames: [Frame], _ plan: RowPlan, _ context: QueryContext, _ control: QueryControl
  ) throws(QueryError) -> Frame {
    try control.check()
    let frame = Frame.joined(frames)
    context.checkRows(min(frame.rowCount, plan.wantedRowCount ?? .max))
    try control.check()
    return frame
  }
}

extension ShortListing {
  /// Of the candidates of each shard those that may be wanted when all of them are known.
  fileprivate func candidates(_ found: [Frame], _ context: QueryContext) -> [Frame] {
    let all = Frame.joined(found)
    let order = leading.rowOrder(all) { context.mustStop }
    var rows = order.upTo(wantedRowCount, of: Array(0..<all.rowCount)).rows[...]
    var start = 0
    return found.map { frame in
      let kept = rows.prefix { $0 < start + frame.rowCount }
      rows = rows.dropFirst(kept.count)
      defer { start += frame.rowCount }
      return frame.keeping(kept.map { $0 - start })
    }
  }
}
