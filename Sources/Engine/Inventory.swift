// What a data directory holds and what each part of it costs in memory.

internal import Base
internal import Columnar

package struct Inventory: Sendable {
  package struct Row: Sendable {
    package var name: String
    /// Bytes in memory.
    package var byteCount: Int
    /// Blocks by encoding, most used first: "bitPacked 12, constant 3".
    package var encodings: String
  }

  package var eventCount = 0
  package var messageCount = 0
  package var recipientCount = 0
  package var segmentCount = 0
  package var fileCount = 0
  package var diskByteCount: UInt64 = 0
  /// Events by kind's raw value.
  package var eventsByKind = [Int](repeating: 0, count: 16)
  package var eventColumns: [Row] = []
  package var messageColumns: [Row] = []
  package var recipientParts: [Row] = []
  package var dictionaries: [Row] = []

  package var byteCount: Int {
    [eventColumns, messageColumns, recipientParts, dictionaries].joined()
      .reduce(0) { $0 + $1.byteCount }
  }

  /// Memory of the address columns, which the bytes-per-event promise leaves out.
  package var addressByteCount: Int {
    eventColumns.filter { $0.name.hasPrefix("ip ") }.reduce(0) { $0 + $1.byteCount }
  }

  init(_ snapshot: Snapshot, manifest: Manifest) {
    let shards = snapshot.shards
    let segments = shards.flatMap(\.segments)
    fileCount = manifest.entries.count
    diskByteCount = manifest.entries.reduce(0) { $0 + $1.byteCount }
    segmentCount = segments.count
    eventCount = segments.reduce(0) { $0 + $1.rowCount }
    messageCount = shards.reduce(0) { $0 + $1.messageCount }
    recipientCount = shards.reduce(0) { $0 + $1.recipients.count }
    for segment in segments {
      for kind in EventKind.allCases {
        eventsByKind[Int(kind.rawValue)] += segment.rows(ofKind: kind.rawValue).count
      }
    }
    eventColumns = EventColumn.allCases.map { column in
      Row(
        name: column.name, byteCount: segments.reduce(0) { $0 + $1.byteCount(of: column) },
        encodings: Encoding.summary(of: segments.map { $0.blocks(column) }))
    }
    messageColumns = MessageColumn.allCases.map { column in
      // Sent times take memory once somebody asked for them.
      Inventory.row(
        column.name,
        column == .sentTime ? shards.compactMap(\.sentTimes.known) : shards.map { $0[column] })
    }
    recipientParts =
      [
        Row(
          name: "keys", byteCount: shards.reduce(0) { $0 + $1.recipients.byteCount },
          encodings: "strings"),
        Inventory.row("domain", shards.map(\.recipientDomains)),
      ]
      + snapshot.recipientAttributeNames.enumerated().map { index, name in
        Inventory.row(
          name,
          shards.compactMap {
            index < $0.recipientAttributes.count ? $0.recipientAttributes[index] : nil
          })
      }
    dictionaries = SharedDictionary.allCases.map { dictionary in
      let entries = snapshot[dictionary]
      return Row(
        name: dictionary.name, byteCount: entries.byteCount, encodings: "\(entries.count) strings")
    }
  }

  private static func row(_ name: String, _ columns: [EncodedColumn]) -> Row {
    Row(
      name: name, byteCount: columns.reduce(0) { $0 + $1.byteCount },
      encodings: Encoding.summary(of: columns.map(\.blocks)))
  }
}

extension Engine {
  /// What the directory holds.
  package var inventory: Inventory { Inventory(snapshot, manifest: manifest) }
}
