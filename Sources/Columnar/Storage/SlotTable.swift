// The look-up table of a dictionary: open addressing over 64-bit slots, each the upper half of a hash and an ordinal
// plus one. It lives behind one pointer, so that probing costs no exclusivity check.
//
// SAFETY: `slots` has `mask + 1` elements, at least a third of them empty, so that every probe ends.

internal import Base

struct SlotTable {
  private(set) var slots: UnsafeMutablePointer<UInt64>
  private(set) var mask: Int

  /// A table with room for `count` entries and more: twice as large as the one that `count` entries have crowded.
  init(count: Int) {
    var slotCount = 64
    while slotCount * 2 <= count * 3 { slotCount *= 2 }
    slots = .allocate(capacity: slotCount)
    slots.initialize(repeating: 0, count: slotCount)
    mask = slotCount - 1
  }

  /// Memory of the slots.
  var byteCount: Int { (mask + 1) * MemoryLayout<UInt64>.stride }

  func deallocate() { slots.deallocate() }

  /// Whether `count` entries are too many for it.
  @inline(__always)
  func isCrowded(_ count: Int) -> Bool { count &* 3 > mask &* 2 }

  @inline(__always)
  func start(_ hash: UInt64) -> Int { Int(truncatingIfNeeded: hash) & mask }

  @inline(__always)
  func next(_ index: Int) -> Int { (index &+ 1) & mask }

  /// The ordinal in a slot whose hash agrees with `hash`, or nil.
  @inline(__always)
  static func candidate(_ slot: UInt64, _ hash: UInt64) -> UInt32? {
    slot >> 32 == hash >> 32 ? UInt32(truncatingIfNeeded: slot) &- 1 : nil
  }

  @inline(__always)
  static func slot(_ hash: UInt64, _ ordinal: UInt32) -> UInt64 {
    (hash & ~0xFFFF_FFFF) | UInt64(ordinal &+ 1)
  }

  /// Enters an ordinal that is not there.
  func insert(_ hash: UInt64, _ ordinal: UInt32) {
    var index = start(hash)
    while slots[index] != 0 { index = next(index) }
    slots[index] = SlotTable.slot(hash, ordinal)
  }
}
