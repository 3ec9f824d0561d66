// Where each recipient's messages and events stand in a shard. What one person did is then read there, and the events
// of others are not gone through to find it.
//
// Finding that for all recipients of a shard takes longer than going through it for one. So it is done when a second
// question for one of them comes and the shard still has the same rows, and is kept as long as that: while events
// stream in, nobody waits for it. It takes about three bytes for each row of the shard.
//
// SAFETY: numbers of recipients and messages are below their counts (checked on load); places are as many as keys.

package import Base
internal import Synchronization

package final class RecipientIndex: Sendable {
  private enum State {
    case fresh
    case asked
    case found(RecipientLists)
  }

  private let state = Mutex(State.fresh)

  /// Nothing is known.
  package init() {}

  /// Bytes of memory.
  package var byteCount: Int {
    state.withLock { if case .found(let lists) = $0 { lists.byteCount } else { 0 } }
  }

  /// What a recipient has; nil when this is the first question for any, when a segment is on disk only, and when so
  /// many of the shard's rows are the recipient's that going through all takes less.
  ///
  /// - Parameters:
  ///   - recipient: its ordinal.
  ///   - shard: the one that holds this index.
  package func records(of recipient: UInt32, in shard: ShardSnapshot) -> RecipientRecords? {
    let before = state.withLock { state in
      defer { if case .fresh = state { state = .asked } }
      return state
    }
    switch before {
    case .fresh: return nil
    case .asked: return find(shard)?.records(of: recipient, shard.segments)
    case .found(let lists): return lists.records(of: recipient, shard.segments)
    }
  }

  /// The ordinal of a recipient by its key; nil for one of another shard.
  ///
  /// - Parameter shard: the one that holds this index. All its keys are gone through where it has no index yet.
  package func ordinal(of key: ByteSlice, in shard: ShardSnapshot) -> UInt32? {
    guard case .found(let lists) = state.withLock({ $0 }),
      lists.keys.count == shard.recipients.count
    else {
      return shard.recipients.ordinal(of: key)
    }
    return lists.keys.ordinal(of: key)
  }

  private func find(_ shard: ShardSnapshot) -> RecipientLists? {
    guard RecipientIndex.serves(shard) else { return nil }
    let lists = RecipientLists(shard)
    // One that was left on disk meanwhile may not have been read.
    guard RecipientIndex.serves(shard) else { return nil }
    state.withLock { $0 = .found(lists) }
    return lists
  }

  /// Whether a shard's recipients can be found: no segment is on disk only.
  package static func serves(_ shard: ShardSnapshot) -> Bool {
    !shard.segments.contains(where: \.isCold)
      && shard.segments.reduce(0) { $0 + $1.rowCount } <= Int(UInt32.max)
  }
}

/// The messages and events of one recipient.
package struct RecipientRecords: Equatable, Sendable {
  /// Ordinals, ascending.
  package let messages: [UInt32]
  /// By segment of the shard: rows, ascending.
  package let rows: [[UInt32]]
}

/// The messages and events of all recipients.
private struct RecipientLists: Sendable {
  let keys: KeyTable
  private let messages: GroupedPlaces
  /// Rows are counted through all segments.
  private let rows: GroupedPlaces

  /// Of one in so many rows a block is decoded for less than they are read for one by one.
  private static let rarity = 16

  init(_ shard: ShardSnapshot) {
    let recipients = shard[.recipient].decodedCodes()
    let count = shard.recipients.count
    keys = KeyTable(shard.recipients)
    messages = GroupedPlaces(of: recipients, keyCount: count)
    rows = GroupedPlaces(
      of: RecipientLists.byRow(recipients, shard.segments), keyCount: count)
  }

  var byteCount: Int { keys.byteCount + messages.byteCount + rows.byteCount }

  /// Each row's recipient.
  private static func byRow(_ recipients: [UInt32], _ segments: [Segment]) -> [UInt32] {
    let rowCount = segments.reduce(0) { $0 + $1.rowCount }
    let capacity = rowCount + Limits.blockSlack
    return [UInt32](unsafeUninitializedCapacity: capacity) { rows, count in
      recipients.withUnsafeBufferPointer { recipients in
        guard var target = rows.baseAddress else { return }
        for segment in segments {
          segment[.message].decodeAll(into: target)
          var row = 0
          while row < segment.rowCount {
            target[row] = recipients[Int(target[row])]
            row &+= 1
          }
          target += segment.rowCount
        }
      }
      count = rowCount
    }
  }

