// Hashes: a 64-bit multiply-and-fold over 16 bytes a step (the construction of wyhash).
//
// `of` has the numbers that are on disk: its values decide the shard of a recipient and the identity of an event, so
// they never change. HashTests pins them. `keyed` has numbers of this process that nobody else knows, for tables in
// memory: who writes keys into logs could choose them so that all of them fall on one place of a table.
//
// SAFETY: every read stays inside the `count` bytes the caller vouches for.

internal import CKernels

package enum Hash {
  /// The numbers a hash is made with.
  private struct Seeds {
    let a, b, c: UInt64

    static let fixed = Seeds(
      a: 0xA076_1D64_78BD_642F, b: 0xE703_7ED1_A0B4_28DB, c: 0x8EBC_6AF0_9C88_C6E3)

    static let secret: Seeds = {
      var random = SystemRandomNumberGenerator()
      return Seeds(a: random.next() | 1, b: random.next() | 1, c: random.next() | 1)
    }()
  }

  /// The hash of the bytes of `slice`.
  package static func of(_ slice: ByteSlice) -> UInt64 { hash(slice, .fixed) }

  /// The hash of one integer.
  package static func of(_ value: UInt64) -> UInt64 {
    beacon_fold(value ^ Seeds.fixed.a, Seeds.fixed.b)
  }

  /// The hash of two integers.
  package static func of(_ first: UInt64, _ second: UInt64) -> UInt64 {
    hash(first, second, .fixed)
  }

  /// This process's hash of the bytes of `slice`.
  package static func keyed(_ slice: ByteSlice) -> UInt64 { hash(slice, .secret) }

  /// This process's hash of two integers.
  package static func keyed(_ first: UInt64, _ second: UInt64) -> UInt64 {
    hash(first, second, .secret)
  }

  @inline(__always)
  private static func hash(_ slice: ByteSlice, _ seeds: Seeds) -> UInt64 {
    let count = slice.count
    let base = UnsafeRawPointer(slice.base)
    var state = seeds.a ^ UInt64(truncatingIfNeeded: count)
    var offset = 0
    while count &- offset > 16 {
      state = beacon_fold(word(base, offset) ^ seeds.b, word(base, offset &+ 8) ^ state)
      offset &+= 16
    }
    let (low, high) = tail(base, offset, count &- offset)
    let folded = beacon_fold(low ^ seeds.b, high ^ state)
    return beacon_fold(seeds.c ^ UInt64(truncatingIfNeeded: count), folded)
  }

  @inline(__always)
  private static func hash(_ first: UInt64, _ second: UInt64, _ seeds: Seeds) -> UInt64 {
    beacon_fold(beacon_fold(first ^ seeds.a, seeds.b) ^ second, seeds.c)
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
