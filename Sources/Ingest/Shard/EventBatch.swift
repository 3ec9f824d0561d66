// Parsed events, codes resolved, waiting to be taken by their shards. Reused from batch to batch.
//
// SAFETY: events read from a record fill temporary memory of as many before the batch takes them over.

internal import Base
internal import Columnar

package struct EventBatch: ~Copyable {
  var parts: BatchParts
  /// What the events state of their links. It takes effect with the batch, never before its events.
  var linkStatements: [LinkStatement] = []

  /// Events per batch of a stream: a shard's lock is taken once for about a thousand of them.
  package static let eventCountMax = 16_384
  /// Events per batch of a load, which nobody waits for: what a shard's tables bring into the caches serves more of
  /// them.
  static let loadedEventCountMax = 32_768
  /// Bytes of recipients' keys for each event there may be.
  private static let recipientByteCountMean = 256

  /// - Parameter eventCountMax: the most events there will be.
  init(eventCountMax: Int) {
    parts = BatchParts(
      eventCountMax: eventCountMax, byteCountMax: eventCountMax * EventBatch.recipientByteCountMean)
  }

  var isEmpty: Bool { parts.count == 0 }

  /// How many events there are.
  var count: Int { parts.count }

  /// The events of a shard, in the order in which they came.
  subscript(shard: Int) -> BatchPart { parts[shard] }

  mutating func clear() {
    parts.removeAll()
    linkStatements.removeAll(keepingCapacity: true)
  }

  /// Gives what the events state of their links to those who share them.
  func stateLinks(to shared: SharedState) {
    for statement in linkStatements {
      shared.stateAttribute(
        .link, statement.attribute.name, of: statement.link, as: statement.value,
        isFromFile: false)
    }
  }
}

/// What events say of their links. Raw values are on disk.
enum LinkAttribute: UInt8 {
  case url = 0
  case position = 1

  var name: String {
    switch self {
    case .url: "url"
    case .position: "position"
    }
  }
}

struct LinkStatement {
  var attribute: LinkAttribute
  var link: UInt32
  var value: UInt32
}

extension EventBatch {
  /// Takes over a batch that `BatchRecordWriter` wrote, in the place of what was in this one.
  ///
  /// - Throws: when the bytes are none.
  mutating func load(_ bytes: ByteSlice, _ shared: SharedState) throws(BatchRecordReader.Fault) {
    clear()
    do {
      var cursor = ByteCursor(bytes)
      let codeMax = { UInt32(shared.dictionary($0).count) }
      try loadStatements(&cursor, codeMax)
      let count = Int(try cursor.read(UInt32.self))
      let columns = try cursor.read(UInt32.self)
      guard count <= EventBatch.eventCountMax else {
        throw BatchRecordReader.Fault(reason: "\(count) events in a batch")
      }
      try withUnsafeTemporaryAllocation(of: PendingEvent.self, capacity: count) { events in
        events.initialize(repeating: PendingEvent())
        var reader = BatchRecordReader(cursor, columns: columns, events)
        try parts.distribute(UnsafeBufferPointer(events), recipients: try reader.read(codeMax))
      }
    } catch {
      clear()
      throw error as? BatchRecordReader.Fault ?? BatchRecordReader.Fault(reason: "\(error)")
    }
  }

  private mutating func loadStatements(
    _ cursor: inout ByteCursor, _ codeMax: (SharedDictionary) -> UInt32
  ) throws {
    for _ in 0..<(try cursor.read(UInt32.self)) {
      let link = try cursor.read(UInt32.self)
      let attribute = LinkAttribute(rawValue: try cursor.read(UInt8.self))
      let value = try cursor.read(UInt32.self)
      guard let attribute, link <= codeMax(.link), value <= codeMax(.attribute) else {
        throw BatchRecordReader.Fault(reason: "a statement about a link that is not there")
      }
      linkStatements.append(LinkStatement(attribute: attribute, link: link, value: value))
    }
  }
}
