// The hash of dictionaries and of shard choice: a 64-bit multiply-and-fold over 16 bytes a step
// (the construction of wyhash). Its values decide the shard of a recipient and are therefore on disk:
// they never change. HashTests pins them.
//
// SAFETY: every read stays inside the `count` bytes the caller vouches for.

internal import CKernels

package enum Hash {
  private static let seedA: UInt64 = 0xA076_1D64_78BD_642F
  private static let seedB: UInt64 = 0xE703_7ED1_A0B4_28DB
  private static let seedC: UInt64 = 0x8EBC_6AF0_9C88_C6E3

  /// The hash of the bytes of `slice`.
  package static func of(_ slice: ByteSlice) -> UInt64 {
    let count = slice.count
    let base = UnsafeRawPointer(slice.base)
    var state = seedA ^ UInt64(truncatingIfNeeded: count)
    var offset = 0
    while count &- offset > 16 {
      state = beacon_fold(word(base, offset) ^ seedB, word(base, offset &+ 8) ^ state)
      offset &+= 16
    }
    let (low, high) = tail(base, offset, count &- offset)
    let folded = beacon_fold(low ^ seedB, high ^ state)
    return beacon_fold(seedC ^ UInt64(truncatingIfNeeded: count), folded)
  }

  /// The hash of one integer; for tables keyed by ordinals.
  package static func of(_ value: UInt64) -> UInt64 {
    beacon_fold(value ^ seedA, seedB)
  }

  /// The hash of two integers.
  package static func of(_ first: UInt64, _ second: UInt64) -> UInt64 {
    beacon_fold(beacon_fold(first ^ seedA, seedB) ^ second, seedC)
  }

  private static func word(_ base: UnsafeRawPointer, _ offset: Int) -> UInt64 {
    base.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
  }

  /// Up to 16 last bytes as two words; overlapping reads instead of a loop over bytes.
  private static func tail(
    _ base: UnsafeRawPointer, _ offset: Int, _ count: Int
  ) -> (UInt64, UInt64) {
    if count >= 8 { return (word(base, offset), word(base, offset &+ count &- 8)) }
    if count >= 4 {
      let first = base.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
      let last = base.loadUnaligned(fromByteOffset: offset &+ count &- 4, as: UInt32.self)
      return (UInt64(first), UInt64(last))
    }
    guard count > 0 else { return (0, 0) }
    let first = base.load(fromByteOffset: offset, as: UInt8.self)
    let middle = base.load(fromByteOffset: offset &+ count / 2, as: UInt8.self)
    let last = base.load(fromByteOffset: offset &+ count &- 1, as: UInt8.self)
    return (UInt64(first) << 16 | UInt64(middle) << 8 | UInt64(last), 0)
  }
}
