// What messages may be added up to from their states and from how many opens and clicks each has, without a look at
// events.

/// Which messages' states count: those with `value` in the bits of `mask`.
package struct StateTest: Hashable, Sendable {
  /// Bits of MessageState.
  package let mask: UInt32
  package let value: UInt32

  package init(mask: UInt32, value: UInt32) {
    self.mask = mask
    self.value = value
  }

  package func passes(_ state: UInt32) -> Bool { state & mask == value }
}

/// An amount that every message adds to.
package enum MessageSum: Hashable, Sendable {
  /// Messages.
  case messages
  /// Messages whose state passes.
  case inState(StateTest)
  /// Messages whose state has any of these bits.
  case inAnyState(UInt32)
  /// Messages with any of these events: bit i stands for the part with raw value i.
  case engaged(UInt32)
  /// These events, one bit for each part.
  case events(UInt32)

  /// What messages that are alike add.
  package func value(of profile: MessageProfile) -> Int64 {
    switch self {
    case .messages: profile.messageCount
    case .inState(let test): test.passes(profile.state) ? profile.messageCount : 0
    case .inAnyState(let mask): profile.state & mask != 0 ? profile.messageCount : 0
    case .engaged(let mask): profile.engagement & mask != 0 ? profile.messageCount : 0
    case .events(let mask):
      (0..<4).reduce(0) { $0 + (mask & 1 << UInt32($1) != 0 ? profile.eventCounts[$1] : 0) }
    }
  }

  /// What each message of a shard adds.
  func values(in shard: ShardSnapshot) -> [UInt32] {
    switch self {
    case .messages: [UInt32](repeating: 1, count: shard.messageCount)
    case .inState(let test): shard[.state].decodedCodes().map { test.passes($0) ? 1 : 0 }
    case .inAnyState(let mask): shard[.state].decodedCodes().map { $0 & mask != 0 ? 1 : 0 }
    case .engaged(let mask): MessageSum.eventCounts(mask, shard).map { $0 != 0 ? 1 : 0 }
    case .events(let mask): MessageSum.eventCounts(mask, shard)
    }
  }

  private static func eventCounts(_ mask: UInt32, _ shard: ShardSnapshot) -> [UInt32] {
    var sums = [UInt32](repeating: 0, count: shard.messageCount)
    for part in EngagementPart.allCases where mask & 1 << UInt32(part.rawValue) != 0 {
      let counts = shard.counts.counts(part)
      for message in sums.indices { sums[message] &+= counts[message] }
    }
    return sums
  }
}
