// A shard takes events: it numbers their recipients and messages, drops repeats, and collects rows until a segment is
// full. All of its state lives inside one lock, taken once per batch.
//
// SAFETY: a group's events are among those of the part they come with, which is not changed meanwhile.

package import Base
package import Columnar

package final class Shard: Sendable {
  private let state: Monitor<ShardState>

  package init(_ state: consuming ShardState) { self.state = Monitor(state) }

  /// Runs `body` with the state; the one way to it.
  package func withState<Result: ~Copyable, Failure>(
    _ body: (inout ShardState) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try state.update(body)
  }
}

/// What became of a batch's events.
package struct ShardCounts: Sendable {
  /// Events kept.
  package var added = 0
  /// Events dropped because their id was there already.
  package var repeated = 0
  /// Events dropped because the shard is full.
  package var refused = 0

  package init() {}

  package static func += (left: inout ShardCounts, right: ShardCounts) {
    left.added += right.added
    left.repeated += right.repeated
    left.refused += right.refused
  }
}

package struct ShardState: ~Copyable {
  package let recipients: KeyDictionary
  /// The domain code that events state for a recipient, by recipient ordinal; 0 where none does.
  package let statedDomains: StableBuffer<UInt32>
  /// Attribute value codes, by attribute number and recipient ordinal; shorter columns have no value.
  package private(set) var attributes: [StableBuffer<UInt32>]
  package let messages: MessageTable
  package private(set) var segments: [Segment]
  package private(set) var builder: SegmentBuilder
  private var identities: IdentitySet
  private let domainMarks = BlockMarks()
  /// By attribute number.
  private var attributeMarks: [BlockMarks]
  /// Whether anything changed since the state was loaded or captured.
  package private(set) var isChanged = false
  private var group = ShardGroup()
  private let forcing: Encoding?

  /// - Parameters:
  ///   - segmentRowCountMax: rows per segment; tests use small numbers.
  ///   - forcing: the codec of every block; for tests.
  package init(
    recipients: KeyDictionary, statedDomains: StableBuffer<UInt32>,
    attributes: [StableBuffer<UInt32>], messages: MessageTable, segments: [Segment],
    configuration: ShardConfiguration
  ) {
    self.recipients = recipients
    self.statedDomains = statedDomains
    self.attributes = attributes
    self.messages = messages
    self.segments = segments
    attributeMarks = attributes.map { _ in BlockMarks() }
    identities = IdentitySet(of: segments)
    builder = SegmentBuilder(rowCountMax: configuration.segmentRowCountMax)
    forcing = configuration.forcing
    reopenTail(configuration.segmentRowCountMax)
  }

  /// An empty shard.
  package init(configuration: ShardConfiguration) {
    self.init(
      recipients: KeyDictionary(),
      statedDomains: ShardState.emptyColumn(), attributes: [], messages: MessageTable(),
      segments: [], configuration: configuration)
  }

  /// Memory of what only taking events needs: open rows, look-up tables, plain columns, ids. Recipients' keys and
  /// segments are shared with what queries see.
  package var byteCount: Int {
    recipients.tableByteCount + statedDomains.byteCount + messages.byteCount + builder.byteCount
      + identities.byteCount + attributes.reduce(0) { $0 + $1.byteCount }
  }

  package static func emptyColumn() -> StableBuffer<UInt32> {
    StableBuffer(capacity: Columnar.Limits.messageCountMax)
  }

  /// Takes what a batch has for the shard.
  package mutating func take(_ part: BatchPart, shared: SharedState) -> ShardCounts {
    var counts = ShardCounts()
    var start = 0
    while start < part.count {
      let end = min(start &+ ShardGroup.eventCountMax, part.count)
      take(UnsafeBufferPointer(rebasing: part.events[start..<end]), of: part, shared, &counts)
      start = end
    }
    isChanged = isChanged || counts.added > 0
    return counts
  }

  /// Takes a few events, table after table, so that what they look up in one is asked from memory together.
  private mutating func take(
    _ events: UnsafeBufferPointer<PendingEvent>, of part: BatchPart, _ shared: SharedState,
    _ counts: inout ShardCounts
  ) {
    guard let base = events.baseAddress else { return }
    group.load(events, of: part)
    recipients.prefetch(hashes: group.hashes)
    for position in events.indices {
      let event = base + position
      let recipient = recipient(part.recipient(of: event), hash: group.hashes[position])
      group.setKey(position, event, recipient: recipient)
    }
    messages.prefetch(group.keys)
    for position in events.indices {
      take(base + position, group.keys[position], shared, &counts)
    }
  }

  /// The recipient's ordinal, which is added when it is new; nil when the shard is full.
  package mutating func recipient(_ key: ByteSlice, hash: UInt64) -> UInt32? {
    let before = recipients.count
    guard let ordinal = recipients.intern(key, hash: hash) else { return nil }
    if recipients.count != before {
      statedDomains.append(0)
      domainMarks.mark(Int(ordinal))
      isChanged = true
    }
    return ordinal
  }

  /// States an attribute of a recipient; of several values the last one stays.
  package mutating func stateAttribute(_ attribute: Int, of recipient: UInt32, as value: UInt32) {
    withAttribute(attribute) { $0.state(recipient, as: value) }
  }

  /// Hands out the column of an attribute for statements about recipients.
  mutating func withAttribute(_ attribute: Int, _ body: (AttributeColumn) -> Void) {
    while attributes.count <= attribute {
      attributes.append(ShardState.emptyColumn())
      attributeMarks.append(BlockMarks())
    }
    body(AttributeColumn(values: attributes[attribute], marks: attributeMarks[attribute]))
    isChanged = true
  }

  /// Seals the rows that are still open.
  ///
  /// - Parameter machineMarks: by user-agent code, 1 for a machine; codes beyond are people's.
  package mutating func seal(machineMarks: [UInt8] = []) {
    guard builder.rowCount > 0 else { return }
    segments.append(builder.seal(machineMarks: machineMarks, forcing: forcing))
  }

  /// The state as it is now, for readers beside whom the shard goes on; nil when nothing changed since the last time.
  ///
  /// It costs as much as what changed.
  /// - Parameter isQuiet: nobody changes the shard until the capture was used, so nothing need be copied.
  package mutating func capture(isQuiet: Bool) -> ShardCapture? {
    guard isChanged else { return nil }
    isChanged = false
    return ShardCapture(
      recipients: recipients.prefix, messages: messages.capture(isQuiet: isQuiet),
      statedDomains: ColumnCapture(statedDomains, domainMarks),
      attributes: zip(attributes, attributeMarks).map { ColumnCapture($0, $1) },
      segments: segments, rows: builder.lend())
  }

  private mutating func take(
    _ event: UnsafePointer<PendingEvent>, _ key: MessageKey, _ shared: SharedState,
    _ counts: inout ShardCounts
  ) {
    guard key.recipient != ShardGroup.noRecipient, let message = messages.intern(key) else {
      counts.refused += 1
      return
    }
    var row = event.pointee.row
    row.message = message
    if row.identity != 0 {
      row.identity = ShardState.identity(of: event.pointee)
      guard identities.insert(row.identity) else {
        counts.repeated += 1
        return
      }
    }
    if event.pointee.statesAttributes {
      stateAttributes(event.pointee, message, key.recipient, shared)
    }
    if builder.isFull { seal(machineMarks: shared.machineMarks()) }
    builder.append(row)
    counts.added += 1
  }

  /// The identity of an event with an id. It follows from its message's key and not from its ordinal, which may change
  /// when a shard is rewritten.
  private static func identity(of event: PendingEvent) -> UInt64 {
    let message = Hash.of(
      UInt64(event.campaign) << 32 | UInt64(event.send), event.recipientHash)
    return max(Hash.of(event.row.identity, message), 1)
  }

  private mutating func stateAttributes(
    _ event: PendingEvent, _ message: UInt32, _ recipient: UInt32, _ shared: SharedState
  ) {
    let isSend = event.row.kind == EventKind.sent.rawValue
    messages.state(.variant, of: message, as: event.variant, isFromSend: isSend) {
      shared.isSmaller(.variant, $0, $1)
    }
    messages.state(.template, of: message, as: event.template, isFromSend: isSend) {
      shared.isSmaller(.template, $0, $1)
    }
    messages.state(.sender, of: message, as: event.sender, isFromSend: isSend) {
      shared.isSmaller(.sender, $0, $1)
    }
    messages.state(.subject, of: message, as: event.subject, isFromSend: isSend) {
      shared.isSmaller(.subject, $0, $1)
    }
    if event.isUntracked { messages.markUntracked(message) }
    let domain = statedDomains[Int(recipient)]
    if event.domain != 0, domain == 0 || shared.isSmaller(.domain, event.domain, domain) {
      statedDomains[Int(recipient)] = event.domain
      domainMarks.mark(Int(recipient))
    }
  }

  /// Takes the rows of last segments that are not full back into the builder, in their order, so that many small loads
  /// do not leave many small segments.
  private mutating func reopenTail(_ rowCountMax: Int) {
    let count = ShardState.reopenedCount(segments, rowCountMax)
    for tail in segments.suffix(count) { tail.forEachRow { builder.append($0) } }
    segments.removeLast(count)
  }

  /// How many of the last segments are open again in the live form of a shard.
  package static func reopenedCount(_ segments: [Segment], _ rowCountMax: Int) -> Int {
    var (count, rowCount) = (0, 0)
    for tail in segments.reversed() {
      guard tail.rowCount < rowCountMax / 2, rowCount + tail.rowCount <= rowCountMax else { break }
      (count, rowCount) = (count + 1, rowCount + tail.rowCount)
    }
    return count
  }
}

/// How shards store; the defaults are right except in tests.
package struct ShardConfiguration: Sendable {
  package var segmentRowCountMax: Int
  package var forcing: Encoding?

  package init(
    segmentRowCountMax: Int = Columnar.Limits.segmentRowCountMax, forcing: Encoding? = nil
  ) {
    self.segmentRowCountMax = segmentRowCountMax
    self.forcing = forcing
  }
}
