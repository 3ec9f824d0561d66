// The distinct values of one block, in a small hash table that gives up early: most columns have
// either a handful of values or too many.
//
// SAFETY: the set owns its memory. Slots are masked to the table; entries and rows stay below their
// capacities, because a block has at most `Limits.blockRowCount` rows and collection stops at
// `countMax`.

struct ValueSet: ~Copyable {
  private static let slotBits: UInt64 = 13
  private static let slotCount = 1 << 13

  /// Per slot, 0 when it is free, and otherwise 1 more than the index of its value.
  private let slots = UnsafeMutablePointer<UInt16>.allocate(capacity: slotCount)
  /// The values in the order of their arrival.
  private let entries = UnsafeMutablePointer<UInt64>.allocate(
    capacity: EncodedBlock.dictionaryEntryCountMax)
  /// Per row, the index of its value among the entries.
  private let arrivals = UnsafeMutablePointer<UInt16>.allocate(capacity: Limits.blockRowCount)
  /// Per entry, its index among the sorted ones.
  private let ranks = UnsafeMutablePointer<UInt64>.allocate(
    capacity: EncodedBlock.dictionaryEntryCountMax)
  private(set) var count = 0

  init() {}

  deinit {
    slots.deallocate()
    entries.deallocate()
    arrivals.deallocate()
    ranks.deallocate()
  }

  /// Collects the distinct values of a block; false when there are more than `countMax`.
  mutating func collect(_ values: UnsafeBufferPointer<UInt64>, countMax: Int) -> Bool {
    precondition(countMax <= EncodedBlock.dictionaryEntryCountMax)
    precondition(values.count <= Limits.blockRowCount)
    slots.update(repeating: 0, count: ValueSet.slotCount)
    count = 0
    var row = 0
    while row < values.count {
      let value = values[row]
      let slot = self.slot(of: value)
      if slots[slot] == 0 {
        guard count < countMax else { return false }
        entries[count] = value
        count &+= 1
        slots[slot] = UInt16(truncatingIfNeeded: count)
      }
      arrivals[row] = slots[slot] &- 1
      row &+= 1
    }
    return true
  }

  /// Sorts the values into `sorted` and writes, per row of the block collected, the rank of its
  /// value to `codes`.
  ///
  /// - Parameter range: the smallest and the largest of the values.
  func rank(
    rowCount: Int, range: (UInt64, UInt64), sorted: UnsafeMutablePointer<UInt64>,
    codes: UnsafeMutablePointer<UInt64>
  ) {
    sorted.update(from: entries, count: count)
    ValueSort.sort(sorted, spare: ranks, count: count, minimum: range.0, maximum: range.1)
    var rank = 0
    while rank < count {
      ranks[Int(slots[slot(of: sorted[rank])] &- 1)] = UInt64(rank)
      rank &+= 1
    }
    var row = 0
    while row < rowCount {
      codes[row] = ranks[Int(arrivals[row])]
      row &+= 1
    }
  }

  /// The slot of `value`, or the free one where it would go. There is one: the table never fills.
  @inline(__always)
  private func slot(of value: UInt64) -> Int {
    var slot = Int(
      truncatingIfNeeded: (value &* 0x9E37_79B9_7F4A_7C15) &>> (64 &- ValueSet.slotBits))
    while slots[slot] != 0, entries[Int(slots[slot] &- 1)] != value {
      slot = (slot &+ 1) & (ValueSet.slotCount &- 1)
    }
    return slot
  }
}
