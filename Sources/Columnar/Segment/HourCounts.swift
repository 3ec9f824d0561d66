// How many opens and clicks each campaign had in each hour, those of people and those of machines apart. They add up
// over shards, so there is one table for all of them, and it grows with campaigns and hours, not with events.
//
// SAFETY: `ends` ascends, and its last is the count of `bytes`, which `encode` wrote: each number in them ends before
// its run does.

internal import Base

package struct HourCounts: Sendable {
  /// A campaign, a part and an hour, and how many events there are, or how many more.
  package struct Cell: Equatable, Sendable {
    /// Bits 32 and up: the run, which is a campaign's code and a part. Bits 0 to 31: the hour.
    fileprivate(set) var place: UInt64
    package fileprivate(set) var count: Int64

    /// - Parameter hour: since 1970, of UTC.
    package init(_ part: EngagementPart, campaign: UInt32, hour: Int32, count: Int64) {
      place = UInt64(HourCounts.run(part, campaign)) << 32 | UInt64(HourCounts.biased(hour))
      self.count = count
    }

    fileprivate init(place: UInt64, count: Int64) {
      (self.place, self.count) = (place, count)
    }

    fileprivate var run: Int { Int(place >> 32) }
  }

  /// By run: where it ends among the bytes. It begins where the one before ends.
  private var ends: [UInt32] = []
  /// The cells of the runs, ascending, none of them 0. For each its count less 1 and whether its hour is not the next
  /// one, then how far it is from the last: one byte for most of them, and few lines of memory for those of a campaign.
  private var bytes: [UInt8] = []
  /// How many are in the bytes.
  private var encodedCount = 0
  /// What is not in the bytes yet, ascending, one for each place. It is little: bytes are made anew when it would no
  /// longer be.
  private var pending: [Cell] = []

  /// No events.
  package init() {}

  package var byteCount: Int {
    bytes.count + ends.count * MemoryLayout<UInt32>.stride
      + pending.count * MemoryLayout<Cell>.stride
  }

  /// How many cells there are, those counted that are not in the bytes yet.
  package var cellCount: Int { encodedCount + pending.count }

  /// Adds the counts of `cells`, which ascend, one for each place.
  package mutating func add(_ cells: [Cell]) {
    pending = pending.isEmpty ? cells : HourCounts.sum(pending, cells)
    guard pending.count > max(Limits.blockRowCount, encodedCount / 8) else { return }
    encode(HourCounts.sum(encoded, pending))
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

  /// Calls `body` with the hours of a part of a campaign, since 1970 and of UTC, and their counts; an hour may come
  /// twice.
  package func forEach(
    _ part: EngagementPart, campaign: UInt32, _ body: (_ hour: Int64, _ count: Int64) -> Void
  ) {
    let run = HourCounts.run(part, campaign)
    forEach(run, body)
    for cell in pending[place(ofRun: run)...] {
      guard cell.run == run else { return }
      body(HourCounts.hour(UInt32(truncatingIfNeeded: cell.place)), cell.count)
    }
  }

  /// Where the cells of a run and those behind it begin among those that are not in the bytes yet.
  private func place(ofRun run: Int) -> Int {
    var (low, high) = (0, pending.count)
    while low < high {
      let middle = (low + high) / 2
      if pending[middle].run < run { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private func forEach(_ run: Int, _ body: (_ hour: Int64, _ count: Int64) -> Void) {
    guard run < ends.count else { return }
    bytes.withUnsafeBufferPointer { bytes in
      guard var next = bytes.baseAddress else { return }
      let end = next + Int(ends[run])
      next += run == 0 ? 0 : Int(ends[run - 1])
      var hour: UInt32 = 0
      while next < end {
        let word = HourCounts.number(&next)
        let distance = word & 1 == 0 ? 1 : HourCounts.number(&next)
        hour &+= UInt32(truncatingIfNeeded: distance)
        body(HourCounts.hour(hour), Int64(bitPattern: word) >> 1 &+ 1)
      }
    }
  }

  /// Reads what `ByteWriter.appendVarint` wrote, from bytes that are our own.
  @inline(__always)
  private static func number(_ next: inout UnsafePointer<UInt8>) -> UInt64 {
    var byte = next.pointee
    next += 1
    var (number, shift) = (UInt64(byte & 0x7F), 7 as UInt64)
    while byte >= 0x80 {
      byte = next.pointee
      next += 1
      number |= UInt64(byte & 0x7F) &<< shift
      shift &+= 7
    }
    return number
  }

  // MARK: Writing

  private var encoded: [Cell] {
    var cells: [Cell] = []
    cells.reserveCapacity(encodedCount)
    for run in ends.indices {
      forEach(run) { hour, count in
        let place = UInt64(run) << 32 | UInt64(HourCounts.biased(Int32(hour)))
        cells.append(Cell(place: place, count: count))
      }
    }
    return cells
  }

  /// - Parameter cells: ascending, one for each place.
  private mutating func encode(_ cells: [Cell]) {
    ends = []
    encodedCount = cells.count
    var writer = ByteWriter(capacity: cells.count * 2)
    var hour: UInt32 = 0
    for cell in cells {
      while ends.count < cell.run {
        ends.append(UInt32(writer.count))
        hour = 0
      }
      let next = UInt32(truncatingIfNeeded: cell.place)
      let isNext = next &- hour == 1
      writer.appendVarint(UInt64(bitPattern: cell.count &- 1) &<< 1 | (isNext ? 0 : 1))
      if !isNext { writer.appendVarint(UInt64(next &- hour)) }
      hour = next
    }
    ends.append(UInt32(writer.count))
    // A copy, in no more memory than it takes.
    bytes = writer.withSlice { $0.array }
  }

  // MARK: Places

  private static func run(_ part: EngagementPart, _ campaign: UInt32) -> Int {
    Int(campaign) * EngagementPart.allCases.count + part.rawValue
  }

  /// An hour as a number that ascends with it.
  private static func biased(_ hour: Int32) -> UInt32 { UInt32(bitPattern: hour) ^ 1 << 31 }

  private static func hour(_ biased: UInt32) -> Int64 { Int64(Int32(bitPattern: biased ^ 1 << 31)) }
}
