// The columns of recipients, campaigns or links: entries of a dictionary, by ordinal.
//
// SAFETY: blocks lie below the dictionary's count; a slot's scratch holds Limits.blockRowCount codes.

internal import Base
internal import Columnar

final class EntityRows: RowSource {
  private let context: ShardContext
  private let source: Source
  private var slots = ColumnSlots()
  private var rows = 0..<0

  init(_ context: ShardContext, _ source: Source) {
    self.context = context
    self.source = source
  }

  /// How many rows this shard has; campaigns and links belong to all shards, and to the first one here.
  var count: Int {
    switch source {
    case .recipients: context.shard.recipients.count
    case .campaigns where context.index == 0: context.query.snapshot[.campaign].count
    case .links where context.index == 0: context.query.snapshot[.link].count
    default: 0
    }
  }

  func show(_ rows: Range<Int>) {
    self.rows = rows
    slots.invalidate()
  }

  func appendPlaces(of rows: UnsafeBufferPointer<UInt32>, to column: inout FrameColumn) {
    for row in rows { column.append(RowPlace(self.rows.lowerBound + Int(row)), isNull: false) }
  }

  func show(_ places: ArraySlice<RowPlace>) -> Int {
    let first = places.first.map { Int($0) } ?? 0
    var end = first
    for place in places.prefix(Limits.blockRowCount) {
      guard Int(place) == end else { break }
      end += 1
    }
    show(first..<end)
    return end - first
  }

  func slot(_ key: ColumnKey) -> ColumnSlot { slots.slot(key) { make(key) } }

  private func make(_ key: ColumnKey) -> ColumnSlot {
    guard case .dimension(let dimension) = key else {
      preconditionFailure("\(source.rawValue) have no \(key)")
    }
    let reader = DimensionReader(dimension, context)
    let codes = codes(dimension)
    return ColumnSlot(reader.vector) { [unowned self] in
      withUnsafeTemporaryAllocation(of: Code.self, capacity: Limits.blockRowCount) { scratch in
        guard let base = scratch.baseAddress else { return }
        let rows = rows
        for row in 0..<rows.count {
          let ordinal = rows.lowerBound + row
          // The key's own code is its ordinal plus one; attributes may know only the first entries.
          base[row] =
            codes.map { ordinal < $0.count ? Code($0[ordinal]) : 0 } ?? Code(ordinal + 1)
        }
        reader.read(base, rows.count)
      }
    }
  }

  /// Codes by ordinal; nil for the key itself.
  private func codes(_ dimension: Dimension) -> [UInt32]? {
    switch dimension {
    case .recipient, .campaign, .link: return nil
    case .domain: return context.shard.recipientDomains.decodedCodes()
    case .recipientAttribute(let index):
      guard index < context.shard.recipientAttributes.count else { return [] }
      return context.shard.recipientAttributes[index].decodedCodes()
    case .campaignAttribute(let index):
      return context.query.snapshot.campaignAttributes[index].codes
    case .linkAttribute(let index): return context.query.snapshot.linkAttributes[index].codes
    case .absentLinkAttribute: return []
    default: preconditionFailure("\(source.rawValue) have no \(dimension)")
    }
  }
}
