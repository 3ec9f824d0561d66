// The states of a shard's messages as a column that is brought up to date by what changed (`MessageStates` says what
// they are). When a message was sent or delivered only its events know: here is a bit for what was delivered, and of
// those that bounced, for which it matters, the last delivery.

internal import Base

package struct StateColumn: Sendable {
  /// `MessageState` bits by message.
  package private(set) var column = EncodedColumn.empty
  /// The messages with a `delivered` event.
  private var delivered = Bitmap(count: 0)
  private var bounces = DecidingBounces(count: 0)
  /// The last `delivered` event of each message that bounced and has one, biased.
  private var lastDelivered: [Int: UInt64] = [:]

  /// No messages.
  package init() {}

  /// Bytes of memory.
  package var byteCount: Int {
    column.byteCount + delivered.byteCount + bounces.byteCount
      + lastDelivered.capacity * MemoryLayout<(Int, UInt64)>.stride
  }

  /// Brings the states up to date. Events that were added before change nothing, and none is taken away.
  ///
  /// - Parameters:
  ///   - blocks: those of messages that are new or have other flags.
  ///   - segments: all events that there are now.
  ///   - flags: of the messages that there are now.
  package mutating func update(
    _ change: EventChange, blocks: [Int], segments: [Segment], flags: EncodedColumn,
    rules: DecidingBounces.Rules
  ) {
    delivered.grow(to: flags.rowCount)
    bounces.grow(to: flags.rowCount)
    var changed = Changed(messageCount: flags.rowCount)
    for segment in change.added { add(segment, rules, &changed) }
    change.rows?.withRows { rows in for row in rows { add(row, rules, &changed) } }
    findDeliveries(
      of: changed.bounced.filter { delivered.contains($0) }, in: segments, flags.rowCount)
    for block in blocks { changed.blocks.insert(block) }
    var patches: [BlockPatch<UInt32>] = []
    changed.blocks.forEach { patches.append(patch($0, flags, sent: changed.sent)) }
    column = column.patched(patches, rowCount: flags.rowCount)
  }

  /// What one change is about.
  private struct Changed {
    /// The messages with a `sent` event.
    var sent: Bitmap
    /// Blocks of messages.
    var blocks: Bitmap
    /// The messages that another bounce decides.
    var bounced: [Int] = []

    init(messageCount: Int) {
      sent = Bitmap(count: messageCount)
      blocks = Bitmap(count: messageCount / Limits.blockRowCount + 1)
    }

    @inline(__always)
    mutating func mark(_ message: Int) { blocks.insert(message / Limits.blockRowCount) }
  }

  private mutating func add(
    _ segment: Segment, _ rules: DecidingBounces.Rules, _ changed: inout Changed
  ) {
    segment.forEachRow(of: .sent) { message, _, _ in
      changed.sent.insert(message)
      changed.mark(message)
    }
    segment.forEachRow(of: .delivered) { message, time, _ in
      addDelivered(message, time)
      changed.mark(message)
    }
    bounces.add(segment, rules) { message in
      changed.bounced.append(message)
      changed.mark(message)
    }
  }

  /// Adds a row that may be in no segment yet.
  private mutating func add(
    _ row: EventRow, _ rules: DecidingBounces.Rules, _ changed: inout Changed
  ) {
    let (message, time) = (Int(row.message), TimeBias.store(row.time))
    switch row.kind {
    case EventKind.sent.rawValue: changed.sent.insert(message)
    case EventKind.delivered.rawValue: addDelivered(message, time)
    case EventKind.bounced.rawValue:
      let bounce = DecidingBounces.Bounce(
        time: time, bounceClass: rules.effectiveClass(stated: row.bounceClass, code: row.code),
        code: row.code, reason: row.reason)
      if bounces.add(bounce, of: message, rules) { changed.bounced.append(message) }
    default: return
    }
    changed.mark(message)
  }

  private mutating func addDelivered(_ message: Int, _ time: UInt64) {
    delivered.insert(message)
    if bounces[message] != nil { noteDelivery(message, time) }
  }

  /// Takes a delivery of a message that bounced.
  private mutating func noteDelivery(_ message: Int, _ time: UInt64) {
    lastDelivered[message] = max(lastDelivered[message] ?? 0, time)
  }

  /// The bounce that decides about a message, unless it was delivered later.
  private func standingBounce(of message: Int) -> DecidingBounces.Bounce? {
    guard let bounce = bounces[message] else { return nil }
    return lastDelivered[message] ?? 0 <= bounce.time ? bounce : nil
  }

  /// Looks up when messages were delivered that have bounced since, or whose bounce came before the news of it.
  private mutating func findDeliveries(
    of messages: [Int], in segments: [Segment], _ messageCount: Int
  ) {
    guard !messages.isEmpty else { return }
    var wanted = Bitmap(count: messageCount)
    for message in messages { wanted.insert(message) }
    for segment in segments {
      segment.forEachRow(of: .delivered) { message, time, _ in
        if wanted.contains(message) { noteDelivery(message, time) }
      }
    }
  }

  private func patch(
    _ block: Int, _ flags: EncodedColumn, sent: Bitmap
  ) -> BlockPatch<UInt32> {
    let before = block < column.blocks.count ? column.decodedCodes(block: block) : []
    let start = block * Limits.blockRowCount
    var values = flags.decodedCodes(block: block)
    for index in values.indices {
      let message = start + index
      let wasSent = index < before.count && before[index] & MessageState.sent != 0
      values[index] = MessageState.bits(
        isSent: wasSent || sent.contains(message), hasDelivered: delivered.contains(message),
        bounce: standingBounce(of: message),
        isUntracked: values[index] & MessageFlags.untracked != 0)
    }
    return BlockPatch(block: block, values: values)
  }
}
