// A shard's two forms: live, taking events, and at rest, as it is written and queried.

internal import Base
internal import Columnar
internal import Ingest

extension ShardState {
  /// The live form of a shard at rest.
  init(_ stored: StoredShard, _ configuration: ShardConfiguration) {
    let messages = MessageTable()
    let columns = zip(MessageTable.storedColumns, stored.image.messages)
    messages.load(Dictionary(uniqueKeysWithValues: columns))
    self.init(
      recipients: stored.image.recipients.dictionary,
      statedDomains: StableBuffer(decoding: stored.image.statedDomains),
      attributes: stored.image.attributes.map { StableBuffer(decoding: $0) },
      messages: messages, segments: stored.segments, configuration: configuration)
  }
}

extension StableBuffer<UInt32> {
  /// The values of a column, ready to grow.
  fileprivate convenience init(decoding column: EncodedColumn) {
    self.init(capacity: Columnar.Limits.messageCountMax)
    column.decodeAll(into: grow(by: column.rowCount))
  }
}

extension SharedImage {
  /// The form at rest of the live state.
  ///
  /// - Parameter attributes: of the same moment as the shards. The dictionaries may be later: they only grow.
  init(
    _ live: SharedState, _ attributes: SharedAttributes, notes: [UInt64: [UInt8]],
    loadedFiles: [LoadedFile]
  ) {
    dictionaries = SharedDictionary.allCases.map { live.dictionary($0) }
    campaignAttributes = attributes.campaign
    linkAttributes = attributes.link
    recipientAttributeNames = attributes.recipientNames
    sourceNotes = notes
    self.loadedFiles = loadedFiles
  }
}

extension SharedState {
  /// The live form of the state at rest; it becomes the writer of its dictionaries.
  convenience init(_ image: SharedImage) {
    self.init(
      dictionaries: image.dictionaries.map(\.dictionary), campaign: image.campaignAttributes,
      link: image.linkAttributes, recipientNames: image.recipientAttributeNames,
      notes: image.sourceNotes)
  }
}
