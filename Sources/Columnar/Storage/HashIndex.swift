// The look-up table of a dictionary, made when it is first needed: a process that only answers questions never pays for
// it. It lives behind one pointer, so that a look-up costs no exclusivity check.
//
// SAFETY: the pointer is valid until `deallocate`; one writer at a time, as for the dictionary.

internal import Base

struct HashIndex {
  /// Nil until a look-up needs it.
  private let made: UnsafeMutablePointer<SlotTable?>

  init() {
    made = .allocate(capacity: 1)
    made.initialize(to: nil)
  }

  func deallocate() {
    made.pointee?.deallocate()
    made.deallocate()
  }

  /// Memory of the table, if there is one.
  var byteCount: Int { made.pointee?.byteCount ?? 0 }

  /// The table; of the dictionary's `count` entries, if it has to be made.
  @inline(__always)
  func table(count: Int, hash: (UInt32) -> UInt64) -> SlotTable {
    if let table = made.pointee { return table }
    return make(count, hash)
  }

  @inline(never)
  private func make(_ count: Int, _ hash: (UInt32) -> UInt64) -> SlotTable {
    let fresh = SlotTable(count: count)
    for ordinal in 0..<UInt32(count) { fresh.insert(hash(ordinal), ordinal) }
    made.pointee = fresh
    return fresh
  }

  /// Enters the last of now `count` entries where the look-up ended that did not find it.
  @inline(__always)
  func enter(_ hash: UInt64, at slot: Int, in table: SlotTable, count: Int) {
    table.slots[slot] = SlotTable.slot(hash, UInt32(truncatingIfNeeded: count &- 1))
    if table.isCrowded(count) { made.pointee = table.grown(count: count) }
  }
}
