// Random rows, segments, dictionaries and shards.

import Base
import Columnar

enum StorageSamples {
  /// A row whose columns look like those of real events.
  static func row(_ random: inout PRNG, messageCount: Int = 50) -> EventRow {
    var row = EventRow()
    row.time = 1_780_000_000_000 + Int64(random.below(1 << 30))
    row.kind = random.pick(EventKind.allCases).rawValue
    row.message = UInt32(random.below(messageCount))
    row.userAgent = UInt32(random.below(4))
    row.link = UInt32(random.below(3))
    row.code = UInt32(random.below(5))
    row.reason = UInt32(random.below(5))
    row.country = random.isHit(0.1) ? UInt32(random.below(200)) : 0
    row.bounceClass = UInt8(random.below(5))
    row.flags = random.isHit(0.1) ? EventFlags.head : 0
    row.value = random.isHit(0.2) ? ValueCode.store(Int64(random.below(1000)) - 500) : 0
    row.currency = row.value == 0 ? 0 : 1
    row.addressHigh = random.isHit(0.3) ? random.next() : 0
    row.addressLow = random.next()
    row.identity = random.isHit(0.5) ? random.next() : 0
    return row
  }

  static func rows(_ random: inout PRNG, count: Int) -> [EventRow] {
    (0..<count).map { _ in row(&random) }
  }

  /// What a row is to a comparison: its stored columns.
  static func columns(_ row: EventRow) -> [UInt64] { EventColumn.allCases.map { row.stored($0) } }

  static func seal(_ rows: [EventRow], forcing: Encoding? = nil) -> Segment {
    var builder = SegmentBuilder(rowCountMax: max(rows.count, 1))
    for row in rows { builder.append(row) }
    return builder.seal(forcing: forcing)
  }

  static func dictionary(_ texts: [String]) -> DictionaryPrefix {
    let dictionary = ByteDictionary(countMax: 1 << 16)
    for text in texts { _ = Array(text.utf8).withSlice { dictionary.intern($0) } }
    return dictionary.prefix
  }

  static func keys(_ texts: [String]) -> KeyPrefix {
    let dictionary = KeyDictionary(countMax: 1 << 16)
    for text in texts { _ = Array(text.utf8).withSlice { dictionary.append($0) } }
    return dictionary.prefix
  }

  static func column(_ values: [UInt32], forcing encoding: Encoding? = nil) -> EncodedColumn {
    values.withUnsafeBufferPointer { EncodedColumn(encoding: $0, forcing: encoding) }
  }

  /// A shard of a few recipients, messages and attributes.
  static func shard(_ random: inout PRNG, attributeCount: Int = 2) -> ShardImage {
    let recipientCount = 1 + random.below(20)
    let messageCount = random.below(40)
    let recipients = keys((0..<recipientCount).map { "person\($0)@example.org" })
    func codes(_ count: Int, below bound: Int) -> EncodedColumn {
      column((0..<count).map { _ in UInt32(random.below(bound)) })
    }
    return ShardImage(
      recipients: recipients, statedDomains: codes(recipientCount, below: 3),
      attributes: (0..<attributeCount).map { _ in
        codes(random.below(recipientCount + 1), below: 5)
      },
      messages: MessageTable.storedColumns.map {
        codes(messageCount, below: $0 == .recipient ? recipientCount : 4)
      })
  }
}

extension [UInt8] {
  /// Runs `body` with the bytes as a slice.
  func withSlice<Result>(_ body: (ByteSlice) throws -> Result) rethrows -> Result {
    try withUnsafeBufferPointer { try body(ByteSlice($0)) }
  }
}
