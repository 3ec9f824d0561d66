// The identities of events that carried an id: a set of non-zero 64-bit hashes. Two different events of one
// shard collide with probability n²/2⁶⁵: one in four million for a shard with three million ids.

internal import Base
internal import Columnar

struct IdentitySet: ~Copyable {
  private var slots: UnsafeMutablePointer<UInt64>
  private var slotMask: Int
  private var count = 0

  /// The identities of the rows of `segments`.
  init(of segments: [Segment]) {
    slotMask = 63
    // SAFETY: the table always has slotMask + 1 slots and at least a third of them empty.
    slots = .allocate(capacity: slotMask + 1)
    slots.initialize(repeating: 0, count: slotMask + 1)
    for segment in segments where segment.blocks(.identity).contains(where: { $0.maximum != 0 }) {
      insertAll(segment[.identity])
    }
  }

  deinit { slots.deallocate() }

  /// Memory of the table.
  var byteCount: Int { (slotMask + 1) * MemoryLayout<UInt64>.stride }

  /// Whether `identity` was not there before.
  mutating func insert(_ identity: UInt64) -> Bool {
    var index = start(identity)
    while slots[index] != 0 {
      if slots[index] == identity { return false }
      index = (index &+ 1) & slotMask
    }
    slots[index] = identity
    count &+= 1
    if count &* 3 > slotMask &* 2 { grow() }
    return true
  }

  /// Who sends ids knows their identities, and must not know their places.
  private func start(_ identity: UInt64) -> Int {
    Int(truncatingIfNeeded: Hash.keyed(identity, 0)) & slotMask
  }

  private mutating func insertAll(_ column: EncodedColumn) {
    var scratch = [UInt64](
      repeating: 0, count: Columnar.Limits.blockRowCount + Columnar.Limits.blockSlack)
    for block in column.blocks.indices where column.blocks[block].maximum != 0 {
      scratch.withUnsafeMutableBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        column.decode(block: block, into: base)
      }
      for row in 0..<column.blockRowCount(block) where scratch[row] != 0 {
        _ = insert(scratch[row])
      }
    }
  }

  private mutating func grow() {
    let old = UnsafeBufferPointer(start: slots, count: slotMask + 1)
    slotMask = slotMask * 2 + 1
    slots = .allocate(capacity: slotMask + 1)
    slots.initialize(repeating: 0, count: slotMask + 1)
    for identity in old where identity != 0 {
      var index = start(identity)
      while slots[index] != 0 { index = (index &+ 1) & slotMask }
      slots[index] = identity
    }
    old.deallocate()
  }
}
