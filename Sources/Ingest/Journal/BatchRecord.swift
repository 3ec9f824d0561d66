// A batch of events as bytes: column by column, and only those columns that say something. docs/formats/wal.md has the
// layout ("statements" and "events"); EventBatch reads it back.
//
// SAFETY: elements are read below the batch's count; temporary memory is as large as that count.

internal import Base
internal import Columnar

/// Which columns a record has; raw values are bits on disk.
enum BatchColumn: UInt32 {
  case time = 0
  case kind, recipient, campaign, send, variant, template, sender, subject, domain, untracked
  case userAgent, link, country, code, reason, currency, addressHigh, addressLow, value
  case identity, flags, bounceClass

  var bit: UInt32 { 1 << rawValue }
}

struct BatchRecordWriter {
  private(set) var writer = ByteWriter()
  private var columns: UInt32 = 0

  /// Writes the batch over what was written before.
  mutating func write(_ batch: borrowing EventBatch) {
    writer.removeAll()
    columns = 0
    writer.append(UInt32(batch.linkStatements.count))
    for statement in batch.linkStatements {
      writer.append(statement.link)
      writer.append(statement.attribute.rawValue)
      writer.append(statement.value)
    }
    writer.append(UInt32(batch.count))
    let columnsOffset = writer.count
    writer.append(UInt32(0))
    writeRequired(batch)
    writeMessage(batch)
    writeRow(batch)
    writer.overwrite(at: columnsOffset, with: columns)
  }

  private mutating func writeRequired(_ batch: borrowing EventBatch) {
    column(.time, batch) { $0.row.time }
    column(.kind, batch) { $0.row.kind }
    column(.recipient, batch) { $0.recipientByteCount }
    for shard in 0..<Columnar.Limits.shardCount {
      writer.append(contentsOf: UnsafeRawBufferPointer(batch[shard].keyBytes))
    }
    column(.campaign, batch) { $0.campaign }
  }

  private mutating func writeMessage(_ batch: borrowing EventBatch) {
    column(.send, batch) { $0.send }
    column(.variant, batch) { $0.variant }
    column(.template, batch) { $0.template }
    column(.sender, batch) { $0.sender }
    column(.subject, batch) { $0.subject }
    column(.domain, batch) { $0.domain }
    column(.untracked, batch) { $0.isUntracked ? UInt8(1) : 0 }
  }

  private mutating func writeRow(_ batch: borrowing EventBatch) {
    column(.userAgent, batch) { $0.row.userAgent }
    column(.link, batch) { $0.row.link }
    column(.country, batch) { $0.row.country }
    column(.code, batch) { $0.row.code }
    column(.reason, batch) { $0.row.reason }
    column(.currency, batch) { $0.row.currency }
    column(.addressHigh, batch) { $0.row.addressHigh }
    column(.addressLow, batch) { $0.row.addressLow }
    column(.value, batch) { $0.row.value }
    column(.identity, batch) { $0.row.identity }
    column(.flags, batch) { $0.row.flags }
    column(.bounceClass, batch) { $0.row.bounceClass }
  }

  /// Writes a value of every event, shard after shard; nothing where all are 0.
  @inline(__always)
  private mutating func column<Value: FixedWidthInteger & BitwiseCopyable>(
    _ column: BatchColumn, _ batch: borrowing EventBatch, _ value: (PendingEvent) -> Value
  ) {
    withUnsafeTemporaryAllocation(of: Value.self, capacity: batch.count) { values in
      var union: Value = 0
      var index = 0
      for shard in 0..<Columnar.Limits.shardCount {
        for event in batch[shard].events {
          let element = value(event)
          union |= element
          values[index] = element.littleEndian
          index &+= 1
        }
      }
      guard union != 0 else { return }
      columns |= column.bit
      writer.append(contentsOf: UnsafeRawBufferPointer(values))
    }
  }
}

/// Reads a batch from a record into the events of an `EventBatch`, trusting nothing.
struct BatchRecordReader {
  private var cursor: ByteCursor
  private let events: UnsafeMutableBufferPointer<PendingEvent>
  private let columns: UInt32

  /// Why a record is none of ours.
  struct Fault: Error { let reason: String }

