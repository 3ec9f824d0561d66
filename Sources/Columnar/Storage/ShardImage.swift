// One shard at rest: what is written to its file, what is read back, and what snapshots are made of.
//
// SAFETY: the only pointer is an empty buffer.

internal import Base

package struct ShardImage: Sendable {
  package var recipients: KeyPrefix
  /// The domain code that events state for each recipient; 0 where none does.
  package var statedDomains: EncodedColumn
  /// Attribute value codes by recipient ordinal, one column per recipient attribute.
  package var attributes: [EncodedColumn]
  /// One per `MessageTable.storedColumns`.
  package var messages: [EncodedColumn]

  package init(
    recipients: KeyPrefix, statedDomains: EncodedColumn, attributes: [EncodedColumn],
    messages: [EncodedColumn]
  ) {
    self.recipients = recipients
    self.statedDomains = statedDomains
    self.attributes = attributes
    self.messages = messages
  }

  /// Memory of strings and columns.
  package var byteCount: Int {
    recipients.byteCount + statedDomains.byteCount
      + (attributes + messages).reduce(0) { $0 + $1.byteCount }
  }

  private static let recipientSection: UInt32 = 0
  private static let domainSection: UInt32 = 1
  private static let messageSection: UInt32 = 100
  private static let attributeSection: UInt32 = 1000

  /// The bytes of the shard's file.
  package func write() -> [UInt8] {
    var file = SectionFileWriter(kind: .shard)
    file.append(section: ShardImage.recipientSection, recipients.serialized())
    file.append(section: ShardImage.domainSection, ColumnSection.write(statedDomains))
    for (index, column) in messages.enumerated() {
      file.append(section: ShardImage.messageSection + UInt32(index), ColumnSection.write(column))
    }
    for (index, column) in attributes.enumerated() {
      file.append(section: ShardImage.attributeSection + UInt32(index), ColumnSection.write(column))
    }
    return file.finish()
  }

  /// Reads a shard's file; trusts nothing.
  package init(reading bytes: [UInt8]) throws(SectionFileError) {
    let file = try SectionFileReader(bytes, expecting: .shard)
    let recipients = try KeyDictionary(
      reading: try file.read(section: ShardImage.recipientSection)
    ).prefix
    let domains = try ShardImage.column(file, ShardImage.domainSection)
    var messages: [EncodedColumn] = []
    for index in MessageTable.storedColumns.indices {
      messages.append(try ShardImage.column(file, ShardImage.messageSection + UInt32(index)))
    }
    var attributes: [EncodedColumn] = []
    for id in file.ids where id >= ShardImage.attributeSection {
      guard id == ShardImage.attributeSection + UInt32(attributes.count) else {
        throw SectionFileError("section \(id) where another attribute is due")
      }
      attributes.append(try ShardImage.column(file, id))
    }
    self.init(
      recipients: recipients, statedDomains: domains, attributes: attributes, messages: messages)
    try check()
  }

  private static func column(
    _ file: SectionFileReader, _ id: UInt32
  ) throws(SectionFileError) -> EncodedColumn {
    try ColumnSection.read(try file.read(section: id), rowCountMax: Limits.messageCountMax)
  }

  /// Every column has its length, every code fits 32 bits, every message a recipient.
  private func check() throws(SectionFileError) {
    let rowCount = messages[0].rowCount
    let recipientCount = UInt64(recipients.count)
    let isWhole =
      messages.allSatisfy { $0.rowCount == rowCount }
      && (messages + attributes + [statedDomains]).allSatisfy { column in
        column.blocks.allSatisfy { $0.maximum <= UInt64(UInt32.max) }
      }
      && messages[Int(MessageColumn.recipient.rawValue)].blocks
        .allSatisfy { $0.maximum < recipientCount }
      && statedDomains.rowCount == recipients.count
      && attributes.allSatisfy { $0.rowCount <= recipients.count }
    guard isWhole else { throw SectionFileError("a shard whose tables do not fit together") }
  }
}

extension ShardImage {
  /// A shard in which nothing ever happened.
  package static var empty: ShardImage {
    ShardImage(
      recipients: KeyDictionary().prefix, statedDomains: .empty, attributes: [],
      messages: MessageTable.storedColumns.map { _ in .empty })
  }
}
