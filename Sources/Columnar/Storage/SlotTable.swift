// The look-up table of a dictionary: open addressing over 64-bit slots, each the lower half of a hash and an ordinal
// plus one. That half is also what a slot's place follows from, so slots are in the order of their hashes, and a table
// grows without a look at what it is a table of. It lives behind one pointer, so that probing costs no exclusivity
// check.
//
// SAFETY: `slots` has `slotCount` elements, at least a third of them empty, so that every probe ends.

internal import Base

struct SlotTable {
  private(set) var slots: UnsafeMutablePointer<UInt64>
  private let slotCount: Int

  /// A table with room for `count` entries and half as many more. Growing by half and not twofold, tables are never
  /// emptier than four ninths.
  init(count: Int) {
    slotCount = max(64, count * 9 / 4)
    slots = .allocate(capacity: slotCount)
    let byteCount = slotCount * MemoryLayout<UInt64>.stride
    if byteCount >= LargePages.byteCountMin { LargePages.advise(slots, byteCount: byteCount) }
    slots.initialize(repeating: 0, count: slotCount)
  }

  /// A table with the same entries, of which there are `count`, and room for half as many more. The old one is gone.
  consuming func grown(count: Int) -> SlotTable {
    let larger = SlotTable(count: count)
    for index in 0..<slotCount where slots[index] != 0 { larger.insert(slots[index]) }
    deallocate()
    return larger
  }

  /// Memory of the slots.
  var byteCount: Int { slotCount * MemoryLayout<UInt64>.stride }

  func deallocate() { slots.deallocate() }

  /// Whether `count` entries are too many for it.
  @inline(__always)
  func isCrowded(_ count: Int) -> Bool { count &* 3 >= slotCount &* 2 }

  @inline(__always)
  func start(_ hash: UInt64) -> Int {
    // The lower half of the hash as a fraction of the table.
    let product = (hash & 0xFFFF_FFFF) &* UInt64(truncatingIfNeeded: slotCount)
    return Int(truncatingIfNeeded: product >> 32)
  }

  @inline(__always)
  func next(_ index: Int) -> Int { index &+ 1 == slotCount ? 0 : index &+ 1 }

  /// The ordinal in a slot whose hash agrees with `hash`, or nil.
  @inline(__always)
  static func candidate(_ slot: UInt64, _ hash: UInt64) -> UInt32? {
    slot >> 32 == hash & 0xFFFF_FFFF ? UInt32(truncatingIfNeeded: slot) &- 1 : nil
  }

  /// The ordinal that a look-up of `hash` looks at first, or nil.
  @inline(__always)
  func firstCandidate(_ hash: UInt64) -> UInt32? {
    let slot = slots[start(hash)]
    return slot == 0 ? nil : SlotTable.candidate(slot, hash)
  }

  @inline(__always)
  static func slot(_ hash: UInt64, _ ordinal: UInt32) -> UInt64 {
    hash &<< 32 | UInt64(ordinal &+ 1)
  }

  /// Looks for the entry with this hash for which `isWanted` holds.
  ///
  /// - Returns: its ordinal; nil, and the slot where it would be entered, when there is none.
  @inline(__always)
  func find(_ hash: UInt64, _ isWanted: (UInt32) -> Bool) -> (ordinal: UInt32?, slot: Int) {
    var index = start(hash)
    while slots[index] != 0 {
      if let ordinal = SlotTable.candidate(slots[index], hash), isWanted(ordinal) {
        return (ordinal, index)
      }
      index = next(index)
    }
    return (nil, index)
  }

  /// Enters an ordinal that is not there.
  func insert(_ hash: UInt64, _ ordinal: UInt32) { insert(SlotTable.slot(hash, ordinal)) }

  private func insert(_ slot: UInt64) {
    var index = start(slot >> 32)
    while slots[index] != 0 { index = next(index) }
    slots[index] = slot
  }
}
