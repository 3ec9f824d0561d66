// How much a data directory holds, without anything being derived of it: what a load says at its end.

internal import Columnar

package struct Holdings: Equatable, Sendable {
  package let eventCount: Int
  package let messageCount: Int
  package let recipientCount: Int
  /// Bytes of the files that the manifest names.
  package let diskByteCount: UInt64

  init(_ publication: Publication) {
    let shards = publication.shards
    eventCount = shards.reduce(0) { $0 + $1.segments.reduce(0) { $0 + $1.rowCount } }
    messageCount = shards.reduce(0) { $0 + $1.image.messages[0].rowCount }
    recipientCount = shards.reduce(0) { $0 + $1.image.recipients.count }
    diskByteCount = publication.manifest.entries.reduce(0) { $0 + $1.byteCount }
  }
}

extension Engine {
  /// How much the directory holds.
  package var holdings: Holdings { Holdings(publisher.publication) }
}
