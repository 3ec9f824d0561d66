// The keys of a shard's recipients and their dense ordinals, in the order they first came: a `ByteDictionary` for
// addresses, of which it keeps what stands before the `@` and one byte for what follows. That is half of the memory,
// and most keys lie in one line of the cache.
//
// SAFETY: a stored string is the key's head and the number of its tail, never empty; strings and tails never move.

package import Base

package final class KeyDictionary: @unchecked Sendable {
  private let strings: ByteStrings
  private let tails = KeyTails()
  private let index = HashIndex()
  /// Bytes of all keys, each of them whole, as files have them.
  private var keyByteCount = 0
  private let byteCountMax: Int

  /// - Parameters:
  ///   - countMax: the most keys it will hold; `intern` returns nil beyond.
  ///   - byteCountMax: the most bytes of all keys together.
  package init(
    countMax: Int = Limits.messageCountMax, byteCountMax: Int = Limits.keyByteCountMax
  ) {
    strings = ByteStrings(countMax: countMax, byteCountMax: byteCountMax + countMax)
    self.byteCountMax = byteCountMax
  }

  deinit { index.deallocate() }

  /// How many keys there are; ordinals are below it.
  package var count: Int { strings.count }

  /// Memory of the look-up table, if there is one.
  package var tableByteCount: Int { index.byteCount }

  /// Memory of the first `count` keys.
  func byteCount(of count: Int) -> Int { strings.byteCount(of: count) }

  /// What is in it now, for readers who must not see it grow. Taken by the writer, or while nobody writes.
  package var prefix: KeyPrefix { KeyPrefix(of: self, count: strings.count) }

  /// The key at an index that the caller knows to be below the count; valid as long as the dictionary.
  @inline(__always)
  func key(at index: Int) -> SplitText {
    let stored = strings.slice(at: index)
    let headCount = stored.count &- 1
    return SplitText(stored.slice(from: 0, to: headCount), tails[stored[headCount]])
  }

  /// The ordinal of `key`, whose keyed hash is `hash`, or nil.
  package func find(_ key: ByteSlice, hash: UInt64) -> UInt32? {
    readyTable().find(hash) { self.key(at: Int($0)) == key }.ordinal
  }

  /// The ordinal of `key`, whose keyed hash is `hash`. It is added when it is new; nil when the dictionary is full.
  package func intern(_ key: ByteSlice, hash: UInt64) -> UInt32? {
    let table = readyTable()
    let (known, slot) = table.find(hash) { self.key(at: Int($0)) == key }
    if let known { return known }
    guard let ordinal = append(key) else { return nil }
    index.enter(hash, at: slot, in: table, count: count)
    return ordinal
  }

  /// Adds a key known to be new, without touching the look-up table.
  ///
  /// - Returns: its ordinal, or nil when the dictionary is full.
  package func append(_ key: ByteSlice) -> UInt32? {
    guard strings.hasRoom(for: key.count + 1), key.count <= byteCountMax - keyByteCount else {
      return nil
    }
    keyByteCount += key.count
    guard let tail = KeyTails.tail(of: key) else { return append(key, tail: 0) }
    let number = tails.number(of: tail)
    if number != 0 { return append(key.slice(from: 0, to: key.count - tail.count), tail: number) }
    let ordinal = append(key, tail: 0)
    let stored = self.key(at: Int(ordinal)).head
    tails.add(stored.suffix(from: stored.count - tail.count))
    return ordinal
  }

  private func append(_ head: ByteSlice, tail: UInt8) -> UInt32 {
    strings.bytes.append(contentsOf: head.buffer)
    strings.bytes.append(tail)
    return strings.endString()
  }

  /// Brings what look-ups of these keyed hashes will touch into the cache. A look-up misses it three times, each time
  /// for an address that the one before gave; here the misses of all look-ups overlap.
  package func prefetch(hashes: UnsafeBufferPointer<UInt64>) {
    let table = readyTable()
    for hash in hashes { Prefetch.read(table.slots + table.start(hash)) }
    for hash in hashes {
      guard let ordinal = table.firstCandidate(hash) else { continue }
      // The string begins where the one before ends.
      Prefetch.read(strings.ends.base + max(0, Int(ordinal) &- 1))
    }
    for hash in hashes {
      guard let ordinal = table.firstCandidate(hash) else { continue }
      let string = strings.slice(at: Int(ordinal))
      // It may lie in two lines of the cache.
      Prefetch.read(string.base)
      Prefetch.read(string.base + string.count)
    }
  }

  @inline(__always)
  private func readyTable() -> SlotTable {
    index.table(count: count) { key(at: Int($0)).keyedHash }
  }
}
