// Retention and forgetting as the tests do it: at random, to an engine and to the model.

import Base
import Engine

enum RandomRemoval: CustomStringConvertible {
  /// Ages in days by kind, at a time.
  case age([String: Int], now: Int)
  case recipients([String])

  init(_ workload: RandomWorkload, _ random: inout PRNG) {
    guard random.isHit(0.5) else {
      let count = 1 + random.below(2)
      self = .recipients(
        (0..<count).map { _ in random.pick(workload.pools.recipients + ["nobody"]) })
      return
    }
    var ages: [String: Int] = [:]
    let days = 1 + random.below(60)
    for kind in Set(ValuePools.kinds).sorted() where random.isHit(0.7) {
      ages[kind] = random.isHit(0.5) ? days : 1 + random.below(60)
    }
    self = .age(ages, now: random.pick(workload.pools.times) + random.below(90) * 86_400_000)
  }

  var description: String {
    switch self {
    case .age(let ages, let now): "retention \(ages.sorted { $0.key < $1.key }) at \(now)"
    case .recipients(let keys): "forget \(keys)"
    }
  }

  /// Removes from both; returns what the engine says went.
  func apply(to engine: Engine) throws -> RemovalCounts {
    switch self {
    case .recipients(let keys): return try engine.forget(keys.map { Array($0.utf8) })
    case .age(let ages, let now):
      var policy = RetentionPolicy()
      for (kind, days) in ages { try policy.set("\(days)d", kind: kind) }
      return try engine.applyRetention(policy, now: Int64(now))
    }
  }

  func apply(to store: inout ModelStore) -> RemovalCounts {
    let before = RandomRemoval.sizes(store)
    switch self {
    case .recipients(let keys): for key in keys { store.forget(key) }
    case .age(let ages, let now):
      let day = 86_400_000
      let today = now - (now % day + day) % day
      store.remove(before: ages.mapValues { today - $0 * day })
    }
    let after = RandomRemoval.sizes(store)
    return RemovalCounts(
      events: before.events - after.events, messages: before.messages - after.messages,
      recipients: before.recipients - after.recipients)
  }

  private static func sizes(_ store: ModelStore) -> RemovalCounts {
    RemovalCounts(
      events: store.events.count, messages: Set(store.events.map(\.message)).count,
      recipients: store.keys("recipient").count)
  }
}
