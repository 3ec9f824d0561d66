// All that happens to one message, as records in no particular order. One story is reused for all messages.

internal import Base

struct MessageStory {
  var message = Message(ordinal: 0, campaign: 0, recipient: 0, wave: 0, sentAt: 0)
  /// The manifest has a line for it; a few are lost.
  var hasSentRecord = true
  var isTracked = true
  var records: [Record] = []
  private let end: Int64

  /// - Parameter end: what would happen at or after this time happens after the logs end, and is left out.
  init(end: Int64) {
    self.end = end
    records.reserveCapacity(64)
  }

  mutating func begin(_ message: Message) {
    self.message = message
    hasSentRecord = true
    isTracked = true
    records.removeAll(keepingCapacity: true)
  }

  mutating func append(_ record: Record) {
    if record.arrival < end { records.append(record) }
  }
}
