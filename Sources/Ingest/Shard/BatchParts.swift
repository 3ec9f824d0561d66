// The events of a batch where their shards will find them: those of one shard lie behind one another, and so do the
// keys of their recipients. A shard goes through both from one end to the other, which is what memory does best.
//
// SAFETY: a part has room for all the events and all the bytes that a batch may have, so whoever asks `hasRoom` first
// may append; recipients' offsets lie below their part's count of bytes.

internal import Base
internal import CKernels
internal import Columnar

/// One event whose shared values are codes already; recipient and message are still to be numbered by the shard.
package struct PendingEvent: BitwiseCopyable {
  var row = EventRow()
  var recipientHash: UInt64 = 0
  var recipientOffset: UInt32 = 0
  var recipientByteCount: UInt32 = 0
  var campaign: UInt32 = 0
  var send: UInt32 = 0
  var variant: UInt32 = 0
  var template: UInt32 = 0
  var sender: UInt32 = 0
  var subject: UInt32 = 0
  var domain: UInt32 = 0
  var isUntracked = false

  /// Whether it says anything of its message or of its recipient.
  var statesAttributes: Bool {
    variant | template | sender | subject | domain != 0 || isUntracked
  }
}

/// The events of one shard; valid until the batch changes.
package struct BatchPart: BitwiseCopyable {
  fileprivate let base: UnsafeMutablePointer<PendingEvent>
  fileprivate let keys: UnsafeMutablePointer<UInt8>
  fileprivate(set) var count = 0
  fileprivate(set) var keyByteCount = 0

  var events: UnsafeBufferPointer<PendingEvent> { UnsafeBufferPointer(start: base, count: count) }

  /// All recipients' keys, behind one another.
  var keyBytes: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: keys, count: keyByteCount)
  }

  /// The key of the recipient of one of the events.
  @inline(__always)
  func recipient(of event: UnsafePointer<PendingEvent>) -> ByteSlice {
    ByteSlice(
      keys + Int(event.pointee.recipientOffset), count: Int(event.pointee.recipientByteCount))
  }
}

struct BatchParts: ~Copyable {
  private let parts: UnsafeMutablePointer<BatchPart>
  /// Address space for every part to be as large as all of them together; memory is what was written.
  private let events: StableBuffer<PendingEvent>
  private let keys: StableBuffer<UInt8>
  private let keyByteCountMax: Int
  private(set) var count = 0
  private var keyByteCount = 0

  /// - Parameters:
  ///   - eventCountMax: the most events there will be.
  ///   - byteCountMax: the most bytes of recipients' keys.
  init(eventCountMax: Int, byteCountMax: Int) {
    events = StableBuffer(capacity: eventCountMax * Columnar.Limits.shardCount)
    keys = StableBuffer(capacity: byteCountMax * Columnar.Limits.shardCount)
    keyByteCountMax = byteCountMax
    parts = .allocate(capacity: Columnar.Limits.shardCount)
    for shard in 0..<Columnar.Limits.shardCount {
      (parts + shard).initialize(
        to: BatchPart(
          base: events.base + shard * eventCountMax, keys: keys.base + shard * byteCountMax))
    }
  }

  deinit { parts.deallocate() }

  subscript(shard: Int) -> BatchPart { parts[shard] }

  /// Whether the key of another recipient fits.
  var hasRoom: Bool { keyByteCount <= keyByteCountMax &- Limits.fieldByteCountMax }

  /// The place of the next event about a recipient, still empty; there is room. It is one of the batch's events once it
  /// was kept.
  ///
  /// - Parameter event: what it has already.
  @inline(__always)
  mutating func place(
    for recipient: ByteSlice, holding event: PendingEvent = PendingEvent()
  ) -> UnsafeMutablePointer<PendingEvent> {
    let hash = Hash.of(recipient)
    let part = parts + Sharding.shard(of: hash)
    let place = part.pointee.base + part.pointee.count
    place.initialize(to: event)
    place.pointee.recipientHash = hash
    place.pointee.recipientOffset = UInt32(truncatingIfNeeded: part.pointee.keyByteCount)
    place.pointee.recipientByteCount = UInt32(truncatingIfNeeded: recipient.count)
    return place
  }

  /// Keeps the event at the place of its recipient.
  @inline(__always)
  mutating func keep(_ event: UnsafePointer<PendingEvent>, recipient: ByteSlice) {
    let part = parts + Sharding.shard(of: event.pointee.recipientHash)
    beacon_copy(
      part.pointee.keys + part.pointee.keyByteCount, recipient.base, recipient.count)
    part.pointee.keyByteCount &+= recipient.count
    part.pointee.count &+= 1
    keyByteCount &+= recipient.count
    count &+= 1
  }

  /// Adds events that were read, whose recipients' keys lie behind one another in `keys`.
  ///
  /// - Throws: when they are too many bytes.
  mutating func distribute(
    _ events: UnsafeBufferPointer<PendingEvent>, recipients keys: ByteSlice
  ) throws {
    guard keys.count <= keyByteCountMax else {
      throw BatchRecordReader.Fault(reason: "\(keys.count) bytes of recipients")
    }
    for event in events {
      let start = Int(event.recipientOffset)
      let key = keys.slice(from: start, to: start + Int(event.recipientByteCount))
      keep(place(for: key, holding: event), recipient: key)
    }
  }

  mutating func removeAll() {
    for shard in 0..<Columnar.Limits.shardCount {
      parts[shard].count = 0
      parts[shard].keyByteCount = 0
    }
    (count, keyByteCount) = (0, 0)
  }
}
