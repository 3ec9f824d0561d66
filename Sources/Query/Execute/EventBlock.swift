// Up to 4,096 events of one kind, whose columns are decoded when they are first asked for. A message state is read
// the same way: as a block of events that its messages would have had (docs/SEMANTICS.md, "Measures").
//
// SAFETY: scratch columns hold Limits.blockRowCount + Limits.blockSlack values, which is what decoders may write;
// `start` plus `count` never exceeds the block's rows.

internal import Base
internal import Columnar

final class EventBlock {
  private enum Source {
    case none
    case segment(Segment, block: Int)
    /// Rows of a segment that lie in any of its blocks: those that are picked.
    case rows(Segment)
    case states(MessageStates, StateKind)
  }

  private(set) var kind = EventKind.sent
  /// How many of its events exist under the audience.
  private(set) var existence = Existence.all
  private(set) var count = 0
  /// Which segment of its shard it shows.
  private(set) var segmentIndex = 0
  private var source = Source.none
  /// Where the events start in the decoded block.
  private var start = 0
  /// Bit i: column i is decoded.
  private var decoded: UInt32 = 0
  /// Bit i: of column i the lower halves are decoded.
  private var decodedLow: UInt32 = 0
  /// Which of the events are left, counted from the first, when the block was narrowed; from the segment's first where
  /// rows are shown.
  private var picked: [UInt32] = []
  private(set) var isNarrow = false
  /// The messages shown, when it shows a state.
  private var ordinals: [Int] = []
  /// By column: what was asked of the segment shown; reading a cold one for every block would be dear.
  private var columns = [EncodedColumn?](repeating: nil, count: EventColumn.allCases.count)
  private let narrow: UnsafeMutablePointer<UInt32>
  private let wide: UnsafeMutablePointer<UInt64>

  private static let capacity = Limits.blockRowCount + Limits.blockSlack

  init() {
    let columnCount = EventColumn.allCases.count
    narrow = .allocate(capacity: columnCount * EventBlock.capacity)
    wide = .allocate(capacity: columnCount * EventBlock.capacity)
  }

  deinit {
    narrow.deallocate()
    wide.deallocate()
  }

  /// Shows rows `rows` of a shard's segment, which lie in one block and are of one kind.
  func show(
    _ segment: Segment, _ index: Int, rows: Range<Int>, kind: EventKind, _ existence: Existence
  ) {
    let block = rows.lowerBound / Limits.blockRowCount
    if shown !== segment { forgetColumns() }
    source = .segment(segment, block: block)
    segmentIndex = index
    start = rows.lowerBound - block * Limits.blockRowCount
    count = rows.count
    (self.kind, self.existence) = (kind, existence)
    (decoded, decodedLow, isNarrow) = (0, 0, false)
  }

  /// Shows these rows of a shard's segment, ascending and of one kind, at most as many as a block has.
  func show(
    _ segment: Segment, _ index: Int, only rows: ArraySlice<UInt32>, kind: EventKind,
    _ existence: Existence
  ) {
    if shown !== segment { forgetColumns() }
    source = .rows(segment)
    segmentIndex = index
    picked.removeAll(keepingCapacity: true)
    picked.append(contentsOf: rows)
    (start, count) = (0, rows.count)
    (self.kind, self.existence) = (kind, existence)
    (decoded, decodedLow, isNarrow) = (0, 0, true)
  }

  /// From now on shows these of its rows only, ascending, so that columns are read and computed for no others.
  func keep(_ rows: UnsafeBufferPointer<UInt32>) {
    for column in EventColumn.allCases where decoded & 1 << UInt32(column.rawValue) != 0 {
      let offset = Int(column.rawValue) * EventBlock.capacity + start
      if column.isWide {
        EventBlock.gather(wide + offset, rows)
      } else {
        EventBlock.gather(narrow + offset, rows)
      }
    }
    if isNarrow {
      for index in rows.indices { picked[index] = picked[Int(rows[index])] }
      picked.removeLast(picked.count - rows.count)
    } else {
      picked.removeAll(keepingCapacity: true)
      picked.append(contentsOf: rows)
    }
    (isNarrow, decodedLow) = (true, 0)
    count = rows.count
  }

