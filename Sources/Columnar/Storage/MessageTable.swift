// The messages of one shard as ingestion sees them: dense ordinals by key, and attributes that settle on the same
// value whatever order the events arrive in. A message is a row here, not a place in eight columns: an event asks for
// its key and states its attributes, and all of that is half a line of the cache. Columns are made of it when it is
// published.
//
// SAFETY: a row is one code for each of `storedColumns`, in that order, so a column's raw value is a place in it. Rows
// below the count exist; the slot table always holds at least one empty slot.

internal import Base

package final class MessageTable: @unchecked Sendable {
  private let rows: StableBuffer<MessageRow>
  /// Rows that are new or have other attributes than at the last capture.
  private let marks: BlockMarks
  private let index = HashIndex()

  /// The columns that events state; `state` and `sentTime` are derived when a snapshot is made.
  package static let storedColumns: [MessageColumn] = [
    .campaign, .recipient, .send, .variant, .template, .sender, .subject, .flags,
  ]

  package init(messageCountMax: Int = Limits.messageCountMax) {
    rows = StableBuffer(capacity: messageCountMax, isReadAtRandom: true)
    marks = BlockMarks(rowCountMax: messageCountMax)
  }

  deinit { index.deallocate() }

  package var count: Int { rows.count }

  /// Memory of rows and look-up table.
  package var byteCount: Int { rows.byteCount + index.byteCount }

  /// The values of a stored column, by ordinal.
  package subscript(column: MessageColumn) -> [UInt32] { values(column, 0..<count) }

  /// The values of a stored column of some rows.
  private func values(_ column: MessageColumn, _ rows: Range<Int>) -> [UInt32] {
    rows.map { cell(column, $0).pointee }
  }

  /// Where a row has its value of a stored column.
  @inline(__always)
  private func cell(_ column: MessageColumn, _ row: Int) -> UnsafeMutablePointer<UInt32> {
    UnsafeMutableRawPointer(rows.base + row).assumingMemoryBound(to: UInt32.self)
      + Int(column.rawValue)
  }

  /// The ordinal of the message with this key, which is added when it is new; nil when the table is full.
  package func intern(_ key: MessageKey) -> UInt32? {
    let table = readyTable()
    let (known, slot) = table.find(key.hash) { rows.base[Int($0)].isOf(key) }
    if let known { return known }
    guard let ordinal = append(key) else { return nil }
    index.enter(key.hash, at: slot, in: table, count: count)
    return ordinal
  }

  /// Brings what look-ups of these keys will touch into the cache; the misses of all of them overlap.
  package func prefetch(_ keys: UnsafeBufferPointer<MessageKey>) {
    let table = readyTable()
    for key in keys { Prefetch.read(table.slots + table.start(key.hash)) }
    for key in keys {
      if let ordinal = table.firstCandidate(key.hash) { Prefetch.read(rows.base + Int(ordinal)) }
    }
  }

  private func append(_ key: MessageKey) -> UInt32? {
    guard count < rows.capacity else { return nil }
    rows.append(MessageRow(key))
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
    let row = Int(message)
    let value = cell(attribute.column, row)
    let current = value.pointee
    if current == code && !isFromSend { return }
    let isCurrentFromSend = rows.base[row].flags & attribute.flag != 0
    let wins: Bool
    if current == 0 || isFromSend && !isCurrentFromSend {
      wins = true
    } else if isFromSend == isCurrentFromSend {
      wins = current != code && isSmaller(code, current)
    } else {
      wins = false
    }
    if wins && current != code {
      value.pointee = code
      marks.mark(row)
    }
    if isFromSend { setFlag(attribute.flag, row) }
  }

  private func setFlag(_ flag: UInt32, _ row: Int) {
    guard rows.base[row].flags & flag == 0 else { return }
    rows.base[row].flags |= flag
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
    blocks.map { block in
      let start = block * Limits.blockRowCount
      let end = min(start + Limits.blockRowCount, rowCount)
      return BlockPatch(block: block, values: values(column, start..<end))
    }
  }

  /// Takes over the columns of a table read from disk.
  package func load(_ source: [MessageColumn: EncodedColumn]) {
    precondition(count == 0)
    let rowCount = source[.campaign]?.rowCount ?? 0
    rows.grow(by: rowCount).initialize(repeating: MessageRow(), count: rowCount)
    for column in MessageTable.storedColumns {
      guard let encoded = source[column] else { continue }
      for block in encoded.blocks.indices where encoded.blocks[block].maximum != 0 {
        let start = block * Limits.blockRowCount
        for (index, value) in encoded.decodedCodes(block: block).enumerated() {
          cell(column, start + index).pointee = value
        }
      }
    }
  }

  @inline(__always)
  private func readyTable() -> SlotTable {
    index.table(count: count) { rows.base[Int($0)].key.hash }
  }
}

/// What makes a message: codes of campaign and send, and its shard's number of the recipient.
package struct MessageKey: BitwiseCopyable {
  package let campaign: UInt32
  package let recipient: UInt32
  package let send: UInt32
  /// Asked for more than once on the way through a shard.
  fileprivate let hash: UInt64

  package init(campaign: UInt32, recipient: UInt32, send: UInt32) {
    (self.campaign, self.recipient, self.send) = (campaign, recipient, send)
    hash = Hash.keyed(UInt64(campaign) << 32 | UInt64(recipient), UInt64(send))
  }
}

/// A message: its key, and what events stated of it; 0 is nothing. In the order of `MessageTable.storedColumns`.
private struct MessageRow: BitwiseCopyable {
  var campaign: UInt32 = 0
  var recipient: UInt32 = 0
  var send: UInt32 = 0
  var variant: UInt32 = 0
  var template: UInt32 = 0
  var sender: UInt32 = 0
  var subject: UInt32 = 0
  var flags: UInt32 = 0

  init() {}

  init(_ key: MessageKey) { (campaign, recipient, send) = (key.campaign, key.recipient, key.send) }

  var key: MessageKey { MessageKey(campaign: campaign, recipient: recipient, send: send) }

  @inline(__always)
  func isOf(_ key: MessageKey) -> Bool {
    recipient == key.recipient && campaign == key.campaign && send == key.send
  }
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
