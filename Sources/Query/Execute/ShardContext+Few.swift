// Codes of a few messages, read where they are: making an array for a whole shard takes as long as reading hundreds.
//
// SAFETY: what is handed over or filled has a code for each message; callers provide the room.

internal import Base
internal import Columnar

extension ShardContext {
  /// Hands over the codes of a message dimension for the messages of a range.
  func withCodes(
    _ dimension: Dimension, of messages: Range<Int>, _ body: (UnsafePointer<Code>) -> Void
  ) {
    if let first = messages.first, messages.count == 1, isRead(dimension, 1) {
      return withUnsafePointer(to: code(dimension, of: first), body)
    }
    codes(dimension).withUnsafeBufferPointer { codes in
      codes.baseAddress.map { body($0 + messages.lowerBound) } ?? ()
    }
  }

  /// Writes the codes of a message dimension for messages that are few; false when that would not pay.
  func fillFew(
    _ codes: UnsafeMutableBufferPointer<Code>, _ dimension: Dimension,
    _ messages: UnsafePointer<UInt32>, count: Int
  ) -> Bool {
    guard isRead(dimension, count) else { return false }
    for row in 0..<count { codes[row] = code(dimension, of: Int(messages[row])) }
    return true
  }

  /// Whether as many codes more had better be read one by one.
  private func isRead(_ dimension: Dimension, _ count: Int) -> Bool {
    dimension.isReadable && countRead(dimension, count)
  }

  private func code(_ dimension: Dimension, of message: Int) -> Code {
    switch dimension {
    case .recipient: return shard[.recipient].value(at: message) + 1
    case .domain: return mapped(message, shard.recipientDomains)
    case .recipientAttribute(let index):
      let attributes = shard.recipientAttributes
      return index < attributes.count ? mapped(message, attributes[index]) : 0
    default: return dimension.messageColumn.map { shard[$0].value(at: message) } ?? 0
    }
  }

  private func mapped(_ message: Int, _ map: EncodedColumn) -> Code {
    let recipient = Int(shard[.recipient].value(at: message))
    return recipient < map.rowCount ? map.value(at: recipient) : 0
  }
}

extension Dimension {
  /// Whether the code of one message takes no more than a look or two at columns.
  fileprivate var isReadable: Bool {
    switch self {
    case .recipient, .domain, .recipientAttribute: true
    default: messageColumn != nil
    }
  }
}
