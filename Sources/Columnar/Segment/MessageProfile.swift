// Messages that are alike: of one campaign, in one state, opened and clicked or not by people and by machines, and with
// the same outcomes.

package import Base

package struct MessageProfile: Sendable {
  package let campaign: UInt32
  /// Bits of MessageState.
  package let state: UInt32
  /// Bit i: there are events of the part with raw value i.
  package let engagement: UInt32
  /// Bit i: there are events of `outcomeKinds[i]`.
  package let outcomes: UInt32
  package fileprivate(set) var messageCount: Int64 = 0
  /// Events, by the part's raw value.
  package fileprivate(set) var eventCounts = SIMD4<Int64>()

  /// The kinds that are known of a message besides those that make its state, and opens and clicks.
  package static let outcomeKinds: [EventKind] = [
    .complained, .unsubscribed, .converted, .replied, .dropped, .deferred,
  ]

  /// One message, or none of what is alike.
  init(
    campaign: UInt32, state: UInt32, engagement: UInt32, outcomes: UInt32, messageCount: Int64 = 0,
    eventCounts: SIMD4<Int64> = SIMD4()
  ) {
    (self.campaign, self.state) = (campaign, state)
    (self.engagement, self.outcomes) = (engagement, outcomes)
    (self.messageCount, self.eventCounts) = (messageCount, eventCounts)
  }

  /// The bit of a kind in `outcomes`; 0 of other kinds.
  package static func outcome(_ kind: EventKind) -> UInt32 {
    outcomeKinds.firstIndex(of: kind).map { 1 << UInt32($0) } ?? 0
  }

  /// Whatever the outcomes.
  var withoutOutcomes: MessageProfile {
    MessageProfile(
      campaign: campaign, state: state, engagement: engagement, outcomes: 0,
      messageCount: messageCount, eventCounts: eventCounts)
  }

  /// Without messages.
  fileprivate var empty: MessageProfile {
    MessageProfile(
      campaign: campaign, state: state, engagement: engagement, outcomes: outcomes)
  }

  fileprivate func isLike(_ other: MessageProfile) -> Bool {
    campaign == other.campaign && state == other.state && engagement == other.engagement
      && outcomes == other.outcomes
  }
}

/// Profiles, and where each is.
struct ProfileTable {
  private(set) var profiles: [MessageProfile]
  /// The number of a profile plus one where its hash says or behind that; 0 where there is none.
  private var slots = [UInt32](repeating: 0, count: 1 << 12)

  init() {
    profiles = []
    profiles.reserveCapacity(1 << 10)
  }

  /// - Returns: the profile's number.
  @discardableResult mutating func add(_ profile: MessageProfile) -> Int {
    let number = number(profile)
    profiles[number].messageCount += profile.messageCount
    profiles[number].eventCounts &+= profile.eventCounts
    return number
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
    let bits = profile.outcomes << 12 | profile.state << 4 | profile.engagement
    let key = UInt64(profile.campaign) << 32 | UInt64(bits)
    return Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 32) & (slots.count - 1)
  }
}
