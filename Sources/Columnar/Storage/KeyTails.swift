// What follows the last `@` of keys, with it: the tails that keys may share, each with a number of one byte. The first
// 255 that come have one. Of many addresses most end like others, and the usual endings come early.
//
// SAFETY: a tail lies within the key that first ended so, which never moves; `texts` has 256 elements, of which readers
// see those that keys before their count have; `slots` has `slotCount` of them, half of them empty.

internal import Base

final class KeyTails: @unchecked Sendable {
  /// By number; the first one is that of keys that stand whole.
  private let texts: UnsafeMutablePointer<ByteSlice>
  /// Numbers, each where its tail's hash says or behind that; 0 where there is none.
  private let slots: UnsafeMutablePointer<UInt8>
  private var count = 1

  private static let countMax = 256
  private static let slotCount = 512

  init() {
    texts = .allocate(capacity: KeyTails.countMax)
    texts.initialize(repeating: .empty, count: KeyTails.countMax)
    slots = .allocate(capacity: KeyTails.slotCount)
    slots.initialize(repeating: 0, count: KeyTails.slotCount)
  }

  deinit {
    texts.deallocate()
    slots.deallocate()
  }

  /// The tail with a number.
  @inline(__always)
  subscript(number: UInt8) -> ByteSlice { texts[Int(number)] }

  /// The tail of a key; nil when it has none.
  static func tail(of key: ByteSlice) -> ByteSlice? {
    ByteSearch.lastIndex(of: ASCII.at, in: key).map { key.suffix(from: $0) }
  }

  /// The number of a tail; 0 when it has none.
  func number(of tail: ByteSlice) -> UInt8 { slots[slot(of: tail)] }

  /// Gives a tail without a number the next one, if there is one left.
  ///
  /// - Parameter tail: where it stays.
  func add(_ tail: ByteSlice) {
    guard count < KeyTails.countMax else { return }
    texts[count] = tail
    slots[slot(of: tail)] = UInt8(count)
    count += 1
  }

  /// Where a tail has its number, or would have it.
  private func slot(of tail: ByteSlice) -> Int {
    var slot = Int(truncatingIfNeeded: Hash.keyed(tail)) & (KeyTails.slotCount - 1)
    while slots[slot] != 0, texts[Int(slots[slot])] != tail {
      slot = (slot + 1) & (KeyTails.slotCount - 1)
    }
    return slot
  }
}
