// The order of rows in a segment: by kind, opens and clicks of people before those of machines, then by time. One kind
// is one range then, so is what people did of it, and times are small differences. Whose an event is may be judged
// differently later: `AudienceSplit` finds out whether the order still tells.

internal import Base

struct EventOrder {
  private let earliest: UInt64
  /// By user-agent code, 1 for a machine; codes beyond are people's.
  private let machineMarks: [UInt8]

  /// Times of one segment span less than 2⁵⁵ ms (a million years); the clamp keeps a wild one from reaching the bits
  /// above. Order inside a kind is a matter of speed only.
  private static let timeBits: UInt64 = 55

  /// - Parameter earliest: the smallest stored time that will come.
  init(earliest: UInt64, machineMarks: [UInt8]) {
    (self.earliest, self.machineMarks) = (earliest, machineMarks)
  }

  func ofTime(_ stored: UInt64) -> UInt64 {
    min(stored &- earliest, 1 << EventOrder.timeBits - 1)
  }

  /// What comes before time.
  func ofPart(kind: UInt64, userAgent: UInt64, flags: UInt64) -> UInt64 {
    (kind << 1 | isMachine(userAgent, flags)) << EventOrder.timeBits
  }

  private func isMachine(_ userAgent: UInt64, _ flags: UInt64) -> UInt64 {
    let mark = userAgent < machineMarks.count ? machineMarks[Int(userAgent)] : 0
    return UInt64(mark) | flags & UInt64(EventFlags.head)
  }
}
