// What messages that are alike say of a plan: which of them pass, as far as that is decided by what they share.

internal import Base
internal import Columnar

struct PlanProfiles: Sendable {
  let found: MessageProfiles.Found
  /// By profile: whether its messages pass the conditions that profiles decide; nil when they decide none, or leave so
  /// many messages that going through all takes less.
  private let passes: [Bool]?

  /// One of so many messages passes where those of single profiles are gone through.
  private static let rarity = 4

  init(_ found: MessageProfiles.Found, _ plan: RowPlan, _ context: QueryContext) {
    self.found = found
    let filters = plan.filters.filter(\.isOfProfiles)
    guard !filters.isEmpty else {
      passes = nil
      return
    }
    var (passes, count) = ([Bool](repeating: false, count: found.profiles.count), 0)
    let rows = ProfileRows(found.profiles, ShardContext(context, shard: 0))
    rows.forEachBlock(where: filters) { profiles, selected in
      for row in selected {
        let profile = profiles.startIndex + Int(row)
        passes[profile] = true
        count += Int(profiles[profile].messageCount)
      }
    }
    let messageCount = context.snapshot.shards.reduce(0) { $0 + $1.messageCount }
    self.passes = count <= messageCount / PlanProfiles.rarity ? passes : nil
  }

  /// The messages of a shard that pass what profiles decide; nil where that leaves too many.
  func messages(in context: ShardContext) -> MessageList? {
    guard let passes else { return nil }
    let (profiles, numbers) = (found.shards[context.index], found.numbers[context.index])
    var marks = Bitmap(count: context.messageCount)
    for profile in numbers.indices where passes[numbers[profile]] {
      profiles.forEachMessage(of: profile) { marks.insert($0) }
    }
    return MessageList(marks)
  }
}