  func records(of recipient: UInt32, _ segments: [Segment]) -> RecipientRecords? {
    let countMax = max(Limits.blockRowCount, rows.count / RecipientLists.rarity)
    guard rows.count(of: recipient) <= countMax else { return nil }
    var rest = rows[recipient][...]
    var start: UInt32 = 0
    let rows = segments.map { segment in
      let end = start + UInt32(segment.rowCount)
      let count = rest.firstIndex(notBelow: end) - rest.startIndex
      defer {
        rest = rest.dropFirst(count)
        start = end
      }
      return rest.prefix(count).map { $0 - start }
    }
    return RecipientRecords(messages: messages[recipient], rows: rows)
  }
}

/// The ordinals of keys, for readers: the table of the dictionary itself (`SlotTable`, of twice the size) is its
/// writer's.
private struct KeyTable: Sendable {
  private let keys: KeyPrefix
  /// Ordinals plus one, each where its key's hash says or behind that; 0 where there is none.
  private var slots: [UInt32]

  init(_ keys: KeyPrefix) {
    self.keys = keys
    // Half of them stay empty at least.
    let bitCount = Int.bitWidth - (keys.count * 2).leadingZeroBitCount
    slots = [UInt32](repeating: 0, count: 1 << bitCount)
    for ordinal in 0..<UInt32(keys.count) {
      var slot = start(keys[ordinal].keyedHash)
      while slots[slot] != 0 { slot = next(slot) }
      slots[slot] = ordinal + 1
    }
  }

  var count: Int { keys.count }
  var byteCount: Int { slots.count * MemoryLayout<UInt32>.stride }

  func ordinal(of wanted: ByteSlice) -> UInt32? {
    var slot = start(Hash.keyed(wanted))
    while slots[slot] != 0 {
      if keys[slots[slot] - 1] == wanted { return slots[slot] - 1 }
      slot = next(slot)
    }
    return nil
  }

  private func start(_ hash: UInt64) -> Int {
    Int(truncatingIfNeeded: hash) & (slots.count - 1)
  }

  private func next(_ slot: Int) -> Int { (slot + 1) & (slots.count - 1) }
}

/// The places of each of some dense keys in an array of them, ascending.
private struct GroupedPlaces: Sendable {
  /// Where the places of each key start, and those of the last one end.
  private let starts: EncodedColumn
  private let places: EncodedColumn

  init(of keys: [UInt32], keyCount: Int) {
    var starts = [UInt32](repeating: 0, count: keyCount + 1)
    starts.withUnsafeMutableBufferPointer { starts in
      for key in keys { starts[Int(key) &+ 1] &+= 1 }
      for key in 0..<keyCount { starts[key &+ 1] &+= starts[key] }
    }
    self.starts = starts.encoded
    let places = [UInt32](unsafeUninitializedCapacity: keys.count) { places, count in
      // From here on each key's start is where its next place goes.
      starts.withUnsafeMutableBufferPointer { starts in
        for index in keys.indices {
          let key = Int(keys[index])
          places[Int(starts[key])] = UInt32(truncatingIfNeeded: index)
          starts[key] &+= 1
        }
      }
      count = keys.count
    }
    self.places = places.encoded
  }

  var byteCount: Int { starts.byteCount + places.byteCount }

  /// The places of all keys.
  var count: Int { places.rowCount }

  func count(of key: UInt32) -> Int { range(key).count }

  /// The places of a key.
  subscript(key: UInt32) -> [UInt32] {
    range(key).map { UInt32(truncatingIfNeeded: places.value(at: $0)) }
  }

  /// None of a key that came later.
  private func range(_ key: UInt32) -> Range<Int> {
    guard Int(key) + 1 < starts.rowCount else { return 0..<0 }
    return Int(starts.value(at: Int(key)))..<Int(starts.value(at: Int(key) + 1))
  }
}

extension [UInt32] {
  /// In a form of which a value is read without those before it.
  fileprivate var encoded: EncodedColumn {
    withUnsafeBufferPointer { EncodedColumn(encoding: $0, forcing: .bitPacked) }
  }
}
