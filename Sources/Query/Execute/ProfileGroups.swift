// Plain SQL over messages that are alike: where keys, conditions and aggregates ask for no more than all messages of a
// profile share, profiles are grouped and weigh as many messages.

internal import Base
internal import Columnar

struct ProfileGroups {
  private let filters: [Term]
  private let keys: [Term]
  private let aggregates: [Aggregate]

  /// - Returns: nil when profiles do not answer the plan.
  init?(_ plan: RowPlan) {
    guard plan.prunes, plan.source == .messages,
      case .groups(let keys, let aggregates) = plan.shape,
      plan.filters.allSatisfy(\.isOfProfiles), keys.allSatisfy(\.isOfProfiles),
      aggregates.allSatisfy(\.isOfProfiles)
    else { return nil }
    filters = plan.filters
    self.keys = keys
    self.aggregates = aggregates
  }

  func run(_ profiles: [MessageProfile], _ context: QueryContext) -> GroupStore {
    let shard = ShardContext(context, shard: 0)
    let rows = ProfileRows(profiles, shard)
    var grouping = RowGrouping(keys, aggregates, rows, shard)
    rows.forEachBlock(where: filters) { profiles, selected in
      grouping.add(profiles.count, selected, weights: profiles.map(\.messageCount))
    }
    return grouping.store
  }
}

/// The same by recipient: what each recipient's messages add up to.
struct RecipientProfileGroups {
  private let filters: [Term]
  private let aggregates: [Aggregate]

  /// - Returns: nil when profiles do not answer the plan.
  init?(_ plan: RowPlan) {
    guard plan.prunes, plan.source == .messages,
      case .groups(let keys, let aggregates) = plan.shape,
      keys.count == 1, keys[0].isRecipient, plan.filters.allSatisfy(\.isOfProfiles),
      aggregates.allSatisfy({ $0.function == .count && !$0.isDistinct && $0.isOfProfiles })
    else { return nil }
    filters = plan.filters
    self.aggregates = aggregates
  }

  /// What a message adds, by profile.
  func counts(_ found: MessageProfiles.Found, _ context: QueryContext) -> ProfileCounts {
    let shard = ShardContext(context, shard: 0)
    let rows = ProfileRows(found.profiles, shard)
    let inputs = aggregates.map { AggregateInput($0, shard, rows) }
    let messageCountMax = context.snapshot.shards.map(\.messageCount).max() ?? 0
    var counts = ProfileCounts(
      countCount: inputs.count + 1, profileCount: found.profiles.count, countMax: messageCountMax)
    rows.forEachBlock(where: filters) { profiles, selected in
      let start = profiles.startIndex
      for row in selected { counts.set(0, start + Int(row)) }
      for (index, input) in inputs.enumerated() {
        let isCounted = input.counted(profiles.count)
        for row in selected where isCounted(Int(row)) { counts.set(index + 1, start + Int(row)) }
      }
    }
    return counts
  }

  /// The recipients of a shard that have messages that pass, and the counts of each.
  func run(
    _ counts: ProfileCounts, _ found: MessageProfiles.Found, _ context: ShardContext
  ) -> Frame {
    let (profiles, numbers) = (found.shards[context.index], found.numbers[context.index])
    let sums = counts.words.map { words in
      profiles.people.sums(of: numbers.map { words[$0] }, context.shard, profiles)
    }
    let present = counts.present(sums)
    let mark = UInt64(context.index) << 32
    let pool = TextPool.recipients(context.query.snapshot)
    var columns = [FrameColumn(.text, words: present.map { UInt64($0) + 1 | mark }, pool: pool)]
    for index in aggregates.indices {
      columns.append(FrameColumn(.integer, words: counts.values(index + 1, sums, present)))
    }
    return Frame(columns: columns, rowCount: present.count)
  }
}

extension RowPlan {
  /// Whether profiles say something of what is asked.
  var asksProfiles: Bool {
    guard prunes, source == .messages else { return false }
    return filters.contains(where: \.isOfProfiles) || ProfileGroups(self) != nil
      || RecipientProfileGroups(self) != nil
  }
}

extension Aggregate {
  /// Whether a profile says what its messages add.
  fileprivate var isOfProfiles: Bool {
    guard filter?.isOfProfiles ?? true else { return false }
    guard let argument else { return function == .count }
    switch function {
    case .count where !isDistinct: return argument.hasSharedPresence
    case .count, .minimum, .maximum: return argument.isOfProfiles
    case .sum, .average: return false
    }
  }
}
