// Byte strings and their dense ordinals, in the order they first came: 0, 1, 2, ...
//
// A string's bytes lie behind one another in one buffer; `ends[i]` is where string i ends. Look-ups go through an
// open-addressing table of 64-bit slots (upper half of the hash, ordinal + 1), so that a probe touches one cache
// line and compares bytes only when 32 bits of hash agree. The table is built when it is first needed: a process that
// only answers queries by ordinal never pays for it.
//
// SAFETY: slots live until the table is rebuilt; slices handed out live as long as the dictionary.

package import Base

package final class ByteDictionary: @unchecked Sendable {
  private let bytes: StableBuffer<UInt8>
  private let ends: StableBuffer<UInt32>
  private var slots: UnsafeMutablePointer<UInt64>?
  private var slotMask = 0

  /// - Parameters:
  ///   - countMax: the most strings it will hold; `intern` returns nil beyond.
  ///   - byteCountMax: the most bytes of all strings together, at most 4 GiB.
  package init(
    countMax: Int = Limits.dictionaryCountMax, byteCountMax: Int = Limits.dictionaryByteCountMax
  ) {
    bytes = StableBuffer(capacity: byteCountMax)
    ends = StableBuffer(capacity: countMax)
  }

  deinit { slots?.deallocate() }

  /// How many strings there are; ordinals are below it.
  package var count: Int { ends.count }

  /// Memory of strings and ends, without the look-up table.
  package var byteCount: Int { bytes.byteCount + ends.byteCount }

  /// The string with this ordinal; valid as long as the dictionary.
  package subscript(ordinal: UInt32) -> ByteSlice {
    let index = Int(ordinal)
    precondition(index < ends.count)
    let start = index == 0 ? 0 : Int(ends.base[index &- 1])
    return ByteSlice(bytes.base + start, count: Int(ends.base[index]) &- start)
  }

  /// The ordinal of `key`, or nil.
  package func find(_ key: ByteSlice) -> UInt32? { find(key, hash: Hash.of(key)) }

  /// The ordinal of `key`, whose hash is `hash`, or nil.
  package func find(_ key: ByteSlice, hash: UInt64) -> UInt32? {
    let slots = table()
    var index = Int(truncatingIfNeeded: hash) & slotMask
    while slots[index] != 0 {
      if let ordinal = match(slots[index], key, hash) { return ordinal }
      index = (index &+ 1) & slotMask
    }
    return nil
  }

  /// The ordinal of `key`, which is added when it is new; nil when the dictionary is full.
  package func intern(_ key: ByteSlice) -> UInt32? { intern(key, hash: Hash.of(key)) }

  /// The same, with the hash of `key` known.
  package func intern(_ key: ByteSlice, hash: UInt64) -> UInt32? {
    let slots = table()
    var index = Int(truncatingIfNeeded: hash) & slotMask
    while slots[index] != 0 {
      if let ordinal = match(slots[index], key, hash) { return ordinal }
      index = (index &+ 1) & slotMask
    }
    guard let ordinal = append(key) else { return nil }
    slots[index] = (hash & ~0xFFFF_FFFF) | UInt64(ordinal &+ 1)
    if ends.count &* 3 > slotMask &* 2 { rebuildTable() }
    return ordinal
  }

  /// Adds a string known to be new, without touching the look-up table; for loading from disk.
  ///
  /// - Returns: its ordinal, or nil when the dictionary is full.
  package func append(_ key: ByteSlice) -> UInt32? {
    guard ends.count < ends.capacity, key.count <= bytes.capacity - bytes.count else { return nil }
    bytes.append(contentsOf: key.buffer)
    ends.append(UInt32(bytes.count))
    return UInt32(ends.count - 1)
  }

  /// The strings' bytes and where each ends; for writing them to disk.
  var storage: (bytes: UnsafeBufferPointer<UInt8>, ends: UnsafeBufferPointer<UInt32>) {
    (bytes.elements, ends.elements)
  }

  /// Takes over checked strings from disk; false when they do not fit.
  func load(bytes source: ByteSlice, ends sourceEnds: [UInt32]) -> Bool {
    guard sourceEnds.count <= ends.capacity, source.count <= bytes.capacity else { return false }
    bytes.append(contentsOf: source.buffer)
    sourceEnds.withUnsafeBufferPointer { ends.append(contentsOf: $0) }
    return true
  }

  /// Asks the cache for the slot a look-up of `hash` starts with.
  package func prefetch(hash: UInt64) {
    Prefetch.read(table() + (Int(truncatingIfNeeded: hash) & slotMask))
  }

  private func match(_ slot: UInt64, _ key: ByteSlice, _ hash: UInt64) -> UInt32? {
    guard slot >> 32 == hash >> 32 else { return nil }
    let ordinal = UInt32(truncatingIfNeeded: slot) &- 1
    return self[ordinal] == key ? ordinal : nil
  }

  private func table() -> UnsafeMutablePointer<UInt64> {
    if let slots { return slots }
    return rebuildTable()
  }

  @discardableResult private func rebuildTable() -> UnsafeMutablePointer<UInt64> {
    slots?.deallocate()
    var slotCount = 64
    while slotCount < ends.count * 3 { slotCount *= 2 }
    let fresh = UnsafeMutablePointer<UInt64>.allocate(capacity: slotCount)
    fresh.initialize(repeating: 0, count: slotCount)
    slotMask = slotCount - 1
    slots = fresh
    for ordinal in 0..<UInt32(ends.count) {
      let hash = Hash.of(self[ordinal])
      var index = Int(truncatingIfNeeded: hash) & slotMask
      while fresh[index] != 0 { index = (index &+ 1) & slotMask }
      fresh[index] = (hash & ~0xFFFF_FFFF) | UInt64(ordinal &+ 1)
    }
    return fresh
  }
}
