// Which messages pass the conditions on messages, and into which group of the message keys each falls.

internal import Base
internal import Columnar

struct MessageGroups {
  /// By message: its group, or `none`. Empty when no message passes.
  let groups: [UInt32]
  /// One per message key.
  let indices: [GroupIndex]
  /// Whether some message has no group.
  let hasGaps: Bool

  /// Whether it is known that no message has a group.
  var isEmpty: Bool { few?.isEmpty ?? false }
  /// Whether recipients are the only key: groups are their codes then, and some of them may have no message.
  let isByRecipient: Bool

  /// The messages that pass, ascending, when they are known to be few.
  let few: [UInt32]?

  /// So many messages are few: looking for each in a zone map costs less than reading the block.
  private static let fewCountMax = 64

  /// The group of messages that do not pass.
  static let none = UInt32.max

  init(_ plan: ScanPlan, _ context: ShardContext) {
    let conditions = plan.messageConditions.map { CompiledPredicate($0, context) }
    guard conditions.allSatisfy(\.mayBeTrue), !context.query.mustStop else {
      self = MessageGroups.nobody(plan, context)
      return
    }
    let isByRecipient = plan.messageKeys == [.recipient]
    var groups: [UInt32]
    if isByRecipient {
      groups = context.shard[.recipient].decodedCodes()
      for message in groups.indices { groups[message] &+= 1 }
    } else {
      groups = [UInt32](repeating: 0, count: context.messageCount)
    }
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
    let few = conditions.isEmpty ? nil : MessageGroups.few(groups)
    if let few, few.isEmpty {
      self = MessageGroups.nobody(plan, context)
      return
    }
    var indices: [GroupIndex] = []
    if isByRecipient { indices.append(GroupIndex(codeCount: context.shard.recipients.count + 1)) }
    for key in plan.messageKeys where !isByRecipient {
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
      groups: groups, indices: indices, hasGaps: !plan.messageConditions.isEmpty, few: few,
      isByRecipient: isByRecipient)
  }

  /// These messages, all in one group.
  init(of messages: [Int], _ context: ShardContext) {
    var groups = [UInt32](repeating: MessageGroups.none, count: context.messageCount)
    for message in messages { groups[message] = 0 }
    self.init(
      groups: groups, indices: [], hasGaps: true, few: MessageGroups.few(groups),
      isByRecipient: false)
  }

  private init(
    groups: [UInt32], indices: [GroupIndex], hasGaps: Bool, few: [UInt32]?, isByRecipient: Bool
  ) {
    self.groups = groups
    self.indices = indices
    self.hasGaps = hasGaps
    self.few = few
    self.isByRecipient = isByRecipient
  }

  /// The messages that pass, unless they are many.
  private static func few(_ groups: [UInt32]) -> [UInt32]? {
    var few: [UInt32] = []
    for message in groups.indices where groups[message] != none {
      if few.count == fewCountMax { return nil }
      few.append(UInt32(message))
    }
    return few
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
      hasGaps: true, few: [], isByRecipient: false)
  }

  var count: Int { indices.last?.count ?? 1 }
}
