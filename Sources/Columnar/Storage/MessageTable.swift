// The messages of one shard as ingestion sees them: dense ordinals by key, and attributes that settle on the same
// value whatever order the events arrive in.
//
// SAFETY: columns grow together, so an ordinal below `count` is valid in each; the slot table always holds at
// least one empty slot.

internal import Base

package final class MessageTable: @unchecked Sendable {
  private let campaigns: StableBuffer<UInt32>
  private let recipients: StableBuffer<UInt32>
  private let sends: StableBuffer<UInt32>
  private let variants: StableBuffer<UInt32>
  private let templates: StableBuffer<UInt32>
  private let senders: StableBuffer<UInt32>
  private let subjects: StableBuffer<UInt32>
  private let flags: StableBuffer<UInt32>
  /// The stated columns that have a value: bits by raw value. The others take no memory.
  private var touched: UInt32 = 0
  /// Rows that are new or have other attributes than at the last capture.
  private let marks: BlockMarks
  /// Nil until a look-up needs it.
  private let table: UnsafeMutablePointer<SlotTable?>

  /// The columns that events state; `state` and `sentTime` are derived when a snapshot is made.
  package static let storedColumns: [MessageColumn] = [
    .campaign, .recipient, .send, .variant, .template, .sender, .subject, .flags,
  ]

  package init(messageCountMax: Int = Limits.messageCountMax) {
    let empty = { StableBuffer<UInt32>(capacity: messageCountMax) }
    (campaigns, recipients, sends, flags) = (empty(), empty(), empty(), empty())
    (variants, templates, senders, subjects) = (empty(), empty(), empty(), empty())
    marks = BlockMarks(rowCountMax: messageCountMax)
    table = .allocate(capacity: 1)
    table.initialize(to: nil)
  }

  deinit {
    table.pointee?.deallocate()
    table.deallocate()
  }

  package var count: Int { campaigns.count }

  /// Memory of columns and look-up table.
  package var byteCount: Int {
    MessageTable.storedColumns.reduce(table.pointee?.byteCount ?? 0) { sum, column in
      isTouched(column) ? sum + buffer(column).byteCount : sum
    }
  }

  private func isTouched(_ column: MessageColumn) -> Bool {
    !MessageTable.changingColumns.contains(column) || touched & column.bit != 0
  }

  /// The values of a stored column, by ordinal.
  package subscript(column: MessageColumn) -> UnsafeBufferPointer<UInt32> {
    buffer(column).elements
  }

  private func buffer(_ column: MessageColumn) -> StableBuffer<UInt32> {
    switch column {
    case .campaign: campaigns
    case .recipient: recipients
    case .send: sends
    case .variant: variants
    case .template: templates
    case .sender: senders
    case .subject: subjects
    case .flags: flags
    case .state, .sentTime: preconditionFailure("\(column.name) is derived, not stored")
    }
  }

  /// The ordinal of the message with this key, which is added when it is new; nil when the table is full.
  package func intern(_ key: MessageKey) -> UInt32? {
    let table = readyTable()
    let hash = key.hash
    var index = table.start(hash)
    while table.slots[index] != 0 {
      if let ordinal = SlotTable.candidate(table.slots[index], hash), isMessage(Int(ordinal), key) {
        return ordinal
      }
      index = table.next(index)
    }
    guard let ordinal = append(key) else { return nil }
    table.slots[index] = SlotTable.slot(hash, ordinal)
    if table.isCrowded(count) { rebuildTable() }
    return ordinal
  }

  /// Brings what look-ups of these keys will touch into the cache; the misses of all of them overlap.
  ///
  /// - Parameter attributes: whether attributes of the messages will be stated too.
  package func prefetch(_ keys: UnsafeBufferPointer<MessageKey>, attributes: Bool = false) {
    let table = readyTable()
    for key in keys { Prefetch.read(table.slots + table.start(key.hash)) }
    for key in keys {
      guard let ordinal = table.firstCandidate(key.hash) else { continue }
      Prefetch.read(recipients.base + Int(ordinal))
      Prefetch.read(campaigns.base + Int(ordinal))
      Prefetch.read(sends.base + Int(ordinal))
      if attributes { prefetchAttributes(Int(ordinal)) }
    }
  }

  @inline(__always)
  private func prefetchAttributes(_ row: Int) {
    Prefetch.read(flags.base + row)
    Prefetch.read(variants.base + row)
    Prefetch.read(templates.base + row)
    Prefetch.read(senders.base + row)
    Prefetch.read(subjects.base + row)
  }

  private func append(_ key: MessageKey) -> UInt32? {
    guard count < campaigns.capacity else { return nil }
    campaigns.append(key.campaign)
    recipients.append(key.recipient)
    sends.append(key.send)
    variants.appendUntouched()
    templates.appendUntouched()
    senders.appendUntouched()
    subjects.appendUntouched()
    flags.appendUntouched()
    marks.mark(count - 1)
    return UInt32(count - 1)
  }

  /// Notes that an event called the message untracked.
  package func markUntracked(_ message: UInt32) {
    setFlag(MessageFlags.untracked, Int(message))
  }

  /// States an attribute of a message.
  ///
  /// A value from a `sent` event outranks one from elsewhere; of two with the same rank the smaller stays.
  /// - Parameters:
  ///   - code: the value; 0 states nothing.
  ///   - isSmaller: whether the first code's text comes before the second's, byte by byte.
  package func state(
    _ attribute: MessageAttribute, of message: UInt32, as code: UInt32, isFromSend: Bool,
    isSmaller: (UInt32, UInt32) -> Bool
  ) {
    guard code != 0 else { return }
    let values = buffer(attribute.column).base
    let row = Int(message)
    let current = values[row]
    if current == code && !isFromSend { return }
    let isCurrentFromSend = flags.base[row] & attribute.flag != 0
    let wins: Bool
    if current == 0 || isFromSend && !isCurrentFromSend {
      wins = true
    } else if isFromSend == isCurrentFromSend {
      wins = current != code && isSmaller(code, current)
    } else {
      wins = false
    }
    if wins && current != code {
      touched |= attribute.column.bit
      values[row] = code
      marks.mark(row)
    }
    if isFromSend { setFlag(attribute.flag, row) }
  }

  private func setFlag(_ flag: UInt32, _ row: Int) {
    guard flags.base[row] & flag == 0 else { return }
    touched |= MessageColumn.flags.bit
    flags.base[row] |= flag
    marks.mark(row)
  }

  /// What changed since the last capture.
  ///
  /// - Parameter isQuiet: nobody writes until the capture was used, so nothing need be copied.
  package func capture(isQuiet: Bool) -> MessageCapture {
    let blocks = marks.take()
    var copies: [MessageColumn: [BlockPatch<UInt32>]] = [:]
    if !isQuiet {
      for column in MessageTable.changingColumns {
        copies[column] = patches(column, blocks, rowCount: count)
      }
    }
    return MessageCapture(table: self, rowCount: count, blocks: blocks, copies: copies)
  }

  /// The columns whose values may change; the others are written once.
  private static let changingColumns: [MessageColumn] = [
    .variant, .template, .sender, .subject, .flags,
  ]

  /// The values of some blocks of the table's first `rowCount` rows.
  func patches(
    _ column: MessageColumn, _ blocks: [Int], rowCount: Int
  ) -> [BlockPatch<UInt32>] {
    BlockPatch.copies(of: buffer(column).base, blocks, rowCount: rowCount)
  }

  /// Takes over the columns of a table read from disk.
  package func load(_ source: [MessageColumn: EncodedColumn]) {
    precondition(count == 0)
    for column in MessageTable.storedColumns {
      guard let encoded = source[column] else { continue }
      let target = buffer(column).grow(by: encoded.rowCount)
      guard encoded.blocks.contains(where: { $0.maximum != 0 }) else { continue }
      touched |= column.bit
      encoded.decodeAll(into: target)
      buffer(column).clearSlack()
    }
  }

  @inline(__always)
  private func isMessage(_ row: Int, _ key: MessageKey) -> Bool {
    recipients.base[row] == key.recipient && campaigns.base[row] == key.campaign
      && sends.base[row] == key.send
  }

  @inline(__always)
  private func readyTable() -> SlotTable {
    if let table = table.pointee { return table }
    return rebuildTable()
  }

  @discardableResult private func rebuildTable() -> SlotTable {
    table.pointee?.deallocate()
    let fresh = SlotTable(count: count)
    for row in 0..<count {
      let key = MessageKey(
        campaign: campaigns.base[row], recipient: recipients.base[row], send: sends.base[row])
      fresh.insert(key.hash, UInt32(row))
    }
    table.pointee = fresh
    return fresh
  }
}

