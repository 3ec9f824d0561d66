// A shard's groups by recipient, without a look at messages: what those of each recipient add up to is known
// (`RecipientSums`). It serves plans that ask for recipients alone, and for no more than states, and opens and clicks
// at any time.
//
// SAFETY: sums have one element for each recipient.

internal import Base
internal import Columnar

struct RecipientScan: Sendable {
  private let plan: ScanPlan
  private let sums: PlannedSums

  /// - Returns: nil when sums by recipient do not answer the plan.
  init?(_ plan: ScanPlan, _ context: QueryContext) {
    guard plan.keys == [.recipient], plan.messageConditions.isEmpty,
      let sums = PlannedSums(plan, context)
    else { return nil }
    self.plan = plan
    self.sums = sums
  }

  /// The groups of a shard.
  ///
  /// - Parameter largest: the groups that are wanted; nil for all.
  /// - Returns: nil when sums are not known, or recipients who are wanted may have events of other kinds only.
  func run(_ shard: ShardSnapshot, _ largest: LargestGroups? = nil) -> GroupTable? {
    // Whoever has messages has a group in a flat plan, for they all have events.
    let isOfAll = plan.isFlat && plan.listsAllGroups
    guard let found = known(shard, isOfAll ? [.messages] : []) else { return nil }
    guard plan.listsAllGroups else {
      return table(of: (0..<UInt32(shard.recipients.count)).map { $0 }, found)
    }
    let listing = sums.amounts.indices.filter { sums.amounts[$0].sum.makesGroups }
    // Who has as much as the last one wanted is listed, whatever others have.
    if isOfAll, (largest?.least ?? 0) == 0,
      shard.sums.areOfAll(listing.map { sums.amounts[$0].sum }) != true
    {
      return nil
    }
    let listed = SeenPlaces(listing.map { found[$0].amounts })
    guard let largest, let leading = leading(largest) else { return table(of: listed.all, found) }
    return table(of: listed.largest(largest, by: found[leading]), found)
  }

  /// What the last of the largest groups of some shards has at the least, as far as that is known without going through
  /// recipients; 0 where nothing is.
  func least(of largest: LargestGroups, in shards: [ShardSnapshot]) -> UInt32 {
    guard largest.count > 0, plan.listsAllGroups, let leading = leading(largest),
      sums.amounts[leading].sum.isOfGroups
    else { return 0 }
    let sum = sums.amounts[leading].sum
    let amounts = shards.flatMap { $0.sums.known(sum)?.leaders.map(\.amount) ?? [] }
    return amounts.count < largest.count ? 0 : amounts.sorted(by: >)[largest.count - 1]
  }

  /// Which amount decides what groups are largest.
  private func leading(_ largest: LargestGroups) -> Int? {
    sums.amounts.firstIndex { $0.quantity == largest.quantity }
  }

  /// The table of some recipients; nil when sums are not known.
  func table(of recipients: [UInt32], _ shard: ShardSnapshot) -> GroupTable? {
    known(shard, []).map { table(of: recipients, $0) }
  }

  /// The sums of each amount, and of others behind them.
  private func known(_ shard: ShardSnapshot, _ others: [MessageSum]) -> [RecipientSum]? {
    guard shard.segments.reduce(0, { $0 + $1.rowCount }) <= Int(UInt32.max) else { return nil }
    return shard.sums.sums(sums.amounts.map(\.sum) + others, of: shard)
  }

  private func table(of recipients: [UInt32], _ found: [RecipientSum]) -> GroupTable {
    var table = GroupTable(keyCount: 1)
    table.count = recipients.count
    table.codes[0] = recipients.map { Code($0) + 1 }
    table.messageGroups = recipients
    for quantity in plan.quantities {
      if let index = sums.amounts.firstIndex(where: { $0.quantity == quantity }) {
        table.sums[quantity.rawValue] = found[index].amounts
      } else {
        table.quantities[quantity.rawValue] = [Int64](repeating: 0, count: recipients.count)
      }
    }
    return table
  }
}

/// The places at which one of some equally long arrays has something.
private struct SeenPlaces {
  private let arrays: [[UInt32]]

  init(_ arrays: some Sequence<[UInt32]>) { self.arrays = Array(arrays) }

  private func isSeen(_ place: Int) -> Bool { arrays.contains { $0[place] != 0 } }

  /// Something for each place that is seen, 0 for the others.
  private var marks: [UInt32] {
    guard var marks = arrays.first else { return [] }
    for other in arrays.dropFirst() {
      marks.withUnsafeMutableBufferPointer { marks in
        other.withUnsafeBufferPointer { other in
          for place in marks.indices { marks[place] |= other[place] }
        }
      }
    }
    return marks
  }

  /// All of them, ascending.
  var all: [UInt32] {
    let any = marks
    return [UInt32](unsafeUninitializedCapacity: any.count) { places, count in
      any.withUnsafeBufferPointer { any in
        for place in any.indices {
          places[count] = UInt32(truncatingIfNeeded: place)
          count &+= any[place] == 0 ? 0 : 1
        }
      }
    }
  }

  /// Those with the largest amounts, and those with as much as the last of these, ascending.
  func largest(_ wanted: LargestGroups, by sum: RecipientSum) -> [UInt32] {
    if wanted.count == 0 { return [] }
    if wanted.least > sum.floor {
      return sum.leaders.filter { $0.amount >= wanted.least && isSeen(Int($0.recipient)) }
        .map(\.recipient)
    }
    if wanted.count > sum.amounts.count / 2 { return all }
    return largest(wanted, by: sum.amounts)
  }

  private func largest(_ wanted: LargestGroups, by values: [UInt32]) -> [UInt32] {
    var places: [UInt32] = []
    var (least, room): (UInt32, Int) = (wanted.least, wanted.count * 2)
    places.reserveCapacity(room)
    values.withUnsafeBufferPointer { values in
      for place in values.indices where values[place] >= least && isSeen(place) {
        places.append(UInt32(truncatingIfNeeded: place))
        guard places.count == room else { continue }
        least = SeenPlaces.cut(&places, wanted.count, by: values)
        room = max(places.count, wanted.count) * 2
      }
      _ = SeenPlaces.cut(&places, wanted.count, by: values)
    }
    return places
  }

  /// Drops the places with less than the `count` largest values.
  ///
  /// - Returns: the last of these.
  private static func cut(
    _ places: inout [UInt32], _ count: Int, by values: UnsafeBufferPointer<UInt32>
  ) -> UInt32 {
    guard places.count > count else { return 0 }
    let least = places.map { values[Int($0)] }.sorted(by: >)[count - 1]
    places.removeAll { values[Int($0)] < least }
    return least
  }
}

extension MessageSum {
  /// Whether who has some of it has events that are asked for.
  fileprivate var makesGroups: Bool {
    switch self {
    case .events, .inAnyState: true
    case .messages, .inState, .engaged: false
    }
  }

  /// Whether who has some of it has a group: who is engaged has events of a kind that is asked for.
  fileprivate var isOfGroups: Bool {
    if case .engaged = self { true } else { makesGroups }
  }
}
