// Recognises content that was seen before, whatever file it came in: 128 bits of a stream, the same
// however the stream is cut into chunks. Not cryptographic: it guards against feeding a file twice,
// not against forgers. Its values are on disk and never change; ContentHashTests pins them.
//
// Four lanes take 16 bytes each of every 64-byte block with one multiplication, independently of
// each other, so that a processor works on all four at once. A lane is never lost to a factor of
// zero: the product is added to it, not put in its place.
//
// SAFETY: blocks are read only where 64 bytes are left of the slice; the carry holds fewer than 64.

internal import CKernels

/// A hash in the making.
package struct ContentHash: Sendable {
  private static let seeds: SIMD8<UInt64> = [
    0xA076_1D64_78BD_642F, 0xE703_7ED1_A0B4_28DB, 0x8EBC_6AF0_9C88_C6E3, 0x5899_65CC_7537_4CC3,
    0x1D8E_4E27_C47D_124F, 0xEB44_ACCA_B455_D165, 0x9E37_79B9_7F4A_7C15, 0xC2B2_AE3D_27D4_EB4F,
  ]
  private static let blockByteCount = 64

  private var lanes: SIMD4<UInt64> = [
    0x243F_6A88_85A3_08D3, 0x1319_8A2E_0370_7344, 0xA409_3822_299F_31D0, 0x082E_FA98_EC4E_6C89,
  ]
  private var carry = SIMD64<UInt8>()
  private var carryCount = 0
  private var byteCount: UInt64 = 0

  package init() {}

  /// Adds the next bytes of the stream.
  package mutating func update(_ bytes: ByteSlice) {
    byteCount &+= UInt64(bytes.count)
    var rest = bytes
    if carryCount > 0 {
      rest = fillCarry(rest)
      guard carryCount == ContentHash.blockByteCount else { return }
      withUnsafeBytes(of: carry) { block in
        if let base = block.baseAddress { lanes = ContentHash.mix(lanes, base, blockCount: 1) }
      }
      carryCount = 0
    }
    let blockCount = rest.count / ContentHash.blockByteCount
    lanes = ContentHash.mix(lanes, UnsafeRawPointer(rest.base), blockCount: blockCount)
    _ = fillCarry(rest.suffix(from: blockCount * ContentHash.blockByteCount))
  }

  /// The hash of everything added so far; more may be added afterwards.
  package func finish() -> ContentDigest {
    var last = carry
    for index in carryCount..<ContentHash.blockByteCount { last[index] = 0 }
    let final = withUnsafeBytes(of: last) { block in
      block.baseAddress.map { ContentHash.mix(lanes, $0, blockCount: 1) } ?? lanes
    }
    let seeds = ContentHash.seeds
    let front = beacon_fold(final[0] ^ seeds[0], final[1] ^ byteCount)
    let back = beacon_fold(final[2] ^ seeds[1], final[3] ^ seeds[2] &+ byteCount)
    let cross = beacon_fold(final[0] ^ final[2] ^ seeds[3], final[1] &+ final[3])
    return ContentDigest(
      high: beacon_fold(front ^ seeds[4], back ^ seeds[5]) ^ cross,
      low: beacon_fold(back &+ cross ^ seeds[6], front ^ seeds[7]) &+ final[3])
  }

  /// Moves bytes into the carry until it is full; returns what is left.
  private mutating func fillCarry(_ bytes: ByteSlice) -> ByteSlice {
    let count = min(bytes.count, ContentHash.blockByteCount &- carryCount)
    withUnsafeMutableBytes(of: &carry) { room in
      UnsafeMutableRawBufferPointer(rebasing: room[carryCount...])
        .copyMemory(from: UnsafeRawBufferPointer(start: bytes.base, count: count))
    }
    carryCount &+= count
    return bytes.suffix(from: count)
  }

  private static func mix(
    _ lanes: SIMD4<UInt64>, _ base: UnsafeRawPointer, blockCount: Int
  ) -> SIMD4<UInt64> {
    let seeds = ContentHash.seeds
    let (seedA, seedB, seedC, seedD) = (seeds[0], seeds[1], seeds[2], seeds[3])
    let (seedE, seedF, seedG, seedH) = (seeds[4], seeds[5], seeds[6], seeds[7])
    var (first, second, third, fourth) = (lanes[0], lanes[1], lanes[2], lanes[3])
    var block = base
    var rest = blockCount
    while rest > 0 {
      first = step(first, block, seedA, seedB)
      second = step(second, block + 16, seedC, seedD)
      third = step(third, block + 32, seedE, seedF)
      fourth = step(fourth, block + 48, seedG, seedH)
      block += blockByteCount
      rest &-= 1
    }
    return SIMD4(first, second, third, fourth)
  }

  @inline(__always)
  private static func step(
    _ lane: UInt64, _ block: UnsafeRawPointer, _ firstSeed: UInt64, _ secondSeed: UInt64
  ) -> UInt64 {
    let low = block.loadUnaligned(as: UInt64.self)
    let high = block.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
    let rotated = lane << 23 | lane >> 41
    return rotated &+ beacon_fold(low ^ firstSeed ^ lane, high ^ secondSeed &+ rotated)
  }
}

/// What a stream's content hashes to.
package struct ContentDigest: Hashable, Sendable {
  package let high: UInt64
  package let low: UInt64

  package init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }
}
