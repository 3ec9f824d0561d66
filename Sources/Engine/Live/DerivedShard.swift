// What queries see of one shard besides what is stored: the states of its messages and the domains of its recipients.
// It is brought up to date by what changed, and the whole of a shard is one large change.

internal import Base
internal import Columnar
internal import Ingest

struct DerivedShard {
  private var states: MessageStates
  private var counts = MessageCounts()
  /// By recipient: the code of the domain that its own key names, or `unknown` where nobody had to look.
  private var keyDomains: [UInt32] = []
  private var state = EncodedColumn.empty
  private var sentTime = EncodedColumn.empty
  private var domains = EncodedColumn.empty
  private(set) var snapshot: ShardSnapshot

  private static let unknown = UInt32.max

  /// Nothing, to be brought up to date.
  init(_ rules: MessageStates.BounceRules) {
    states = MessageStates(
      messageCount: 0, segments: [], rules: rules, marks: MessageStates.Marks())
    let empty = ShardImage.empty
    snapshot = ShardSnapshot(
      recipients: empty.recipients, recipientDomains: .empty, recipientAttributes: [],
      messages: empty.messages + [.empty, .empty], counts: counts, segments: [],
      splits: [])
  }

  /// Bytes of memory of all that is derived.
  var byteCount: Int {
    states.byteCount + keyDomains.count * MemoryLayout<UInt32>.stride + state.byteCount
      + sentTime.byteCount + domains.byteCount + counts.byteCount + snapshot.repetitionByteCount
  }

  // MARK: Domains

  /// Brings the recipients' domains up to date: the stated one, else what follows the last `@`, in lower case.
  mutating func updateDomains(
    _ image: ShardImage, _ change: ShardChange, _ shared: SharedState
  ) {
    let missing = image.recipients.count - keyDomains.count
    keyDomains.append(contentsOf: repeatElement(DerivedShard.unknown, count: missing))
    let patches = change.recipientBlocks.map { block in
      var codes = image.statedDomains.decodedCodes(block: block)
      for index in codes.indices where codes[index] == 0 {
        codes[index] = keyDomain(
          block * Columnar.Limits.blockRowCount + index, image.recipients, shared)
      }
      return BlockPatch(block: block, values: codes)
    }
    domains = domains.patched(patches, rowCount: image.recipients.count)
  }

  private mutating func keyDomain(
    _ recipient: Int, _ recipients: DictionaryPrefix, _ shared: SharedState
  ) -> UInt32 {
    if keyDomains[recipient] == DerivedShard.unknown {
      keyDomains[recipient] = DerivedShard.domain(of: recipients[UInt32(recipient)], shared)
    }
    return keyDomains[recipient]
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
  /// - Returns: what changed in the counts by hour.
  mutating func updateStates(
    _ stored: StoredShard, _ change: ShardChange, _ rules: MessageStates.BounceRules,
    machineMarks: [UInt8]
  ) -> [HourCounts.Cell] {
    let image = stored.image
    let messageCount = image.messages[0].rowCount
    states.grow(to: messageCount)
    for segment in change.segments { states.fold(segment, rules) }
    if let rows = change.rows { states.fold(rows, rules) }
    let events = EventChange(
      removed: change.replaced, added: change.segments, rows: change.rows)
    counts.update(events, messageCount: messageCount, machineMarks: machineMarks)
    let flags = image.messages[Int(MessageColumn.flags.rawValue)]
    state = state.patched(
      changed(change, states.marks?.state).map { statePatch($0, flags) }, rowCount: messageCount)
    sentTime = sentTime.patched(
      changed(change, states.marks?.sentTime).map { timePatch($0, flags.blockRowCount($0)) },
      rowCount: messageCount)
    let hasChanged = !stored.segments.elementsEqual(snapshot.segments, by: ===)
    snapshot = ShardSnapshot(
      recipients: image.recipients, recipientDomains: domains,
      recipientAttributes: image.attributes, messages: image.messages + [state, sentTime],
      counts: counts, segments: stored.segments, splits: splits(stored.segments, machineMarks),
      firsts: hasChanged ? FirstMarks() : snapshot.firsts,
      people: hasChanged ? RecipientIndex() : snapshot.people)
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

  private func changed(_ change: ShardChange, _ marks: BlockMarks?) -> [Int] {
    Set(change.messageBlocks).union(marks?.take() ?? []).sorted()
  }

  private func statePatch(_ block: Int, _ flags: EncodedColumn) -> BlockPatch<UInt32> {
    var values = flags.decodedCodes(block: block)
    let start = block * Columnar.Limits.blockRowCount
    for index in values.indices {
      values[index] = states.state(
        of: start + index, isUntracked: values[index] & MessageFlags.untracked != 0)
    }
    return BlockPatch(block: block, values: values)
  }

  /// The times of a block, with the gaps of unsent messages filled.
  private func timePatch(_ block: Int, _ count: Int) -> BlockPatch<UInt64> {
    let start = block * Columnar.Limits.blockRowCount
    var times = (start..<start + count).map { states.sentTime[$0] }
    var previous = times.first { $0 != 0 } ?? 0
    for index in times.indices {
      if times[index] != 0 { previous = times[index] }
      times[index] = previous
    }
    return BlockPatch(block: block, values: times)
  }
}

extension EncodedColumn {
  /// A column without rows.
  static var empty: EncodedColumn {
    [UInt32]().withUnsafeBufferPointer { EncodedColumn(encoding: $0) }
  }
}
