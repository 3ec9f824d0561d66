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
      recipients: stored.image.recipients,
      statedDomains: StableBuffer(decoding: stored.image.statedDomains),
      attributes: stored.image.attributes.map { StableBuffer(decoding: $0) },
      messages: messages, segments: stored.segments, configuration: configuration)
  }
}

extension StoredShard {
  /// The form at rest of a live shard whose rows are sealed.
  init(_ state: borrowing ShardState, forcing: Encoding?) {
    let messages = state.messages
    image = ShardImage(
      recipients: state.recipients,
      statedDomains: EncodedColumn(encoding: state.statedDomains.elements, forcing: forcing),
      attributes: state.attributes.map {
        EncodedColumn(encoding: $0.elements, forcing: forcing)
      },
      messages: MessageTable.storedColumns.map {
        EncodedColumn(encoding: messages[$0], forcing: forcing)
      })
    segments = state.segments
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
  init(_ live: SharedState, loadedFiles: [LoadedFile]) {
    dictionaries = SharedDictionary.allCases.map { live.dictionary($0) }
    campaignAttributes = live.campaignAttributes
    linkAttributes = live.linkAttributes
    recipientAttributeNames = live.recipientAttributeNames
    self.loadedFiles = loadedFiles
  }
}
