// The tables of a shard, messages and recipients, and the same tables with only those that stay or in another order.

internal import Base

struct TableRewrite {
  private let image: ShardImage
  private let forcing: Encoding?
  /// By message.
  private let recipients: [UInt32]

  init(_ image: ShardImage, forcing: Encoding?) {
    self.image = image
    self.forcing = forcing
    recipients = image.messages[Int(MessageColumn.recipient.rawValue)].decodedCodes()
  }

  var messageCount: Int { recipients.count }

  /// The messages of some recipients; nil when there are none of these.
  func messages(of removed: [UInt32]) -> Bitmap? {
    guard !removed.isEmpty else { return nil }
    var isRemoved = Bitmap(count: image.recipients.count)
    for recipient in removed { isRemoved.insert(Int(recipient)) }
    var messages = Bitmap(count: messageCount)
    for (message, recipient) in recipients.enumerated() where isRemoved.contains(Int(recipient)) {
      messages.insert(message)
    }
    return messages
  }

  /// The recipients that are still there: those of `messages`, and whoever has attributes and is not removed.
  func recipients(of messages: Bitmap, without removed: [UInt32]) -> Bitmap {
    var kept = Bitmap(count: image.recipients.count)
    messages.forEach { kept.insert(Int(recipients[$0])) }
    let removed = Set(removed)
    for attribute in image.attributes {
      for (recipient, code) in attribute.decodedCodes().enumerated() where code != 0 {
        if !removed.contains(UInt32(recipient)) { kept.insert(recipient) }
      }
    }
    return kept
  }

  /// The tables with only the messages and recipients that have new numbers.
  func image(_ messages: Numbering, _ recipients: Numbering) -> ShardImage {
    let keys = KeyDictionary()
    for recipient in recipients.old {
      // A part of what fitted fits.
      let ordinal = image.recipients[recipient].withBytes(keys.append)
      precondition(ordinal != nil, "no room for a key that was there")
    }
    return ShardImage(
      recipients: keys.prefix,
      statedDomains: column(image.statedDomains, recipients.old),
      attributes: image.attributes.map { column($0, recipients.old) },
      messages: table(messages) { recipients.numbers[Int($0)] })
  }

  /// The tables with the messages in another order.
  func image(_ messages: Numbering) -> ShardImage {
    var image = image
    image.messages = table(messages) { $0 }
    return image
  }

  private func table(
    _ messages: Numbering, recipient: (UInt32) -> UInt32
  ) -> [EncodedColumn] {
    MessageTable.storedColumns.enumerated().map { index, name in
      column(image.messages[index], messages.old) { name == .recipient ? recipient($0) : $0 }
    }
  }

  /// The values of some rows; they ascend, or the column reaches to the end of all.
  private func column(
    _ column: EncodedColumn, _ rows: [UInt32], _ value: (UInt32) -> UInt32 = { $0 }
  ) -> EncodedColumn {
    let codes = column.decodedCodes()
    let kept = rows.prefix { Int($0) < codes.count }.map { value(codes[Int($0)]) }
    return kept.withUnsafeBufferPointer { EncodedColumn(encoding: $0, forcing: forcing) }
  }
}
