// How many opens and clicks each campaign had in each hour, those of people and those of machines apart. They add up
// over shards, so there is one table for all of them, and it grows with campaigns and hours, not with events.

internal import Base

package struct HourCounts: Sendable {
  /// A part, a campaign and an hour, and how many events there are, or how many more.
  package struct Cell: Equatable, Sendable {
    /// Bits 56 and up: the part. Bits 32 to 55: the campaign's code. Bits 0 to 31: the hour.
    fileprivate(set) var place: UInt64
    package fileprivate(set) var count: Int64

    /// - Parameter hour: since 1970, of UTC.
    package init(_ part: EngagementPart, campaign: UInt32, hour: Int32, count: Int64) {
      place = HourCounts.place(part, campaign, hour)
      self.count = count
    }

    fileprivate init(place: UInt64, count: Int64) {
      (self.place, self.count) = (place, count)
    }

    package var campaign: UInt32 { UInt32(truncatingIfNeeded: place >> 32 & 0xFF_FFFF) }
    /// Since 1970, of UTC.
    package var hour: Int64 {
      Int64(Int32(bitPattern: UInt32(truncatingIfNeeded: place) ^ 1 << 31))
    }
  }

  /// The places of the cells, ascending, and their counts, none of them 0.
  private var places = HourCounts.encoded([])
  private var counts = HourCounts.encoded([])
  /// What is not in the columns yet. It is little: columns are made anew when it would no longer be.
  private var pending: [Cell] = []

  /// No events.
  package init() {}

  package var byteCount: Int {
    places.byteCount + counts.byteCount + pending.count * MemoryLayout<Cell>.stride
  }

  /// How many cells there are, those counted that are not in the columns yet.
  package var cellCount: Int { places.rowCount + pending.count }

  /// Adds the counts of `cells`.
  package mutating func add(_ cells: [Cell]) {
    pending += cells
    guard pending.count > max(Limits.blockRowCount, places.rowCount / 8) else { return }
    let all = HourCounts.sum(zip(places.decoded(), counts.decoded()).map(Cell.init) + pending)
    places = HourCounts.encoded(all.map(\.place))
    counts = HourCounts.encoded(all.map { UInt64(bitPattern: $0.count) })
    pending = []
  }

  /// The cells with their places ascending, one for each place, without those whose counts are 0.
  package static func sum(_ cells: [Cell]) -> [Cell] {
    var sums: [Cell] = []
    for index in RadixSort.order(of: cells.map(\.place)) {
      let cell = cells[Int(index)]
      if let last = sums.last, last.place == cell.place {
        sums[sums.count - 1].count += cell.count
      } else {
        if sums.last?.count == 0 { sums.removeLast() }
        sums.append(cell)
      }
    }
    if sums.last?.count == 0 { sums.removeLast() }
    return sums
  }

  /// The sum of two lists of cells, both ascending and with one cell for each place; so is the sum.
  package static func sum(_ left: [Cell], _ right: [Cell]) -> [Cell] {
    var sums: [Cell] = []
    sums.reserveCapacity(max(left.count, right.count))
    var (leftNext, rightNext) = (0, 0)
    while leftNext < left.count, rightNext < right.count {
      let (one, other) = (left[leftNext], right[rightNext])
      leftNext += one.place <= other.place ? 1 : 0
      rightNext += other.place <= one.place ? 1 : 0
      if one.place == other.place {
        if one.count != -other.count {
          sums.append(Cell(place: one.place, count: one.count + other.count))
        }
      } else {
        sums.append(one.place < other.place ? one : other)
      }
    }
    return sums + left[leftNext...] + right[rightNext...]
  }

  // MARK: Reading

  /// Calls `body` with the cells of a part and of some campaigns, in no order; several may be of one place.
  package func forEach(
    _ part: EngagementPart, campaigns: ClosedRange<UInt32>, _ body: (Cell) -> Void
  ) {
    let wanted =
      HourCounts.place(
        part, campaigns.lowerBound, .min)...HourCounts.place(part, campaigns.upperBound, .max)
    for (block, zone) in places.blocks.enumerated()
    where wanted.overlaps(zone.minimum...zone.maximum) {
      let (places, counts) = (places.decoded(block: block), counts.decoded(block: block))
      for row in places.indices where wanted.contains(places[row]) {
        body(Cell(place: places[row], count: Int64(bitPattern: counts[row])))
      }
    }
    for cell in pending where wanted.contains(cell.place) { body(cell) }
  }

  private static func place(_ part: EngagementPart, _ campaign: UInt32, _ hour: Int32) -> UInt64 {
    UInt64(part.rawValue) << 56 | UInt64(campaign) << 32
      | UInt64(UInt32(bitPattern: hour) ^ 1 << 31)
  }

  private static func encoded(_ values: [UInt64]) -> EncodedColumn {
    values.withUnsafeBufferPointer { EncodedColumn(encoding: $0) }
  }
}

extension HourCounts.Cell {
  fileprivate init(_ place: UInt64, _ count: UInt64) {
    self.init(place: place, count: Int64(bitPattern: count))
  }
}
