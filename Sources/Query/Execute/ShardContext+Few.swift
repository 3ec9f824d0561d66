// Codes of a few messages, read where they are: making an array for a whole shard takes as long as reading hundreds.
//
// SAFETY: what is filled has a code for each message; callers provide the room.

internal import Base
internal import Columnar

extension ShardContext {
  /// Writes the codes of a message dimension for messages that are few; false when that would not pay.
  func fillFew(
    _ codes: UnsafeMutableBufferPointer<Code>, _ dimension: Dimension,
    _ messages: UnsafePointer<UInt32>, count: Int
  ) -> Bool {
    if fillListed(codes, dimension, messages, count: count) { return true }
    guard isRead(dimension, count) else { return false }
    for row in 0..<count { codes[row] = code(dimension, of: Int(messages[row])) }
    return true
  }

  /// Writes the codes of messages that are listed; false when some are not.
  private func fillListed(
    _ codes: UnsafeMutableBufferPointer<Code>, _ dimension: Dimension,
    _ messages: UnsafePointer<UInt32>, count: Int
  ) -> Bool {
    guard !listed.isEmpty else { return false }
    let known = codesOfListed(dimension) { makeListedCodes(dimension) }
    for row in 0..<count {
      guard let place = listed.place(of: messages[row]) else { return false }
      codes[row] = known[place]
    }
    return true
  }

  private func makeListedCodes(_ dimension: Dimension) -> [Code] {
    switch dimension {
    case .campaignAttribute:
      let map = query.attributeCodes(dimension) ?? []
      return listedValues(.campaign).map { Int($0) < map.count ? Code(map[Int($0)]) : 0 }
    case .tracked:
      return listedValues(.state).map { $0 & UInt64(MessageState.untracked) == 0 ? 2 : 1 }
    case .sentBucket(let bucket):
      let clock = query.clock(bucket)
      return zip(listedValues(.sentTime), listedValues(.state)).map { time, state in
        state & UInt64(MessageState.sent) == 0 ? 0 : clock.code(TimeBias.load(time))
      }
    default:
      return dimension.messageColumn.map(listedValues)
        ?? listed.map { code(dimension, of: Int($0)) }
    }
  }

  private func listedValues(_ column: MessageColumn) -> [UInt64] {
    shard[column].values(of: listed)
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

extension [UInt32] {
  /// Where a number stands in an ascending array that has it.
  fileprivate func place(of number: UInt32) -> Int? {
    // Nothing is decided on the way: which half it is in is as good as random.
    withUnsafeBufferPointer { numbers in
      var (start, rest) = (0, numbers.count)
      while rest > 1 {
        let half = rest / 2
        start = numbers[start &+ half] <= number ? start &+ half : start
        rest &-= half
      }
      return rest == 1 && numbers[start] == number ? start : nil
    }
  }
}
