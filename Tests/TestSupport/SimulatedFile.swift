// The bytes of one file twice: as the system shows them, and as they are on the platter. In between is what a power
// failure takes.

import Base

struct SimulatedFile {
  /// What readers see.
  private(set) var cached: [UInt8] = []
  /// What survives; bytes that are not there are zero.
  private var platter: [UInt8] = []
  private var platterLength = 0
  /// The shortest the file was since it was synchronized.
  private var shortest = 0
  /// Sectors that were changed since they were brought to the platter.
  private var dirty: [Bool] = []
  private var dirtySectors: Range<Int>?

  private static let sectorByteCount = 512

  /// A file with the same bytes in both places.
  init(_ bytes: [UInt8] = []) {
    cached = bytes
    platter = bytes
    platterLength = bytes.count
    shortest = bytes.count
  }

  mutating func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) {
    guard !bytes.isEmpty else { return }
    markDirty(from: min(offset, cached.count), to: offset + bytes.count)
    if offset > cached.count { SimulatedFile.grow(&cached, to: offset) }
    if offset == cached.count {
      cached.append(contentsOf: bytes)
      return
    }
    SimulatedFile.grow(&cached, to: offset + bytes.count)
    cached.withUnsafeMutableBytes {
      UnsafeMutableRawBufferPointer(rebasing: $0[offset..<offset + bytes.count]).copyMemory(
        from: bytes)
    }
  }

  func read(into target: UnsafeMutableRawBufferPointer, at offset: Int) -> Int {
    let count = max(0, min(target.count, cached.count - offset))
    guard count > 0 else { return 0 }
    cached.withUnsafeBytes {
      target.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[offset..<offset + count]))
    }
    return count
  }

  mutating func truncate(to byteCount: Int) {
    markDirty(from: min(byteCount, cached.count), to: max(byteCount, cached.count))
    if byteCount < cached.count { cached.removeLast(cached.count - byteCount) }
    SimulatedFile.grow(&cached, to: byteCount)
    shortest = min(shortest, byteCount)
  }

  private mutating func markDirty(from start: Int, to end: Int) {
    guard start < end else { return }
    let first = start / SimulatedFile.sectorByteCount
    let last = (end - 1) / SimulatedFile.sectorByteCount
    if dirty.count <= last {
      dirty.append(contentsOf: repeatElement(false, count: last + 1 - dirty.count))
    }
    for sector in first...last { dirty[sector] = true }
    let old = dirtySectors ?? first..<last + 1
    dirtySectors = min(old.lowerBound, first)..<max(old.upperBound, last + 1)
  }

  // MARK: The platter

  mutating func synchronize() {
    for sector in dirtySectors ?? 0..<0 where dirty[sector] {
      SimulatedFile.bring(sector, of: cached, to: &platter)
    }
    settle()
  }

  /// What a synchronization that fails leaves: some of it is on the platter, the rest is lost and taken to be clean.
  mutating func failSynchronization(_ random: inout PRNG) {
    for sector in dirtySectors ?? 0..<0 where dirty[sector] && random.isHit(0.3) {
      SimulatedFile.bring(sector, of: cached, to: &platter)
    }
    let length = platterLength
    settle()
    platterLength = length
  }

  private mutating func settle() {
    for sector in dirtySectors ?? 0..<0 { dirty[sector] = false }
    dirtySectors = nil
    platterLength = cached.count
    shortest = cached.count
  }

  /// The system writes some of it, as it likes to do.
  mutating func writeBack(_ random: inout PRNG) {
    for sector in dirtySectors ?? 0..<0 where dirty[sector] && random.isHit(0.3) {
      SimulatedFile.bring(sector, of: cached, to: &platter)
      dirty[sector] = false
    }
    if random.isHit(0.5) {
      platterLength = cached.count
      shortest = cached.count
    }
  }

  /// Copies a sector of the file, with zeros behind its end, to where it belongs in other bytes.
  private static func bring(_ sector: Int, of source: [UInt8], to target: inout [UInt8]) {
    let start = sector * SimulatedFile.sectorByteCount
    let end = start + SimulatedFile.sectorByteCount
    SimulatedFile.grow(&target, to: end)
    let stop = max(start, min(end, source.count))
    target.withUnsafeMutableBytes { target in
      _ = target[stop..<end].initializeMemory(as: UInt8.self, repeating: 0)
      guard start < stop else { return }
      source.withUnsafeBytes { source in
        UnsafeMutableRawBufferPointer(rebasing: target[start..<stop]).copyMemory(
          from: UnsafeRawBufferPointer(rebasing: source[start..<stop]))
      }
    }
  }

  private static func grow(_ bytes: inout [UInt8], to byteCount: Int) {
    guard byteCount > bytes.count else { return }
    bytes.append(contentsOf: [UInt8](repeating: 0, count: byteCount - bytes.count))
  }

  // MARK: Power failures

  /// The bytes as they may be after a power failure.
  func afterPowerFailure(_ random: inout PRNG) -> [UInt8] {
    var bytes = platter
    // All, nothing, or anything between, for each is a case of its own.
    let chance = random.pick([0, 0.1, 0.5, 0.9, 1])
    for sector in dirtySectors ?? 0..<0 where dirty[sector] {
      if random.isHit(chance) {
        SimulatedFile.bring(sector, of: cached, to: &bytes)
      } else if random.isHit(0.5) {
        forget(sector, &bytes)
      }
    }
    let length = lengthAfterPowerFailure(&random)
    if bytes.count > length { bytes.removeLast(bytes.count - length) }
    SimulatedFile.grow(&bytes, to: length)
    return bytes
  }

  /// Behind where the file was cut, old bytes may be gone although newer ones did not come.
  private func forget(_ sector: Int, _ bytes: inout [UInt8]) {
    let start = max(sector * SimulatedFile.sectorByteCount, shortest)
    let end = min((sector + 1) * SimulatedFile.sectorByteCount, bytes.count)
    guard start < end else { return }
    bytes.withUnsafeMutableBytes {
      _ = $0[start..<end].initializeMemory(as: UInt8.self, repeating: 0)
    }
  }

  private func lengthAfterPowerFailure(_ random: inout PRNG) -> Int {
    let low = min(shortest, platterLength, cached.count)
    let high = max(platterLength, cached.count)
    switch random.below(4) {
    case 0: return platterLength
    case 1: return cached.count
    default: return low + random.below(high - low + 1)
    }
  }
}
