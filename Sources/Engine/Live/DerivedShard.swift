// What queries see of one shard besides what is stored: the states of its messages and the domains of its recipients.
// It is brought up to date by what changed, and the whole of a shard is one large change.

internal import Base
internal import Columnar
internal import Ingest

struct DerivedShard {
  private var states = StateColumn()
  private var counts = MessageCounts()
  private var domains = EncodedColumn.empty
  private(set) var snapshot: ShardSnapshot

  /// Nothing, to be brought up to date.
  init() {
    let empty = ShardImage.empty
    snapshot = ShardSnapshot(
      recipients: empty.recipients, recipientDomains: .empty, recipientAttributes: [],
      messages: empty.messages + [.empty], sentTimes: SentTimes(of: [], messageCount: 0),
      counts: counts, segments: [], splits: [])
  }

  /// Bytes of memory of all that is derived.
  var byteCount: Int {
    states.byteCount + domains.byteCount + counts.byteCount + snapshot.foundByteCount
  }

  // MARK: Domains

  /// Brings the recipients' domains up to date: the stated one, else what follows the last `@`, in lower case.
  mutating func updateDomains(
    _ image: ShardImage, _ change: ShardChange, _ shared: SharedState
  ) {
    let patches = change.recipientBlocks.map { block in
      var codes = image.statedDomains.decodedCodes(block: block)
      // What is not stated now never was: what is known already is of the key.
      let known = block < domains.blocks.count ? domains.decodedCodes(block: block) : []
      let start = block * Columnar.Limits.blockRowCount
      for index in codes.indices where codes[index] == 0 {
        let key = image.recipients[UInt32(start + index)]
        codes[index] =
          index < known.count
          ? known[index] : key.withBytes { DerivedShard.domain(of: $0, shared) }
      }
      return BlockPatch(block: block, values: codes)
    }
    domains = domains.patched(patches, rowCount: image.recipients.count)
  }

  private static func domain(of key: ByteSlice, _ shared: SharedState) -> UInt32 {
    guard let at = ByteSearch.lastIndex(of: ASCII.at, in: key), at + 1 < key.count else {
      return 0
    }
    let lower = key.suffix(from: at + 1).array.map(ASCII.lowercase)
    return lower.withUnsafeBufferPointer { shared.code(.domain, ByteSlice($0)) } ?? 0
  }

  // MARK: States

  /// Brings the messages' states and counts up to date, and makes the snapshot; the domains are up to date.
  ///
  /// - Parameter findsSentTimes: before anybody asks.
  /// - Returns: what changed in the counts by hour.
  mutating func updateStates(
    _ stored: StoredShard, _ change: ShardChange, _ rules: DecidingBounces.Rules,
    machineMarks: [UInt8], findsSentTimes: Bool
  ) -> [HourCounts.Cell] {
    let image = stored.image
    let flags = image.messages[Int(MessageColumn.flags.rawValue)]
    let events = EventChange(
      removed: change.replaced, added: change.segments, rows: change.rows)
    let sentTimes = snapshot.sentTimes.updated(
      by: events, blocks: change.messageBlocks, states: states.column, segments: stored.segments,
      messageCount: flags.rowCount)
    states.update(
      events, blocks: change.messageBlocks, segments: stored.segments, flags: flags, rules: rules)
    counts.update(events, messageCount: flags.rowCount, machineMarks: machineMarks)
    let hasChanged = !stored.segments.elementsEqual(snapshot.segments, by: ===)
    snapshot = ShardSnapshot(
      recipients: image.recipients, recipientDomains: domains,
      recipientAttributes: image.attributes, messages: image.messages + [states.column],
      sentTimes: sentTimes, counts: counts, segments: stored.segments,
      splits: splits(stored.segments, machineMarks),
      firsts: hasChanged ? FirstMarks() : snapshot.firsts,
      people: hasChanged ? RecipientIndex() : snapshot.people)
    if findsSentTimes { _ = sentTimes.column }
    return DerivedShard.hours(snapshot, machineMarks).cells(of: events)
  }

  /// Of segments that were there before, what is known; others are looked at.
  private func splits(_ segments: [Segment], _ machineMarks: [UInt8]) -> [AudienceSplit] {
    let known = Dictionary(
      uniqueKeysWithValues: zip(snapshot.segments.map(ObjectIdentifier.init), snapshot.splits))
    return segments.map {
      known[ObjectIdentifier($0)] ?? AudienceSplit($0, machineMarks: machineMarks)
    }
  }

  /// What goes from the counts by hour when the shard does.
  func removedHours(machineMarks: [UInt8]) -> [HourCounts.Cell] {
    DerivedShard.hours(snapshot, machineMarks)
      .cells(of: EventChange(removed: snapshot.segments, added: [], rows: nil))
  }

  private static func hours(_ snapshot: ShardSnapshot, _ machineMarks: [UInt8]) -> HourFold {
    HourFold(campaigns: snapshot[.campaign], machineMarks: machineMarks)
  }
}
