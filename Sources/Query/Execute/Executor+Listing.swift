// Listings: all rows with all their columns, or, of a listing with LIMIT, its candidates of all shards and then the
// columns of those that are left.

internal import Base

extension Executor {
  /// The rows of a listing; with LIMIT these are the wanted ones and those that may stand in for one of them.
  func listing(
    _ plan: RowPlan, _ context: QueryContext, _ control: QueryControl
  ) throws(QueryError) -> Frame {
    guard let listing = ShortListing(plan) else {
      let found = inShards { shard -> Frame? in
        guard case .rows(let frame) = RowScan(plan, ShardContext(context, shard: shard)).run()
        else { return nil }
        return frame
      }
      return try joined(found.compactMap { $0 }, plan, context, control)
    }
    let found = inShards { shard in
      var scan = CandidateScan(listing, ShardContext(context, shard: shard))
      return scan.run()
    }
    try control.check()
    let candidates = listing.candidates(found, context)
    let frames = inShards { shard -> Frame? in
      // A shard without rows only says of which type its columns are, and for that one will do.
      if candidates[shard].rowCount == 0, shard > 0 { return nil }
      return listing.read(candidates[shard], ShardContext(context, shard: shard))
    }
    return try joined(frames.compactMap { $0 }, plan, context, control)
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
