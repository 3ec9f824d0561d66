// Which messages pass the conditions on messages, and into which group of the message keys each falls.

internal import Base
internal import Columnar

struct MessageGroups {
  /// By message: its group, or `none`. Empty when no message passes, when all make one group, and when those with marks
  /// do.
  let groups: [UInt32]
  /// One per message key.
  let indices: [GroupIndex]
  /// Whether some message has no group.
  let hasGaps: Bool

  /// Whether it is known that no message has a group.
  var isEmpty: Bool { few?.isEmpty ?? false }
  /// Whether groups are all codes of the only key; some of them may have no message.
  let isByCode: Bool
  /// Whether all messages are in one group: there are neither keys nor conditions.
  let isWhole: Bool

  /// The messages that pass, ascending, when they are known to be few.
  let few: [UInt32]?
  /// The messages that pass, when they are so few that asking for a bit of each is less than for its group.
  let marks: Bitmap?
  /// Lets those through, and few others.
  let sieve: MessageSieve?

  /// So many messages are few: looking for each in a zone map costs less than reading the block.
  private static let fewCountMax = 64

  /// One of so many messages passes where bits are asked for.
  private static let rarity = 64

  /// The group of messages that do not pass.
  static let none = UInt32.max

  init(_ plan: ScanPlan, _ context: ShardContext) {
    let conditions = plan.messageConditions.map { CompiledPredicate($0, context) }
    guard conditions.allSatisfy(\.mayBeTrue), !context.query.mustStop else {
      self = MessageGroups.nobody(plan, context)
      return
    }
    let isWhole = plan.messageKeys.isEmpty && conditions.isEmpty
    let byCode = MessageGroups.byCode(plan.messageKeys, context)
    var groups =
      byCode?.groups ?? [UInt32](repeating: 0, count: isWhole ? 0 : context.messageCount)
    for condition in conditions {
      let truths = condition.messages(context)
      groups.withUnsafeMutableBufferPointer { groups in
        truths.withUnsafeBufferPointer { truths in
          let yes = Truth.yes.rawValue
          for message in groups.indices {
            groups[message] = truths[message] == yes ? groups[message] : MessageGroups.none
          }
        }
      }
    }
    let rare = conditions.isEmpty ? nil : MessageGroups.rare(groups)
    if let rare, rare.isEmpty {
      self = MessageGroups.nobody(plan, context)
      return
    }
    var indices = byCode.map { [$0.index] } ?? []
    for key in plan.messageKeys where byCode == nil {
      var index = GroupIndex(
        parentCount: indices.last?.count ?? 1,
        codeCount: context.query.codeCount(key, context.shard))
      groups.withUnsafeMutableBufferPointer { groups in
        context.codes(key).withUnsafeBufferPointer { codes in
          guard let base = codes.baseAddress else { return }
          index.refine(groups, by: base, skipped: MessageGroups.none)
        }
      }
      indices.append(index)
    }
    self.init(
      groups: groups, indices: indices, hasGaps: !plan.messageConditions.isEmpty, rare: rare,
      isByCode: byCode != nil, isWhole: isWhole)
  }

  /// The codes of the only key as groups; nil where they are no dense numbers, or many more than messages.
  private static func byCode(
    _ keys: [Dimension], _ context: ShardContext
  ) -> (groups: [UInt32], index: GroupIndex)? {
    guard keys.count == 1, let key = keys.first else { return nil }
    if key == .recipient {
      let codes = 1..<Code(context.shard.recipients.count + 1)
      return (context.shard[.recipient].decodedCodes(), GroupIndex(codes))
    }
    guard let count = context.query.codeCount(key, context.shard),
      count <= max(context.messageCount, Limits.blockRowCount),
      let codes = context.storedCodes(key)
    else { return nil }
    return (codes, GroupIndex(0..<Code(count)))
  }

  private init(
    groups: [UInt32], indices: [GroupIndex], hasGaps: Bool, rare: [UInt32]?, isByCode: Bool,
    isWhole: Bool
  ) {
    self.groups = groups
    self.indices = indices
    self.hasGaps = hasGaps
    few = rare.flatMap { $0.count <= MessageGroups.fewCountMax ? $0 : nil }
    marks = rare.map { rare in
      var marks = Bitmap(count: groups.count)
      for message in rare { marks.insert(Int(message)) }
      return marks
    }
    sieve = nil
    self.isByCode = isByCode
    self.isWhole = isWhole
  }

  /// These messages, ascending, all in one group; `groups` stays empty.
  init(listed: [UInt32], messageCount: Int) {
    var marks = Bitmap(count: messageCount)
    for message in listed { marks.insert(Int(message)) }
    (groups, indices) = ([], [])
    (hasGaps, isByCode, isWhole) = (true, false, false)
    few = listed.count <= MessageGroups.fewCountMax ? listed : nil
    self.marks = marks
    sieve = listed.count <= MessageSieve.messageCountMax ? MessageSieve(listed) : nil
  }

  /// The messages that pass, if they are few or seldom.
  private static func rare(_ groups: [UInt32]) -> [UInt32]? {
    let countMax = max(fewCountMax, groups.count / rarity)
    var rare: [UInt32] = []
    for message in groups.indices where groups[message] != none {
      if rare.count == countMax { return nil }
      rare.append(UInt32(message))
    }
    return rare
  }

  /// Whether some message from `first` to `last` may pass.
  func mayPass(from first: UInt64, through last: UInt64) -> Bool {
    few?.contains { (first...last).contains(UInt64($0)) } ?? true
  }

  /// No message passes.
  private static func nobody(_ plan: ScanPlan, _ context: ShardContext) -> MessageGroups {
    MessageGroups(
      groups: [],
      indices: plan.messageKeys.map { _ in GroupIndex(parentCount: nil, codeCount: nil) },
      hasGaps: true, rare: [], isByCode: false, isWhole: false)
  }

  var count: Int { indices.last?.count ?? 1 }
}