/// What makes a message: codes of campaign and send, and its shard's number of the recipient.
package struct MessageKey: BitwiseCopyable {
  package var campaign: UInt32
  package var recipient: UInt32
  package var send: UInt32

  package init(campaign: UInt32, recipient: UInt32, send: UInt32) {
    self.campaign = campaign
    self.recipient = recipient
    self.send = send
  }

  fileprivate var hash: UInt64 {
    Hash.of(UInt64(campaign) << 32 | UInt64(recipient), UInt64(send))
  }
}

extension MessageColumn {
  fileprivate var bit: UInt32 { 1 << UInt32(rawValue) }
}

/// A message table at one moment: how many rows it had, and the blocks that had changed.
package struct MessageCapture: Sendable {
  private let table: MessageTable
  package let rowCount: Int
  /// The changed blocks, ascending.
  package let blocks: [Int]
  /// Of columns that may change under the reader; the others are read from the table.
  private let copies: [MessageColumn: [BlockPatch<UInt32>]]

  init(
    table: MessageTable, rowCount: Int, blocks: [Int],
    copies: [MessageColumn: [BlockPatch<UInt32>]]
  ) {
    self.table = table
    self.rowCount = rowCount
    self.blocks = blocks
    self.copies = copies
  }

  /// The changed blocks of a stored column.
  package func patches(_ column: MessageColumn) -> [BlockPatch<UInt32>] {
    copies[column] ?? table.patches(column, blocks, rowCount: rowCount)
  }
}

extension BlockPatch<UInt32> {
  /// Copies of some blocks of the `rowCount` values at `base`.
  package static func copies(
    of base: UnsafePointer<UInt32>, _ blocks: [Int], rowCount: Int
  ) -> [BlockPatch] {
    blocks.map { block in
      let start = block * Limits.blockRowCount
      let count = min(Limits.blockRowCount, rowCount - start)
      return BlockPatch(
        block: block,
        values: Array(UnsafeBufferPointer(start: base + start, count: count)))
    }
  }
}

/// An attribute of messages that events state.
package enum MessageAttribute: CaseIterable, Sendable {
  case variant
  case template
  case sender
  case subject

  package var column: MessageColumn {
    switch self {
    case .variant: .variant
    case .template: .template
    case .sender: .sender
    case .subject: .subject
    }
  }

  /// The bit of `MessageColumn.flags` that says the value came from a `sent` event.
  package var flag: UInt32 {
    switch self {
    case .variant: MessageFlags.variantFromSend
    case .template: MessageFlags.templateFromSend
    case .sender: MessageFlags.senderFromSend
    case .subject: MessageFlags.subjectFromSend
    }
  }
}
