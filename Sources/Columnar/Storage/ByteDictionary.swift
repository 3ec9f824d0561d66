// Byte strings and their dense ordinals, in the order they first came: 0, 1, 2, ...
//
// Look-ups go through an open-addressing table of 64-bit slots (half of the hash, ordinal + 1), so that a probe touches
// one cache line and compares bytes only when 32 bits of hash agree.
//
// SAFETY: strings never move or change; slices handed out live as long as the dictionary.

package import Base

package final class ByteDictionary: @unchecked Sendable {
  private let strings: ByteStrings
  private let index = HashIndex()

  /// - Parameters:
  ///   - countMax: the most strings it will hold; `intern` returns nil beyond.
  ///   - byteCountMax: the most bytes of all strings together, at most 4 GiB.
  package init(
    countMax: Int = Limits.dictionaryCountMax, byteCountMax: Int = Limits.dictionaryByteCountMax
  ) {
    strings = ByteStrings(countMax: countMax, byteCountMax: byteCountMax)
  }

  deinit { index.deallocate() }

  /// How many strings there are; ordinals are below it.
  package var count: Int { strings.count }

  /// Memory of strings and ends, without the look-up table.
  package var byteCount: Int { strings.byteCount }

  /// The string with this ordinal; valid as long as the dictionary.
  package subscript(ordinal: UInt32) -> ByteSlice {
    precondition(Int(ordinal) < strings.count)
    return slice(at: Int(ordinal))
  }

  /// What is in it now, for readers who must not see it grow. Taken by the writer, or while nobody writes.
  package var prefix: DictionaryPrefix { DictionaryPrefix(of: self, count: strings.count) }

  /// The string at an index that the caller knows to be below the count. Unlike the count, it never changes.
  package func slice(at index: Int) -> ByteSlice { strings.slice(at: index) }

  /// The ordinal of `key`, or nil.
  package func find(_ key: ByteSlice) -> UInt32? { find(key, hash: Hash.keyed(key)) }

  /// The ordinal of `key`, whose keyed hash is `hash`, or nil.
  package func find(_ key: ByteSlice, hash: UInt64) -> UInt32? {
    readyTable().find(hash) { self[$0] == key }.ordinal
  }

  /// The ordinal of `key`, which is added when it is new; nil when the dictionary is full.
  package func intern(_ key: ByteSlice) -> UInt32? { intern(key, hash: Hash.keyed(key)) }

  /// The same, with the keyed hash of `key` known.
  package func intern(_ key: ByteSlice, hash: UInt64) -> UInt32? {
    let table = readyTable()
    let (known, slot) = table.find(hash) { self[$0] == key }
    if let known { return known }
    guard strings.hasRoom(for: key.count) else { return nil }
    let ordinal = strings.append(key)
    index.enter(hash, at: slot, in: table, count: count)
    return ordinal
  }

  /// The bytes of the first `count` strings and where each ends.
  func storage(
    count: Int
  ) -> (bytes: UnsafeBufferPointer<UInt8>, ends: UnsafeBufferPointer<UInt32>) {
    let ends = strings.ends.base
    let byteCount = count == 0 ? 0 : Int(ends[count &- 1])
    return (
      UnsafeBufferPointer(start: strings.bytes.base, count: byteCount),
      UnsafeBufferPointer(start: ends, count: count)
    )
  }

  /// Takes over checked strings from disk; false when they do not fit.
  func load(_ source: StringSection) -> Bool {
    let (bytes, ends) = (strings.bytes, strings.ends)
    guard source.ends.count <= ends.capacity, source.bytes.count <= bytes.capacity else {
      return false
    }
    bytes.append(contentsOf: source.bytes.buffer)
    source.ends.withUnsafeBufferPointer { ends.append(contentsOf: $0) }
    return true
  }

  @inline(__always)
  private func readyTable() -> SlotTable {
    index.table(count: count) { Hash.keyed(self[$0]) }
  }
}