  /// - Parameter events: as many as the record says, all zero.
  init(_ cursor: ByteCursor, columns: UInt32, _ events: UnsafeMutableBufferPointer<PendingEvent>) {
    self.cursor = cursor
    self.columns = columns
    self.events = events
  }

  /// - Returns: the recipients' bytes.
  /// - Parameter codeMax: the largest code of a dictionary.
  mutating func read(_ codeMax: (SharedDictionary) -> UInt32) throws -> ByteSlice {
    let timeMax = Columnar.Limits.timeMagnitudeMax
    try column(.time, max: timeMax) { (event, value: Int64) in event.row.time = value }
    guard events.allSatisfy({ $0.row.time >= -timeMax }) else {
      throw Fault(reason: "a time before all times")
    }
    try column(.kind, max: EventKind.responded.rawValue) { (event, value: UInt8) in
      event.row.kind = value
    }
    guard events.allSatisfy({ $0.row.kind != 0 }) else {
      throw Fault(reason: "an event of no kind")
    }
    var offset = 0
    try column(.recipient, max: UInt32(Limits.fieldByteCountMax)) { (event, value: UInt32) in
      event.recipientOffset = UInt32(offset)
      event.recipientByteCount = value
      offset &+= Int(value)
    }
    let recipients = try cursor.readSlice(count: offset)
    try readMessage(codeMax)
    try readRow(codeMax)
    guard cursor.isAtEnd, columns < BatchColumn.bounceClass.bit << 1 else {
      throw Fault(reason: "bytes behind a batch")
    }
    return recipients
  }

  private mutating func readMessage(_ codeMax: (SharedDictionary) -> UInt32) throws {
    try column(.campaign, max: codeMax(.campaign)) { $0.campaign = $1 }
    try column(.send, max: codeMax(.send)) { $0.send = $1 }
    try column(.variant, max: codeMax(.variant)) { $0.variant = $1 }
    try column(.template, max: codeMax(.template)) { $0.template = $1 }
    try column(.sender, max: codeMax(.sender)) { $0.sender = $1 }
    try column(.subject, max: codeMax(.subject)) { $0.subject = $1 }
    try column(.domain, max: codeMax(.domain)) { $0.domain = $1 }
    try column(.untracked, max: 1) { (event, value: UInt8) in event.isUntracked = value != 0 }
  }

  private mutating func readRow(_ codeMax: (SharedDictionary) -> UInt32) throws {
    try column(.userAgent, max: codeMax(.userAgent)) { $0.row.userAgent = $1 }
    try column(.link, max: codeMax(.link)) { $0.row.link = $1 }
    try column(.country, max: codeMax(.country)) { $0.row.country = $1 }
    try column(.code, max: codeMax(.code)) { $0.row.code = $1 }
    try column(.reason, max: codeMax(.reason)) { $0.row.reason = $1 }
    try column(.currency, max: codeMax(.currency)) { $0.row.currency = $1 }
    try column(.addressHigh, max: .max) { (event, value: UInt64) in event.row.addressHigh = value }
    try column(.addressLow, max: .max) { (event, value: UInt64) in event.row.addressLow = value }
    try column(.value, max: .max) { (event, value: UInt64) in event.row.value = value }
    try column(.identity, max: .max) { (event, value: UInt64) in event.row.identity = value }
    try column(.flags, max: 1) { (event, value: UInt8) in event.row.flags = value }
    try column(.bounceClass, max: BounceClass.unknown.rawValue) { (event, value: UInt8) in
      event.row.bounceClass = value
    }
  }

  @inline(__always)
  private mutating func column<Value: FixedWidthInteger & BitwiseCopyable>(
    _ column: BatchColumn, max: Value, _ set: (inout PendingEvent, Value) -> Void
  ) throws {
    guard columns & column.bit != 0 else { return }
    let stride = MemoryLayout<Value>.size
    let values = try cursor.readSlice(count: events.count * stride)
    let base = UnsafeRawPointer(values.base)
    var index = 0
    while index < events.count {
      let raw = base.loadUnaligned(fromByteOffset: index &* stride, as: Value.self)
      let value = Value(littleEndian: raw)
      guard value <= max else { throw Fault(reason: "\(column) \(value)") }
      set(&events[index], value)
      index &+= 1
    }
  }
}
