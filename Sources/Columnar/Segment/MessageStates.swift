// Sent, delivered, bounced: what the events of a shard make of its messages. docs/SEMANTICS.md, "Messages", is the
// definition; this is a fold over the `sent`, `delivered` and `bounced` rows in any order.
//
// SAFETY: arrays have one element per message, and every row's message was checked to be below that count.

package import Base

package struct MessageStates: Sendable {
  /// The earliest `sent` event, biased (`TimeBias`); 0 for none.
  package private(set) var sentTime: MessageTimes
  /// The earliest `delivered` event, biased; 0 for none.
  package private(set) var firstDelivered: MessageTimes
  /// The latest `delivered` event where it is another one: few messages are delivered twice.
  private var lastDelivered: [Int: UInt64] = [:]
  /// The messages that bounced, and the deciding bounce of each: few do.
  private var hasBounce: Bitmap
  private var bounces: [Int: Bounce] = [:]

  /// What folds changed, where somebody keeps columns of it.
  package let marks: Marks?

  /// Folds the rows of `segments`.
  ///
  /// - Parameters:
  ///   - rules: class of every bounce code, and how codes and reasons compare as text.
  ///   - marks: takes note of changes, when rows will be added later.
  package init(
    messageCount: Int, segments: [Segment], rules: BounceRules, marks: Marks? = nil
  ) {
    self.marks = marks
    sentTime = MessageTimes(count: messageCount)
    firstDelivered = sentTime
    hasBounce = Bitmap(count: messageCount)
    for segment in segments { fold(segment, rules) }
  }

  /// Folds the bounces of `segments` only: of nothing else will it be asked.
  package init(bouncesOf messageCount: Int, segments: [Segment], rules: BounceRules) {
    self.init(messageCount: messageCount, segments: [], rules: rules)
    for segment in segments
    where !segment.rows(ofKind: EventKind.bounced.rawValue).isEmpty {
      addBounced(FoldedColumns(segment), rules)
    }
  }

  /// Adds the rows of a segment. Rows that were added before change nothing.
  package mutating func fold(_ segment: Segment, _ rules: BounceRules) {
    let isConcerned = [EventKind.sent, .delivered, .bounced].contains {
      !segment.rows(ofKind: $0.rawValue).isEmpty
    }
    guard isConcerned else { return }
    let columns = FoldedColumns(segment)
    addSent(columns)
    addDelivered(columns)
    addBounced(columns, rules)
  }

  /// The columns of a segment that every fold needs.
  private struct FoldedColumns {
    let segment: Segment
    let message: EncodedColumn
    let time: EncodedColumn

    init(_ segment: Segment) {
      self.segment = segment
      (message, time) = (segment[.message], segment[.time])
    }
  }

  /// Adds rows that are in no segment yet.
  package mutating func fold(_ rows: RowRun, _ rules: BounceRules) {
    rows.withRows { rows in
      for row in rows {
        let (message, time) = (Int(row.message), TimeBias.store(row.time))
        switch row.kind {
        case EventKind.sent.rawValue: addSent(message, time)
        case EventKind.delivered.rawValue: addDelivered(message, time)
        case EventKind.bounced.rawValue:
          let bounceClass = rules.effectiveClass(stated: row.bounceClass, code: row.code)
          let bounce = Bounce(
            time: time, bounceClass: bounceClass, code: row.code, reason: row.reason)
          addBounce(message, bounce, rules)
        default: break
        }
      }
    }
  }

  /// Makes room for messages that are new.
  package mutating func grow(to messageCount: Int) {
    guard messageCount > sentTime.count else { return }
    sentTime.grow(to: messageCount)
    firstDelivered.grow(to: messageCount)
    hasBounce.grow(to: messageCount)
  }

  /// Memory of one message's state, when something is known of its sending and its delivery.
  package static let byteCountPerMessage = 2 * MemoryLayout<UInt64>.stride

  /// Bytes of memory.
  package var byteCount: Int {
    sentTime.byteCount + firstDelivered.byteCount + hasBounce.byteCount
      + bounces.capacity * MemoryLayout<(Int, Bounce)>.stride
      + lastDelivered.capacity * MemoryLayout<(Int, UInt64)>.stride
  }

  /// The messages whose state changed, and those whose sent time did.
  package struct Marks: Sendable {
    package let state = BlockMarks()
    package let sentTime = BlockMarks()

    package init() {}
  }

  /// How bounce rows are read: the class of a code, and which of two texts is smaller.
  package struct BounceRules: Sendable {
    package var classes: [BounceClass]
    package var codes: DictionaryPrefix
    package var reasons: DictionaryPrefix

    package init(classes: [BounceClass], codes: DictionaryPrefix, reasons: DictionaryPrefix) {
      self.classes = classes
      self.codes = codes
      self.reasons = reasons
    }

    /// The class of a bounce with this stated class and code; never `unspecified`.
    package func effectiveClass(stated: UInt8, code: UInt32) -> BounceClass {
      if let stated = BounceClass(rawValue: stated), stated != .unspecified { return stated }
      guard code != 0, Int(code) <= classes.count else { return .unknown }
      let ruled = classes[Int(code) - 1]
      return ruled == .unspecified ? .unknown : ruled
    }
  }

  /// `MessageState` bits of a message.
  package func state(of message: Int, isUntracked: Bool) -> UInt32 {
    let isSent = sentTime[message] != 0
    let hasDelivered = firstDelivered[message] != 0
    let bounce = bounce(of: message)
    let isBounced = bounce.map { lastDelivered(of: message) <= $0.time } ?? false
    var state: UInt32 = isUntracked ? MessageState.untracked : 0
    if isSent { state |= MessageState.sent }
    if hasDelivered || isSent && !isBounced { state |= MessageState.delivered }
    if let bounce, isBounced {
      state |= MessageState.bounced
      state |= UInt32(bounce.bounceClass.rawValue) << MessageState.classShift
    }
    return state
  }

  private mutating func addSent(_ columns: FoldedColumns) {
    forEach(EventKind.sent, columns) { states, message, time, _ in states.addSent(message, time) }
  }

  private mutating func addSent(_ message: Int, _ time: UInt64) {
    let current = sentTime[message]
    guard current == 0 || time < current else { return }
    sentTime.set(message, time)
    marks?.sentTime.mark(message)
    if current == 0 { marks?.state.mark(message) }
  }

  private mutating func addDelivered(_ columns: FoldedColumns) {
    forEach(EventKind.delivered, columns) { states, message, time, _ in
      states.addDelivered(message, time)
    }
  }

  private mutating func addDelivered(_ message: Int, _ time: UInt64) {
    let (first, last) = (firstDelivered[message], lastDelivered(of: message))
    if first == 0 || time < first { firstDelivered.set(message, time) }
    if time > last {
      marks?.state.mark(message)
      if last != 0 { lastDelivered[message] = time }
    } else if time < first {
      lastDelivered[message] = last
    }
  }

  private func lastDelivered(of message: Int) -> UInt64 {
    lastDelivered.isEmpty
      ? firstDelivered[message] : lastDelivered[message] ?? firstDelivered[message]
  }

  private mutating func addBounced(_ columns: FoldedColumns, _ rules: BounceRules) {
    let segment = columns.segment
    guard !segment.rows(ofKind: EventKind.bounced.rawValue).isEmpty else { return }
    let (codes, reasons, classes) = (segment[.code], segment[.reason], segment[.bounceClass])
    forEach(EventKind.bounced, columns) { states, message, time, row in
      let code = UInt32(truncatingIfNeeded: codes.value(at: row))
      let reason = UInt32(truncatingIfNeeded: reasons.value(at: row))
      let stated = UInt8(truncatingIfNeeded: classes.value(at: row))
      let candidate = Bounce(
        time: time, bounceClass: rules.effectiveClass(stated: stated, code: code), code: code,
        reason: reason)
      states.addBounce(message, candidate, rules)
    }
  }

  private mutating func addBounce(_ message: Int, _ bounce: Bounce, _ rules: BounceRules) {
    if let known = self.bounce(of: message), !decides(bounce, over: known, rules) { return }
    hasBounce.insert(message)
    bounces[message] = bounce
    marks?.state.mark(message)
  }

  /// A bounce as states keep it.
  package struct Bounce: Equatable, Sendable {
    /// Biased.
    package var time: UInt64
    package var bounceClass: BounceClass
    /// Codes in their dictionaries, plus one; 0 for none.
    package var code: UInt32
    package var reason: UInt32
  }

  /// The deciding bounce of a message; it may have been delivered since.
  package func bounce(of message: Int) -> Bounce? {
    hasBounce.contains(message) ? bounces[message] : nil
  }

  /// Whether `candidate` decides over what is known: the later, then the smaller class, code and reason.
  private func decides(_ candidate: Bounce, over known: Bounce, _ rules: BounceRules) -> Bool {
    guard candidate.time == known.time else { return candidate.time > known.time }
    if candidate.bounceClass != known.bounceClass {
      return ByteSlice(text: candidate.bounceClass.name)
        .isOrderedBefore(ByteSlice(text: known.bounceClass.name))
    }
    if candidate.code != known.code { return isSmaller(candidate.code, known.code, rules.codes) }
    return isSmaller(candidate.reason, known.reason, rules.reasons)
  }

  private func isSmaller(
    _ left: UInt32, _ right: UInt32, _ dictionary: DictionaryPrefix
  ) -> Bool {
    if left == 0 || right == 0 { return left == 0 && right != 0 }
    return dictionary[left - 1].isOrderedBefore(dictionary[right - 1])
  }

  /// Calls `body` with message, biased time and row number of each row of a kind.
  private mutating func forEach(
    _ kind: EventKind, _ columns: FoldedColumns,
    _ body: (inout MessageStates, Int, UInt64, Int) -> Void
  ) {
    let rows = columns.segment.rows(ofKind: kind.rawValue)
    guard !rows.isEmpty else { return }
    let capacity = Limits.blockRowCount + Limits.blockSlack
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: capacity) { messages in
      withUnsafeTemporaryAllocation(of: UInt64.self, capacity: capacity) { times in
        guard let messageBase = messages.baseAddress, let timeBase = times.baseAddress else {
          return
        }
        for block in rows.blocks {
          columns.message.decode(block: block, into: messageBase)
          columns.time.decode(block: block, into: timeBase)
          let start = block * Limits.blockRowCount
          for row in rows.rows(inBlock: block) {
            body(&self, Int(messageBase[row - start]), timeBase[row - start], row)
          }
        }
      }
    }
  }
}
