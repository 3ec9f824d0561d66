// The few events that a shard takes together: their recipients' keyed hashes and their messages' keys, side by side, so
// that look-ups can be asked from memory before they are made.
//
// SAFETY: both areas hold `eventCountMax` elements, and no more events are loaded.

internal import Base
internal import Columnar

struct ShardGroup: ~Copyable {
  /// Enough for the latency of memory, and few enough that what was asked for is still in the first cache.
  static let eventCountMax = 64
  /// The recipient of an event that the shard has no room for.
  static let noRecipient = UInt32.max

  private let hashArea = UnsafeMutablePointer<UInt64>.allocate(capacity: eventCountMax)
  private let keyArea = UnsafeMutablePointer<MessageKey>.allocate(capacity: eventCountMax)
  private var count = 0

  deinit {
    hashArea.deallocate()
    keyArea.deallocate()
  }

  var hashes: UnsafeBufferPointer<UInt64> { UnsafeBufferPointer(start: hashArea, count: count) }

  var keys: UnsafeBufferPointer<MessageKey> { UnsafeBufferPointer(start: keyArea, count: count) }

  mutating func load(_ events: UnsafeBufferPointer<PendingEvent>, of part: BatchPart) {
    precondition(events.count <= ShardGroup.eventCountMax)
    count = events.count
    guard let base = events.baseAddress else { return }
    for position in events.indices {
      hashArea[position] = Hash.keyed(part.recipient(of: base + position))
    }
  }

  /// Sets the key of the event's message, once its recipient has a number, or none.
  func setKey(_ position: Int, _ event: UnsafePointer<PendingEvent>, recipient: UInt32?) {
    keyArea[position] = MessageKey(
      campaign: event.pointee.campaign, recipient: recipient ?? ShardGroup.noRecipient,
      send: event.pointee.send)
  }
}