  /// Moves the values of some rows to the front.
  @inline(__always)
  private static func gather<Value>(
    _ values: UnsafeMutablePointer<Value>, _ rows: UnsafeBufferPointer<UInt32>
  ) {
    var index = 0
    while index < rows.count {
      values[index] = values[Int(rows[index])]
      index &+= 1
    }
  }

  /// The segment whose rows it shows; nil for states.
  var shown: Segment? {
    switch source {
    case .segment(let segment, _), .rows(let segment): segment
    case .none, .states: nil
    }
  }

  /// The row of the segment that one of the rows shown is.
  func segmentRow(_ row: Int) -> Int {
    switch source {
    case .segment(_, let block):
      return block * Limits.blockRowCount + start + (isNarrow ? Int(picked[row]) : row)
    case .rows: return Int(picked[row])
    case .none, .states: preconditionFailure("a state has no rows")
    }
  }

  private func forgetColumns() {
    for index in columns.indices { columns[index] = nil }
  }

  private func column(_ column: EventColumn, of segment: Segment) -> EncodedColumn {
    if let known = columns[Int(column.rawValue)] { return known }
    let found = segment[column]
    columns[Int(column.rawValue)] = found
    return found
  }

  /// Shows a state of the messages from `first` on, as many of those that are in it as fit.
  ///
  /// - Returns: the message to go on with.
  func show(
    _ states: MessageStates, _ state: StateKind, from first: Int, messageCount: Int
  ) -> Int {
    forgetColumns()
    source = .states(states, state)
    (kind, existence) = (state.kind, .all)
    (start, decoded, decodedLow, isNarrow) = (0, 0, 0, false)
    ordinals.removeAll(keepingCapacity: true)
    var message = first
    while message < messageCount, ordinals.count < Limits.blockRowCount {
      if states.time(state, message) != 0 { ordinals.append(message) }
      message += 1
    }
    count = ordinals.count
    return message
  }

  /// The values of a column that fits 32 bits.
  func codes(_ column: EventColumn) -> UnsafePointer<UInt32> {
    assert(!column.isWide)
    return lowWords(column, &decoded)
  }

  /// The lower halves of a 64-bit column of a segment.
  func lowWords(_ column: EventColumn) -> UnsafePointer<UInt32> {
    assert(column.isWide && shown != nil)
    return lowWords(column, &decodedLow)
  }

  private func lowWords(_ column: EventColumn, _ decoded: inout UInt32) -> UnsafePointer<UInt32> {
    let target = narrow + Int(column.rawValue) * EventBlock.capacity
    if decoded & 1 << UInt32(column.rawValue) == 0 {
      if !pick(column, into: target + start) {
        decode(column, into: target)
        if isNarrow { picked.withUnsafeBufferPointer { EventBlock.gather(target + start, $0) } }
      }
      decoded |= 1 << UInt32(column.rawValue)
    }
    return UnsafePointer(target + start)
  }

  /// The values of a 64-bit column: time, address or value.
  func words(_ column: EventColumn) -> UnsafePointer<UInt64> {
    let target = wide + Int(column.rawValue) * EventBlock.capacity
    if decoded & 1 << UInt32(column.rawValue) == 0 {
      assert(column.isWide)
      if !pick(column, into: target + start) {
        decode(column, into: target)
        if isNarrow { picked.withUnsafeBufferPointer { EventBlock.gather(target + start, $0) } }
      }
      decoded |= 1 << UInt32(column.rawValue)
    }
    return UnsafePointer(target + start)
  }

