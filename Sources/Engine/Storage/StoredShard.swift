// One shard at rest: what its files hold, and whether they fit together.

internal import Columnar

/// One shard as it is on disk.
struct StoredShard: Sendable {
  var image = ShardImage.empty
  var segments: [Segment] = []

  /// What does not fit together between files, if anything: codes beyond their dictionary, messages beyond the table.
  func fault(_ shared: SharedImage) -> String? {
    let messageCount = UInt64(image.messages[0].rowCount)
    // Every message has an event; so memory by message is bounded by what is on disk.
    if messageCount > segments.reduce(0, { $0 + UInt64($1.rowCount) }) {
      return "more messages than events"
    }
    for segment in segments where segment.rowCount > 0 {
      if maximum(segment.blocks(.message)) >= messageCount {
        return "an event of a message that is not there"
      }
      for (column, dictionary) in StoredShard.eventCodes
      where maximum(segment.blocks(column)) > UInt64(shared[dictionary].count) {
        return "an event whose \(dictionary.name) is not there"
      }
    }
    for (column, dictionary) in StoredShard.messageCodes
    where maximum(image.messages[Int(column.rawValue)]) > UInt64(shared[dictionary].count) {
      return "a message whose \(dictionary.name) is not there"
    }
    if maximum(image.statedDomains) > UInt64(shared[.domain].count) {
      return "a domain that is not there"
    }
    let attributeCount = UInt64(shared[.attribute].count)
    return image.attributes.allSatisfy { maximum($0) <= attributeCount }
      && image.attributes.count <= shared.recipientAttributeNames.count
      ? nil : "an attribute that is not there"
  }

  private static let eventCodes: [(EventColumn, SharedDictionary)] = [
    (.userAgent, .userAgent), (.link, .link), (.country, .country), (.code, .code),
    (.reason, .reason), (.currency, .currency),
  ]

  private static let messageCodes: [(MessageColumn, SharedDictionary)] = [
    (.campaign, .campaign), (.send, .send), (.variant, .variant), (.template, .template),
    (.sender, .sender), (.subject, .subject),
  ]

  private func maximum(_ column: EncodedColumn) -> UInt64 { maximum(column.blocks) }

  private func maximum(_ blocks: [EncodedBlock]) -> UInt64 {
    blocks.reduce(0) { max($0, $1.maximum) }
  }
}
