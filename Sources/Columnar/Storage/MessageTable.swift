// The messages of one shard as ingestion sees them: dense ordinals by key, and attributes that settle on the same
// value whatever order the events arrive in.
//
// SAFETY: columns grow together, so an ordinal below `count` is valid in each; the slot table always holds at
// least one empty slot.

internal import Base

package final class MessageTable: @unchecked Sendable {
  private let columns: [StableBuffer<UInt32>]
  private var slots: UnsafeMutablePointer<UInt32>?
  private var slotMask = 0

  /// The columns that events state; `state` and `sentTime` are derived when a snapshot is made.
  package static let storedColumns: [MessageColumn] = [
    .campaign, .recipient, .send, .variant, .template, .sender, .subject, .flags,
  ]

  package init(messageCountMax: Int = Limits.messageCountMax) {
    columns = MessageTable.storedColumns.map { _ in StableBuffer(capacity: messageCountMax) }
  }

  deinit { slots?.deallocate() }

  package var count: Int { columns[0].count }

  /// The values of a stored column, by ordinal.
  package subscript(column: MessageColumn) -> UnsafeBufferPointer<UInt32> {
    columns[Int(column.rawValue)].elements
  }

  /// The ordinal of the message with this key, which is added when it is new; nil when the table is full.
  package func intern(campaign: UInt32, recipient: UInt32, send: UInt32) -> UInt32? {
    let slots = table()
    var index = Int(truncatingIfNeeded: hash(campaign, recipient, send)) & slotMask
    while slots[index] != 0 {
      let ordinal = slots[index] &- 1
      if isMessage(ordinal, campaign, recipient, send) { return ordinal }
      index = (index &+ 1) & slotMask
    }
    guard count < columns[0].capacity else { return nil }
    for column in columns { column.append(0) }
    let ordinal = UInt32(count - 1)
    columns[Int(MessageColumn.campaign.rawValue)].base[Int(ordinal)] = campaign
    columns[Int(MessageColumn.recipient.rawValue)].base[Int(ordinal)] = recipient
    columns[Int(MessageColumn.send.rawValue)].base[Int(ordinal)] = send
    slots[index] = ordinal &+ 1
    if count &* 3 > slotMask &* 2 { rebuildTable() }
    return ordinal
  }

  /// Notes that an event called the message untracked.
  package func markUntracked(_ message: UInt32) {
    columns[Int(MessageColumn.flags.rawValue)].base[Int(message)] |= MessageFlags.untracked
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
    let values = columns[Int(attribute.column.rawValue)].base
    let flags = columns[Int(MessageColumn.flags.rawValue)].base
    let row = Int(message)
    let current = values[row]
    if current == code && !isFromSend { return }
    let isCurrentFromSend = flags[row] & attribute.flag != 0
    let wins: Bool
    if current == 0 || isFromSend && !isCurrentFromSend {
      wins = true
    } else if isFromSend == isCurrentFromSend {
      wins = current != code && isSmaller(code, current)
    } else {
      wins = false
    }
    if wins { values[row] = code }
    if isFromSend { flags[row] |= attribute.flag }
  }

  /// Takes over the columns of a table read from disk.
  package func load(_ source: [MessageColumn: EncodedColumn]) {
    precondition(count == 0)
    for column in MessageTable.storedColumns {
      guard let encoded = source[column] else { continue }
      encoded.decodeAll(into: columns[Int(column.rawValue)].grow(by: encoded.rowCount))
    }
  }

  private func isMessage(
    _ ordinal: UInt32, _ campaign: UInt32, _ recipient: UInt32, _ send: UInt32
  ) -> Bool {
    let row = Int(ordinal)
    return columns[Int(MessageColumn.recipient.rawValue)].base[row] == recipient
      && columns[Int(MessageColumn.campaign.rawValue)].base[row] == campaign
      && columns[Int(MessageColumn.send.rawValue)].base[row] == send
  }

  private func hash(_ campaign: UInt32, _ recipient: UInt32, _ send: UInt32) -> UInt64 {
    Hash.of(UInt64(campaign) << 32 | UInt64(recipient), UInt64(send))
  }

  private func table() -> UnsafeMutablePointer<UInt32> {
    if let slots { return slots }
    return rebuildTable()
  }

  @discardableResult private func rebuildTable() -> UnsafeMutablePointer<UInt32> {
    slots?.deallocate()
    var slotCount = 64
    while slotCount < count * 3 { slotCount *= 2 }
    let fresh = UnsafeMutablePointer<UInt32>.allocate(capacity: slotCount)
    fresh.initialize(repeating: 0, count: slotCount)
    slotMask = slotCount - 1
    slots = fresh
    let (campaigns, recipients, sends) = (self[.campaign], self[.recipient], self[.send])
    for row in 0..<count {
      var index =
        Int(truncatingIfNeeded: hash(campaigns[row], recipients[row], sends[row])) & slotMask
      while fresh[index] != 0 { index = (index &+ 1) & slotMask }
      fresh[index] = UInt32(row + 1)
    }
    return fresh
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
