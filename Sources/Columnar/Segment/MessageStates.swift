// Sent, delivered, bounced: what the events of a shard make of its messages. docs/SEMANTICS.md, "Messages", is the
// definition; this is a fold over the `sent`, `delivered` and `bounced` rows in any order. It keeps the time of every
// message: a question needs them for a while, and what outlives questions is `StateColumn`.

internal import Base

package struct MessageStates: Sendable {
  /// The earliest `sent` event, biased (`TimeBias`); 0 for none.
  package private(set) var sentTime: MessageTimes
  /// The earliest `delivered` event, biased; 0 for none.
  package private(set) var firstDelivered: MessageTimes
  /// The latest `delivered` event where it is another one: few messages are delivered twice.
  private var lastDelivered: [Int: UInt64] = [:]
  private var bounces: DecidingBounces

  /// Folds the rows of `segments`.
  ///
  /// - Parameter rules: class of every bounce code, and how codes and reasons compare as text.
  package init(messageCount: Int, segments: [Segment], rules: DecidingBounces.Rules) {
    self.init(bouncesOf: messageCount, segments: segments, rules: rules)
    sentTime = MessageTimes(earliest: .sent, of: segments, messageCount: messageCount)
    for segment in segments {
      segment.forEachRow(of: .delivered) { message, time, _ in addDelivered(message, time) }
    }
  }

  /// Folds the bounces of `segments` only: of nothing else will it be asked.
  package init(bouncesOf messageCount: Int, segments: [Segment], rules: DecidingBounces.Rules) {
    sentTime = MessageTimes(count: messageCount)
    firstDelivered = sentTime
    bounces = DecidingBounces(count: messageCount)
    for segment in segments { bounces.add(segment, rules) }
  }

  /// Bytes of memory.
  package var byteCount: Int {
    sentTime.byteCount + firstDelivered.byteCount + bounces.byteCount
      + lastDelivered.capacity * MemoryLayout<(Int, UInt64)>.stride
  }

  /// `MessageState` bits of a message.
  package func state(of message: Int, isUntracked: Bool) -> UInt32 {
    let lastDelivered = lastDelivered(of: message)
    return MessageState.bits(
      isSent: sentTime[message] != 0, hasDelivered: lastDelivered != 0,
      bounce: bounces[message].flatMap { lastDelivered <= $0.time ? $0 : nil },
      isUntracked: isUntracked)
  }

  /// The deciding bounce of a message; it may have been delivered since.
  package func bounce(of message: Int) -> DecidingBounces.Bounce? { bounces[message] }

  private mutating func addDelivered(_ message: Int, _ time: UInt64) {
    let (first, last) = (firstDelivered[message], lastDelivered(of: message))
    if first == 0 || time < first { firstDelivered.set(message, time) }
    if time > last {
      if last != 0 { lastDelivered[message] = time }
    } else if time < first {
      lastDelivered[message] = last
    }
  }

  private func lastDelivered(of message: Int) -> UInt64 {
    lastDelivered.isEmpty
      ? firstDelivered[message] : lastDelivered[message] ?? firstDelivered[message]
  }
}

extension MessageState {
  /// What makes a message sent, delivered, bounced.
  ///
  /// - Parameters:
  ///   - hasDelivered: whether it has a `delivered` event.
  ///   - bounce: the one that decides, unless it was delivered later.
  static func bits(
    isSent: Bool, hasDelivered: Bool, bounce: DecidingBounces.Bounce?, isUntracked: Bool
  ) -> UInt32 {
    var bits: UInt32 = isUntracked ? untracked : 0
    if isSent { bits |= sent }
    if hasDelivered || isSent && bounce == nil { bits |= delivered }
    if let bounce { bits |= bounced | UInt32(bounce.bounceClass.rawValue) << classShift }
    return bits
  }
}
