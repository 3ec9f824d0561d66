// Which opens and clicks of a shard are the first of their message on their link, or in their hour. Unique counts by
// link or hour are then counts of marks, whatever else groups the messages: no row asks what its message has done
// before.
//
// Marks take longer to find than such a query takes without them. So they are found when they are asked for again and
// the shard still has the same rows, and are kept as long as that: while events stream in, nobody waits for marks.
// They take one bit for each row that is asked about. On the way it is counted what they add up to by link or hour.
//
// SAFETY: a block's scratch has room for its rows and the decoders' slack.

package import Base
internal import Synchronization

package final class FirstMarks: Sendable {
  /// Within what an event is the first of its message.
  package enum Scope: Hashable, Sendable {
    case link
    /// An hour of UTC, or of any zone that is whole hours away.
    case hour
  }

  private struct Key: Hashable {
    var kind: EventKind
    var isMachine: Bool
    var scope: Scope
  }

  private struct Found {
    /// By segment.
    var marks: [RowMarks]
    var sums: [FirstSum]

    var byteCount: Int {
      marks.reduce(sums.capacity * MemoryLayout<FirstSum>.stride) { $0 + $1.bits.byteCount }
    }
  }

  private struct State {
    var asked: Set<Key> = []
    var found: [Key: Found] = [:]
  }

  private let state = Mutex(State())

  /// Nothing is known.
  package init() {}

  /// Bytes of memory.
  package var byteCount: Int {
    state.withLock { $0.found.values.reduce(0) { $0 + $1.byteCount } }
  }

  /// The marks of what people or machines did, by segment of the shard; nil when this is the first question for them,
  /// when the order of some segment's rows does not tell people from machines, and when one is on disk only.
  package func marks(
    _ kind: EventKind, isMachine: Bool, _ scope: Scope, of shard: ShardSnapshot
  ) -> [RowMarks]? {
    let key = Key(kind: kind, isMachine: isMachine, scope: scope)
    let (found, isFirst) = state.withLock { ($0.found[key], $0.asked.insert(key).inserted) }
    if isFirst { return nil }
    return found?.marks ?? find(key, shard)
  }

  /// What people or machines did in each link or hour; nil as long as there are no marks of it.
  package func sums(_ kind: EventKind, isMachine: Bool, _ scope: Scope) -> [FirstSum]? {
    let key = Key(kind: kind, isMachine: isMachine, scope: scope)
    return state.withLock { $0.found[key]?.sums }
  }

  private func find(_ key: Key, _ shard: ShardSnapshot) -> [RowMarks]? {
    var ranges: [Range<Int>] = []
    for (segment, split) in zip(shard.segments, shard.splits) {
      guard !segment.isCold, let end = split.firstMachine(of: key.kind) else { return nil }
      let rows = segment.rows(ofKind: key.kind.rawValue)
      ranges.append(key.isMachine ? end..<rows.upperBound : rows.lowerBound..<end)
    }
    var seen = PairSet(countMax: ranges.reduce(0) { $0 + $1.count })
    var codes = ScopeCodes(key.scope)
    var sums = FirstSums()
    let marks = zip(shard.segments, ranges).map { RowMarks($0, $1, &codes, &seen, &sums) }
    // One that was left on disk meanwhile may not have been read.
    if shard.segments.contains(where: \.isCold) { return nil }
    state.withLock { $0.found[key] = Found(marks: marks, sums: sums.all) }
    return marks
  }
}

/// One bit for each row of a range.
package struct RowMarks: Sendable {
  /// The row of the first bit.
  package let start: Int
  package private(set) var bits: Bitmap

  /// Marks the rows whose message and link, or hour, were not seen before.
  fileprivate init(
    _ segment: Segment, _ rows: Range<Int>, _ codes: inout ScopeCodes, _ seen: inout PairSet,
    _ sums: inout FirstSums
  ) {
    start = rows.lowerBound
    bits = Bitmap(count: rows.count)
    let (messages, column) = (segment[.message], segment[codes.column])
    for block in rows.blocks {
      codes.read(messages, column, block: block)
      let first = block * Limits.blockRowCount
      for row in rows.rows(inBlock: block) {
        let value = codes.values[row - first]
        let isFirst = seen.insert(codes.messages[row - first], value)
        if isFirst { bits.insert(row - start) }
        sums.add(value, isFirst: isFirst)
      }
    }
  }
}

/// A block's messages, and the links or hours of its rows.
private struct ScopeCodes {
  private(set) var messages = [UInt32](repeating: 0, count: capacity)
  private(set) var values = [UInt32](repeating: 0, count: capacity)
  private var times: [UInt64]
  /// What is read besides messages.
  let column: EventColumn

  private static let capacity = Limits.blockRowCount + Limits.blockSlack

  init(_ scope: FirstMarks.Scope) {
    column = scope == .link ? .link : .time
    times = [UInt64](repeating: 0, count: scope == .link ? 0 : ScopeCodes.capacity)
  }

  mutating func read(_ messageColumn: EncodedColumn, _ valueColumn: EncodedColumn, block: Int) {
    messages.withUnsafeMutableBufferPointer { messages in
      if let base = messages.baseAddress { messageColumn.decode(block: block, into: base) }
    }
    if column == .link {
      values.withUnsafeMutableBufferPointer { values in
        if let base = values.baseAddress { valueColumn.decode(block: block, into: base) }
      }
      return
    }
    times.withUnsafeMutableBufferPointer { times in
      if let base = times.baseAddress { valueColumn.decode(block: block, into: base) }
    }
    var hour = HourSpan()
    for row in 0..<valueColumn.blockRowCount(block) {
      if !hour.contains(times[row]) { hour = HourSpan(around: times[row]) }
      values[row] = UInt32(bitPattern: hour.number)
    }
  }
}

/// Pairs of numbers, as many as was said at first.
private struct PairSet {
  /// Each pair where its hash says or behind that, plus one; 0 where there is none.
  private var slots: [UInt64]
  private let shift: UInt64

  init(countMax: Int) {
    let bits = max(4, Int.bitWidth - (countMax * 2).leadingZeroBitCount)
    slots = [UInt64](repeating: 0, count: 1 << bits)
    shift = UInt64(64 - bits)
  }

  /// Adds a pair; false when it is there already.
  mutating func insert(_ left: UInt32, _ right: UInt32) -> Bool {
    let pair = (UInt64(left) << 32 | UInt64(right)) &+ 1
    var slot = Int(truncatingIfNeeded: (pair &* 0x9E37_79B9_7F4A_7C15) >> shift)
    while slots[slot] != 0 {
      if slots[slot] == pair { return false }
      slot = (slot &+ 1) & (slots.count &- 1)
    }
    slots[slot] = pair
    return true
  }
}
