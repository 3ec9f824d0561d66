// Messages put together that are alike. There are some thousand sorts where there are millions of messages, and they
// answer whatever asks for no more than what all messages of a sort share.
//
// Putting them together takes longer than one question. So it is done when they are asked for again and no event has
// come in between: while events stream in, nobody waits for it.

internal import Base
internal import Synchronization

/// The profiles of a snapshot.
package final class MessageProfiles: Sendable {
  /// What was put together.
  package struct Found: Sendable {
    /// All profiles.
    package let profiles: [MessageProfile]
    /// They again, whatever the outcomes: fewer.
    package let withoutOutcomes: [MessageProfile]
    /// By shard.
    package let shards: [ShardProfiles]
    /// By shard, then by profile of the shard: which of `profiles` it is.
    package let numbers: [[Int]]
    /// Whether profiles tell outcomes apart.
    package var knowsOutcomes: Bool { shards.allSatisfy(\.knowsOutcomes) }

    fileprivate init(_ shards: [ShardProfiles]) {
      self.shards = shards
      var (all, coarse) = (ProfileTable(), ProfileTable())
      numbers = shards.map { shard in shard.profiles.map { all.add($0) } }
      for profile in all.profiles { coarse.add(profile.withoutOutcomes) }
      profiles = all.profiles
      withoutOutcomes = coarse.profiles
    }

    fileprivate var byteCount: Int {
      let profileCount = profiles.capacity + withoutOutcomes.capacity
      let own = profileCount * MemoryLayout<MessageProfile>.stride
      let numbers = numbers.reduce(0) { $0 + $1.capacity * MemoryLayout<Int>.stride }
      return shards.reduce(own + numbers) { $0 + $1.byteCount }
    }
  }

  private enum State {
    case fresh
    case asked
    case found(Found)
    /// Messages are too different.
    case useless
  }

  private let state = Mutex(State.fresh)

  /// Nothing is known.
  package init() {}

  /// Bytes of memory.
  package var byteCount: Int { found?.byteCount ?? 0 }

  private var found: Found? {
    state.withLock { if case .found(let found) = $0 { found } else { nil } }
  }

  /// All profiles; nil when this is the first question for them, and when they would be nearly as many as messages.
  ///
  /// - Parameter find: what `ShardProfiles` says of each shard.
  package func found(_ find: () -> [ShardProfiles?]) -> Found? {
    let isAskedAgain = state.withLock { state in
      if case .asked = state { return true }
      if case .fresh = state { state = .asked }
      return false
    }
    if isAskedAgain {
      let parts = find()
      let known = parts.compactMap { $0 }
      let result = known.count == parts.count ? State.found(Found(known)) : .useless
      state.withLock { $0 = result }
    }
    return found
  }
}
