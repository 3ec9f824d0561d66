// What the messages of each recipient of a shard add up to. Whatever asks for recipients and no more than states, opens
// and clicks at any time then looks at a number or two for each of them instead of at all their messages.
//
// Like marks and profiles they are made when they are asked for again and the shard is still the same: while events
// stream in, nobody waits for them. An amount takes four bytes for each recipient.

internal import Synchronization

package final class RecipientSums: Sendable {
  private struct State {
    var asked: Set<MessageSum> = []
    var sums: [MessageSum: RecipientSum] = [:]
    /// By amounts: whether whoever has messages has some of these.
    var areOfAll: [Set<MessageSum>: Bool] = [:]
  }

  private let state = Mutex(State())

  /// Nothing is known.
  package init() {}

  /// Bytes of memory.
  package var byteCount: Int {
    state.withLock { $0.sums.values.reduce(0) { $0 + $1.byteCount } }
  }

  /// What is known of an amount, without asking for it.
  package func known(_ amount: MessageSum) -> RecipientSum? { state.withLock { $0.sums[amount] } }

  /// Of each amount the sum of every recipient; nil when some of them was not asked for before, and when memory is so
  /// short that segments are on disk only.
  ///
  /// - Parameter shard: the one these are the sums of, with fewer than 2^32 events.
  package func sums(_ amounts: [MessageSum], of shard: ShardSnapshot) -> [RecipientSum]? {
    let isAskedAgain = state.withLock { state in
      let isAskedAgain = state.asked.isSuperset(of: amounts)
      state.asked.formUnion(amounts)
      return isAskedAgain
    }
    guard isAskedAgain, !shard.segments.contains(where: \.isCold) else { return nil }
    let known = state.withLock { $0.sums }
    let missing = Set(amounts).filter { known[$0] == nil }
    let found = RecipientSums.find(missing, in: shard)
    if !found.isEmpty { state.withLock { $0.sums.merge(found) { first, _ in first } } }
    return amounts.compactMap { known[$0] ?? found[$0] }
  }

  /// Whether everybody who has messages has something of one of these amounts; nil where they are not known.
  package func areOfAll(_ amounts: [MessageSum]) -> Bool? {
    let (answer, sums) = state.withLock { ($0.areOfAll[Set(amounts)], $0.sums) }
    if let answer { return answer }
    let others = amounts.compactMap { sums[$0]?.amounts }
    guard var rest = sums[.messages]?.amounts, others.count == amounts.count else { return nil }
    for other in others {
      for recipient in rest.indices where other[recipient] != 0 { rest[recipient] = 0 }
    }
    let found = rest.allSatisfy { $0 == 0 }
    state.withLock { $0.areOfAll[Set(amounts)] = found }
    return found
  }

  private static func find(
    _ amounts: Set<MessageSum>, in shard: ShardSnapshot
  ) -> [MessageSum: RecipientSum] {
    guard !amounts.isEmpty else { return [:] }
    let recipients = shard[.recipient].decodedCodes()
    var found: [MessageSum: RecipientSum] = [:]
    for amount in amounts {
      var sums = [UInt32](repeating: 0, count: shard.recipients.count)
      let values = amount.values(in: shard)
      for message in recipients.indices { sums[Int(recipients[message])] &+= values[message] }
      found[amount] = RecipientSum(sums)
    }
    return found
  }
}