  /// The smallest and the largest value of a column in the block; nil for states.
  func zone(_ column: EventColumn) -> (minimum: UInt64, maximum: UInt64)? {
    switch source {
    case .segment(let segment, let block):
      let zone = segment.blocks(column)[block]
      return (zone.minimum, zone.maximum)
    case .rows(let segment):
      guard let first = picked.first, let last = picked.last else { return nil }
      let zones = segment.blocks(column)[EventBlock.block(of: first)...EventBlock.block(of: last)]
      return zones.reduce((.max, .min)) { (min($0.0, $1.minimum), max($0.1, $1.maximum)) }
    case .none, .states: return nil
    }
  }

  private static func block(of row: UInt32) -> Int { Int(row) / Limits.blockRowCount }

  /// So few values are read one by one rather than with their block.
  private static let pickedCountMax = 64

  /// Reads the picked values alone, if they are few.
  private func pick<Value: ColumnWord>(
    _ column: EventColumn, into target: UnsafeMutablePointer<Value>
  ) -> Bool {
    switch source {
    case .segment(let segment, let block):
      guard isNarrow, count <= EventBlock.pickedCountMax else { return false }
      let values = self.column(column, of: segment)
      picked.withUnsafeBufferPointer { values.pick($0, from: start, block: block, into: target) }
    case .rows(let segment):
      let values = self.column(column, of: segment)
      picked.withUnsafeBufferPointer { values.pick($0, into: target) }
    case .none, .states: return false
    }
    return true
  }

  private func decode(_ column: EventColumn, into target: UnsafeMutablePointer<UInt32>) {
    switch source {
    case .segment(let segment, let block):
      self.column(column, of: segment).decode(block: block, into: target)
    case .states(let states, let state):
      for (index, message) in ordinals.enumerated() {
        target[index] = states.code(column, state, message)
      }
    case .none, .rows: preconditionFailure("a block that shows nothing to decode")
    }
  }

  private func decode(_ column: EventColumn, into target: UnsafeMutablePointer<UInt64>) {
    switch source {
    case .segment(let segment, let block):
      self.column(column, of: segment).decode(block: block, into: target)
    case .states(let states, let state):
      for (index, message) in ordinals.enumerated() {
        target[index] = column == .time ? states.time(state, message) : 0
      }
    case .none, .rows: preconditionFailure("a block that shows nothing to decode")
    }
  }
}

/// A message state as a source of events.
enum StateKind: CaseIterable {
  case sent
  case delivered
  case bounced

  var kind: EventKind {
    switch self {
    case .sent: .sent
    case .delivered: .delivered
    case .bounced: .bounced
    }
  }
}

extension MessageStates {
  /// When a message came into a state, biased; 0 when it is not in it.
  func time(_ state: StateKind, _ message: Int) -> UInt64 {
    let bits = self.state(of: message, isUntracked: false)
    switch state {
    case .sent: return sentTime[message]
    case .delivered:
      guard bits & MessageState.delivered != 0 else { return 0 }
      return firstDelivered[message] != 0 ? firstDelivered[message] : sentTime[message]
    case .bounced: return bits & MessageState.bounced != 0 ? bounce(of: message)?.time ?? 0 : 0
    }
  }

  /// A column of the event a state stands for; NULL unless it is the deciding bounce's.
  func code(_ column: EventColumn, _ state: StateKind, _ message: Int) -> UInt32 {
    switch (column, state) {
    case (.message, _): return UInt32(message)
    case (.kind, _): return UInt32(state.kind.rawValue)
    case (_, .bounced): break
    default: return 0
    }
    let bounce = bounce(of: message)
    return switch column {
    case .bounceClass: UInt32(bounce?.bounceClass.rawValue ?? 0)
    case .code: bounce?.code ?? 0
    case .reason: bounce?.reason ?? 0
    default: 0
    }
  }
}

extension EventColumn {
  /// Whether its values may need 64 bits.
  fileprivate var isWide: Bool {
    switch self {
    case .time, .addressHigh, .addressLow, .value, .identity: true
    default: false
    }
  }
}
