// Byte strings and their dense ordinals, in the order they first came: 0, 1, 2, ...
//
// A string's bytes lie behind one another in one buffer; `ends[i]` is where string i ends. Look-ups go through an
// open-addressing table of 64-bit slots (half of the hash, ordinal + 1), so that a probe touches one cache
// line and compares bytes only when 32 bits of hash agree. The table is built when it is first needed: a process that
// only answers queries by ordinal never pays for it.
//
// SAFETY: ends ascend and never exceed the bytes; slices handed out live as long as the dictionary.

package import Base

package final class ByteDictionary: @unchecked Sendable {
  private let bytes: StableBuffer<UInt8>
  private let ends: StableBuffer<UInt32>
  /// Nil until a look-up needs it.
  private let table: UnsafeMutablePointer<SlotTable?>

  /// - Parameters:
  ///   - countMax: the most strings it will hold; `intern` returns nil beyond.
  ///   - byteCountMax: the most bytes of all strings together, at most 4 GiB.
  package init(
    countMax: Int = Limits.dictionaryCountMax, byteCountMax: Int = Limits.dictionaryByteCountMax
  ) {
    bytes = StableBuffer(capacity: byteCountMax, isReadAtRandom: true)
    ends = StableBuffer(capacity: countMax, isReadAtRandom: true)
    table = .allocate(capacity: 1)
    table.initialize(to: nil)
  }

  deinit {
    table.pointee?.deallocate()
    table.deallocate()
  }

  /// How many strings there are; ordinals are below it.
  package var count: Int { ends.count }

  /// Memory of strings and ends, without the look-up table.
  package var byteCount: Int { bytes.byteCount + ends.byteCount }

  /// Memory of the look-up table, if there is one.
  package var tableByteCount: Int { table.pointee?.byteCount ?? 0 }

  /// The string with this ordinal; valid as long as the dictionary.
  package subscript(ordinal: UInt32) -> ByteSlice {
    precondition(Int(ordinal) < ends.count)
    return slice(at: Int(ordinal))
  }

  /// What is in it now, for readers who must not see it grow. Taken by the writer, or while nobody writes.
  package var prefix: DictionaryPrefix { DictionaryPrefix(of: self, count: ends.count) }

  /// The string at an index that the caller knows to be below the count. Unlike the count, it never changes.
  package func slice(at index: Int) -> ByteSlice {
    let start = index == 0 ? 0 : Int(ends.base[index &- 1])
    return ByteSlice(bytes.base + start, count: Int(ends.base[index]) &- start)
  }

  /// The ordinal of `key`, or nil.
  package func find(_ key: ByteSlice) -> UInt32? { find(key, hash: Hash.of(key)) }

  /// The ordinal of `key`, whose hash is `hash`, or nil.
  package func find(_ key: ByteSlice, hash: UInt64) -> UInt32? {
    let table = readyTable()
    var index = table.start(hash)
    while table.slots[index] != 0 {
      if let ordinal = SlotTable.candidate(table.slots[index], hash), self[ordinal] == key {
        return ordinal
      }
      index = table.next(index)
    }
    return nil
  }

  /// The ordinal of `key`, which is added when it is new; nil when the dictionary is full.
  package func intern(_ key: ByteSlice) -> UInt32? { intern(key, hash: Hash.of(key)) }

  /// The same, with the hash of `key` known.
  package func intern(_ key: ByteSlice, hash: UInt64) -> UInt32? {
    let table = readyTable()
    var index = table.start(hash)
    while table.slots[index] != 0 {
      if let ordinal = SlotTable.candidate(table.slots[index], hash), self[ordinal] == key {
        return ordinal
      }
      index = table.next(index)
    }
    guard let ordinal = append(key) else { return nil }
    table.slots[index] = SlotTable.slot(hash, ordinal)
    if table.isCrowded(count) { self.table.pointee = table.grown(count: count) }
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

  /// The bytes of the first `count` strings and where each ends.
  func storage(
    count: Int
  ) -> (bytes: UnsafeBufferPointer<UInt8>, ends: UnsafeBufferPointer<UInt32>) {
    let byteCount = count == 0 ? 0 : Int(ends.base[count &- 1])
    return (
      UnsafeBufferPointer(start: bytes.base, count: byteCount),
      UnsafeBufferPointer(start: ends.base, count: count)
    )
  }

  /// Takes over checked strings from disk; false when they do not fit.
  func load(bytes source: ByteSlice, ends sourceEnds: [UInt32]) -> Bool {
    guard sourceEnds.count <= ends.capacity, source.count <= bytes.capacity else { return false }
    bytes.append(contentsOf: source.buffer)
    sourceEnds.withUnsafeBufferPointer { ends.append(contentsOf: $0) }
    return true
  }

  /// Brings what look-ups of these hashes will touch into the cache. A look-up misses it three times, each time for an
  /// address that the one before gave; here the misses of all look-ups overlap.
  package func prefetch(hashes: UnsafeBufferPointer<UInt64>) {
    let table = readyTable()
    for hash in hashes { Prefetch.read(table.slots + table.start(hash)) }
    for hash in hashes {
      guard let ordinal = table.firstCandidate(hash) else { continue }
      // The string begins where the one before ends.
      Prefetch.read(ends.base + max(0, Int(ordinal) &- 1))
    }
    for hash in hashes {
      guard let ordinal = table.firstCandidate(hash) else { continue }
      // Addresses are longer than half a line of the cache, so many lie in two.
      let string = slice(at: Int(ordinal))
      Prefetch.read(string.base)
      Prefetch.read(string.base + string.count)
    }
  }

  @inline(__always)
  private func readyTable() -> SlotTable {
    if let table = table.pointee { return table }
    return makeTable()
  }

  private func makeTable() -> SlotTable {
    let fresh = SlotTable(count: count)
    for ordinal in 0..<UInt32(count) { fresh.insert(Hash.of(self[ordinal]), ordinal) }
    table.pointee = fresh
    return fresh
  }
}
