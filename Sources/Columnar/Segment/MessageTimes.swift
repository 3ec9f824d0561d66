// One time per message, 0 for none. While no message has one they take no memory: those who load nothing but access
// logs never know when something was sent.

internal import Base

package struct MessageTimes: Equatable, Sendable {
  /// Empty while all are 0.
  private var values: [UInt64] = []
  /// How many messages there are.
  private let count: Int

  init(count: Int) { self.count = count }

  /// Of each message the earliest event of a kind, biased (`TimeBias`).
  init(earliest kind: EventKind, of segments: [Segment], messageCount: Int) {
    self.init(count: messageCount)
    for segment in segments {
      segment.forEachRow(of: kind) { message, time, _ in
        let known = self[message]
        if known == 0 || time < known { set(message, time) }
      }
    }
  }

  package subscript(message: Int) -> UInt64 { values.isEmpty ? 0 : values[message] }

  /// States the time of a message.
  mutating func set(_ message: Int, _ time: UInt64) {
    if values.isEmpty { values = [UInt64](repeating: 0, count: count) }
    values[message] = time
  }

  /// Bytes of memory.
  var byteCount: Int { values.count * MemoryLayout<UInt64>.stride }
}
