// One time per message, 0 for none. While no message has one they take no memory: those who load nothing but access
// logs never know when something was sent.

package struct MessageTimes: Equatable, Sendable {
  /// Empty while all are 0.
  private var values: [UInt64] = []
  /// How many messages there are.
  private(set) var count: Int

  init(count: Int) { self.count = count }

  package subscript(message: Int) -> UInt64 { values.isEmpty ? 0 : values[message] }

  /// States the time of a message.
  mutating func set(_ message: Int, _ time: UInt64) {
    if values.isEmpty { values = [UInt64](repeating: 0, count: count) }
    values[message] = time
  }

  /// Makes room for messages that are new.
  mutating func grow(to count: Int) {
    if !values.isEmpty { values.append(contentsOf: repeatElement(0, count: count - self.count)) }
    self.count = count
  }

  /// Bytes of memory.
  var byteCount: Int { values.count * MemoryLayout<UInt64>.stride }
}
