// The rows of a shard that may be among the first of a listing, as far as the columns tell that come first in its
// order.

internal import Base
internal import Columnar

struct CandidateScan {
  private let listing: ShortListing
  private let context: ShardContext
  private let scan: RowScan
  private let wanted: Int
  private var frame = Frame(columns: [])
  /// The time behind which no row is wanted; nil when nothing is known, or when time does not come first.
  private var lastTime: Int64?

  /// So many more rows than wanted are kept: until they are cut to those, and where nothing tells them apart yet.
  private static let spareRowCount = 16_384

  /// - Parameter profiles: what they say of the plan, where they are known.
  init(_ listing: ShortListing, _ context: ShardContext, _ profiles: PlanProfiles?) {
    self.listing = listing
    self.context = context
    scan = RowScan(listing.leading, context, profiles)
    wanted = listing.wantedRowCount
  }

  /// The leading columns and, last, the places of the rows.
  mutating func run() -> Frame {
    let evaluators = scan.listed
    frame.columns = evaluators.map { FrameColumn($0.output.type, pool: $0.output.pool) }
    frame.columns.append(FrameColumn(.integer))
    if wanted == 0 { return frame }
    var full = wanted + CandidateScan.spareRowCount
    scan.forEachBlock(
      latestFirst: listing.isLatestFirst ?? false, where: { mayBeWanted($0) }
    ) { rowCount, rows in
      for (index, evaluator) in evaluators.enumerated() {
        frame.columns[index].append(evaluator.run(rowCount), rows: rows)
      }
      scan.source.appendPlaces(of: rows, to: &frame.columns[evaluators.count])
      frame.rowCount += rows.count
      context.query.checkRows(min(frame.rowCount, wanted))
      if frame.rowCount > full {
        cut()
        full = frame.rowCount + wanted + CandidateScan.spareRowCount
      }
    }
    cut()
    return frame
  }

  private func mayBeWanted(_ block: EventBlock) -> Bool {
    guard let lastTime, let zone = block.zone(.time) else { return true }
    return listing.isLatestFirst == true
      ? TimeBias.load(zone.maximum) >= lastTime : TimeBias.load(zone.minimum) <= lastTime
  }

  /// Drops the rows that cannot be wanted.
  private mutating func cut() {
    let order = listing.leading.rowOrder(frame) { [query = context.query] in query.mustStop }
    let (rows, last) = order.upTo(wanted, of: Array(0..<frame.rowCount))
    if let last, listing.isLatestFirst != nil, let key = listing.leading.order.first {
      lastTime = Cell.integer(frame.columns[key.column].words[last])
    }
    frame = frame.keeping(rows)
    if frame.rowCount - wanted > CandidateScan.spareRowCount { cutEquals() }
  }

  /// Where too many rows are equal to keep them all, what decides between them is read right now.
  private mutating func cutEquals() {
    let whole = listing.read(frame, context)
    if context.query.mustStop { return }
    let order = listing.whole.rowOrder(whole) { [query = context.query] in query.mustStop }
    frame = frame.keeping(order.first(wanted, of: Array(0..<frame.rowCount)).sorted())
  }
}
