// Messages put together that are alike: of one campaign, in one state, and opened and clicked or not by people and by
// machines. There are some thousand sorts where there are millions of messages, and they answer whatever asks for no
// more than that.
//
// Putting them together takes longer than one question. So it is done when they are asked for again and no event has
// come in between: while events stream in, nobody waits for it.

internal import Base
internal import Synchronization

/// Messages that are alike.
package struct MessageProfile: Sendable {
  package let campaign: UInt32
  /// Bits of MessageState.
  package let state: UInt32
  /// Bit i: there are events of the part with raw value i.
  package let engagement: UInt32
  package fileprivate(set) var messageCount: Int64 = 0
  /// Events, by the part's raw value.
  package fileprivate(set) var eventCounts = SIMD4<Int64>()
}

/// The profiles of a snapshot.
package final class MessageProfiles: Sendable {
  private enum State {
    case fresh
    case asked
    case found([MessageProfile])
    /// Messages are too different.
    case useless
  }

  private let state = Mutex(State.fresh)

  /// Profiles of fewer messages than this would save little.
  private static let messagesPerProfileMin = 8

  /// Nothing is known.
  package init() {}

  /// Bytes of memory.
  package var byteCount: Int {
    found.map { $0.capacity * MemoryLayout<MessageProfile>.stride } ?? 0
  }

  private var found: [MessageProfile]? {
    state.withLock { if case .found(let profiles) = $0 { profiles } else { nil } }
  }

  /// All profiles; nil when this is the first question for them, and when they would be nearly as many as messages.
  ///
  /// - Parameter find: what `find` says of each shard.
  package func profiles(_ find: () -> [[MessageProfile]?]) -> [MessageProfile]? {
    let isAskedAgain = state.withLock { state in
      if case .asked = state { return true }
      if case .fresh = state { state = .asked }
      return false
    }
    if isAskedAgain {
      let parts = find()
      let known = parts.compactMap { $0 }
      var all = ProfileTable()
      for profile in known.joined() { all.add(profile) }
      state.withLock { $0 = known.count == parts.count ? .found(all.profiles) : .useless }
    }
    return found
  }

  /// The profiles of a shard; nil when they would be too many.
  package static func find(in shard: ShardSnapshot) -> [MessageProfile]? {
    let (campaigns, states) = (shard[.campaign].decodedCodes(), shard[.state].decodedCodes())
    let counts = EngagementPart.allCases.map { shard.counts.counts($0) }
    let countMax = max(Limits.blockRowCount, shard.messageCount / messagesPerProfileMin)
    var found = ProfileTable()
    for message in 0..<shard.messageCount {
      var (events, engagement) = (SIMD4<Int64>(), UInt32(0))
      for part in 0..<counts.count {
        events[part] = Int64(counts[part][message])
        engagement |= counts[part][message] == 0 ? 0 : 1 << UInt32(part)
      }
      found.add(
        MessageProfile(
          campaign: campaigns[message], state: states[message], engagement: engagement,
          messageCount: 1, eventCounts: events))
      if found.profiles.count > countMax { return nil }
    }
    return found.profiles
  }
}

/// Profiles, and where each is.
private struct ProfileTable {
  private(set) var profiles: [MessageProfile] = []
  /// The number of a profile plus one where its hash says or behind that; 0 where there is none.
  private var slots = [UInt32](repeating: 0, count: 1 << 12)

  mutating func add(_ profile: MessageProfile) {
    let number = number(profile)
    profiles[number].messageCount += profile.messageCount
    profiles[number].eventCounts &+= profile.eventCounts
  }

  private mutating func number(_ profile: MessageProfile) -> Int {
    var slot = slot(of: profile)
    while slots[slot] != 0 {
      let number = Int(slots[slot]) - 1
      if profiles[number].isLike(profile) { return number }
      slot = (slot + 1) & (slots.count - 1)
    }
    profiles.append(profile.empty)
    slots[slot] = UInt32(profiles.count)
    if profiles.count * 2 > slots.count { grow() }
    return profiles.count - 1
  }

  private mutating func grow() {
    slots = [UInt32](repeating: 0, count: slots.count * 4)
    for (number, profile) in profiles.enumerated() {
      var slot = slot(of: profile)
      while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = UInt32(number + 1)
    }
  }

  private func slot(of profile: MessageProfile) -> Int {
    let key = UInt64(profile.campaign) << 32 | UInt64(profile.state << 4 | profile.engagement)
    return Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 32) & (slots.count - 1)
  }
}

extension MessageProfile {
  /// Without messages.
  fileprivate var empty: MessageProfile {
    MessageProfile(campaign: campaign, state: state, engagement: engagement)
  }

  fileprivate func isLike(_ other: MessageProfile) -> Bool {
    campaign == other.campaign && state == other.state && engagement == other.engagement
  }
}
