// The order in which a shard's messages were sent. Numbers that follow it make sends count up and times rise, which is
// what differences are small for; and what happens to a message soon after it was sent has a number near its own.

internal import Base

struct SendOrder {
  /// By message: the earliest `sent` event, biased. What was not sent comes behind everything that was.
  private let times: [UInt64]

  init(_ segments: [Segment], messageCount: Int) {
    let sent = MessageTimes(earliest: .sent, of: segments, messageCount: messageCount)
    let times = (0..<messageCount).map { sent[$0] }
    // Next to the others rather than at the end of all times: sorting goes by the bits that differ.
    let end = (times.max() ?? 0) &+ 1
    self.times = times.map { $0 == 0 ? end : $0 }
  }

  /// One of so many neighbours was sent before its predecessor, and numbering anew pays. A load that adds to a large
  /// directory leaves it as it is, unless it brings a good part of what there is then.
  private static let brokenShare = 8

  /// Whether numbers are so far from the order that a shard had better be numbered anew.
  var isBroken: Bool {
    let descentCount = zip(times, times.dropFirst()).count { $0 > $1 }
    return descentCount * SendOrder.brokenShare >= times.count && descentCount > 0
  }

  /// The messages in the order in which they were sent, those of one moment as they were.
  var messages: [UInt32] { RadixSort.order(of: times) }
}
