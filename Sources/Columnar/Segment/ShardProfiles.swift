// The profiles of one shard's messages, and which messages each has: questions that profiles decide in part go through
// the messages of some sorts alone.
//
// SAFETY: every row's message was checked to be below the message count, and arrays have one element per message;
// scratch holds a block and the decoders' slack.

internal import Base

package struct ShardProfiles: Sendable {
  package let profiles: [MessageProfile]
  /// The messages of each profile, ascending, those of one behind those of the other.
  private let messages: [UInt32]
  /// By profile: where its messages start, and where those of the last one end.
  private let starts: [Int]
  /// The profiles of each recipient's messages.
  package let people = RecipientProfiles()
  /// Whether outcomes were looked at: not where a segment is on disk only, for then they may not have been read.
  let knowsOutcomes: Bool

  /// Profiles of fewer messages than this would save little.
  private static let messagesPerProfileMin = 8
  /// A profile's number has 16 bits.
  private static let profileCountMax = 1 << 16

  /// - Returns: nil when there would be too many.
  package init?(_ shard: ShardSnapshot) {
    let countMax = min(
      ShardProfiles.profileCountMax,
      max(Limits.blockRowCount, shard.messageCount / ShardProfiles.messagesPerProfileMin))
    let outcomes = ShardProfiles.outcomes(of: shard)
    guard let (table, numbers) = ShardProfiles.find(in: shard, outcomes, countMax: countMax) else {
      return nil
    }
    profiles = table.profiles
    (messages, starts) = ShardProfiles.sorted(numbers, table.profiles)
    knowsOutcomes = outcomes != nil
  }

  /// Bytes of memory.
  package var byteCount: Int {
    profiles.capacity * MemoryLayout<MessageProfile>.stride + messages.capacity * 4
      + starts.capacity * MemoryLayout<Int>.stride + people.byteCount
  }

  /// Calls `body` with each message of a profile, ascending.
  package func forEachMessage(of profile: Int, _ body: (Int) -> Void) {
    for message in messages[starts[profile]..<starts[profile + 1]] { body(Int(message)) }
  }

  private static func sorted(
    _ numbers: [UInt32], _ profiles: [MessageProfile]
  ) -> (messages: [UInt32], starts: [Int]) {
    var starts = [Int](repeating: 0, count: profiles.count + 1)
    for (number, profile) in profiles.enumerated() {
      starts[number + 1] = starts[number] + Int(profile.messageCount)
    }
    var next = starts
    var messages = [UInt32](repeating: 0, count: numbers.count)
    for message in numbers.indices {
      let number = Int(numbers[message])
      messages[next[number]] = UInt32(message)
      next[number] &+= 1
    }
    return (messages, starts)
  }

  /// Profiles, and by message the number of its own.
  private static func find(
    in shard: ShardSnapshot, _ outcomes: [UInt8]?, countMax: Int
  ) -> (ProfileTable, [UInt32])? {
    let (campaigns, states) = (shard[.campaign].decodedCodes(), shard[.state].decodedCodes())
    let counts = EngagementPart.allCases.map { shard.counts.counts($0) }
    var table = ProfileTable()
    var numbers = [UInt32](repeating: 0, count: shard.messageCount)
    for message in 0..<shard.messageCount {
      var (events, engagement) = (SIMD4<Int64>(), UInt32(0))
      for part in 0..<counts.count {
        events[part] = Int64(counts[part][message])
        engagement |= counts[part][message] == 0 ? 0 : 1 << UInt32(part)
      }
      let profile = MessageProfile(
        campaign: campaigns[message], state: states[message], engagement: engagement,
        outcomes: UInt32(outcomes?[message] ?? 0), messageCount: 1, eventCounts: events)
      numbers[message] = UInt32(table.add(profile))
      if table.profiles.count > countMax { return nil }
    }
    return (table, numbers)
  }

  /// By message: a bit for each outcome; nil when a segment is on disk only.
  private static func outcomes(of shard: ShardSnapshot) -> [UInt8]? {
    if shard.segments.contains(where: \.isCold) { return nil }
    var outcomes = [UInt8](repeating: 0, count: shard.messageCount)
    let kinds = MessageProfile.outcomeKinds.enumerated()
    let capacity = Limits.blockRowCount + Limits.blockSlack
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: capacity) { scratch in
      guard let messages = scratch.baseAddress else { return }
      for segment in shard.segments {
        for (bit, kind) in kinds {
          forEachRow(segment[.message], segment.rows(ofKind: kind.rawValue), messages) {
            outcomes[$0] |= 1 << UInt8(bit)
          }
        }
      }
    }
    // Asked again, for some may have been left on disk meanwhile.
    return shard.segments.contains(where: \.isCold) ? nil : outcomes
  }

  /// Calls `body` with the value of each of some rows.
  private static func forEachRow(
    _ column: EncodedColumn, _ rows: Range<Int>, _ scratch: UnsafeMutablePointer<UInt32>,
    _ body: (Int) -> Void
  ) {
    for block in rows.blocks {
      column.decode(block: block, into: scratch)
      let start = block * Limits.blockRowCount
      for row in rows.rows(inBlock: block) { body(Int(scratch[row - start])) }
    }
  }
}
