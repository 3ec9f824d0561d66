// Which messages pass the conditions on messages, and into which group of the message keys each falls.

internal import Base
internal import Columnar

struct MessageGroups {
  /// By message: its group, or `none`.
  let groups: [UInt32]
  /// One per message key.
  let indices: [GroupIndex]
  /// Whether some message has no group.
  let hasGaps: Bool

  /// Whether it is known that no message has a group.
  let isEmpty: Bool

  /// The group of messages that do not pass.
  static let none = UInt32.max

  init(_ plan: ScanPlan, _ context: ShardContext) {
    let conditions = plan.messageConditions.map { CompiledPredicate($0, context) }
    guard conditions.allSatisfy(\.mayBeTrue), !context.query.mustStop else {
      self = MessageGroups.nobody(plan, context)
      return
    }
    var groups = [UInt32](repeating: 0, count: context.messageCount)
    for condition in conditions {
      let truths = condition.messages(context)
      for message in groups.indices where truths[message] != Truth.yes.rawValue {
        groups[message] = MessageGroups.none
      }
    }
    var indices: [GroupIndex] = []
    for key in plan.messageKeys {
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
      groups: groups, indices: indices, hasGaps: !plan.messageConditions.isEmpty, isEmpty: false)
  }

  private init(groups: [UInt32], indices: [GroupIndex], hasGaps: Bool, isEmpty: Bool) {
    self.groups = groups
    self.indices = indices
    self.hasGaps = hasGaps
    self.isEmpty = isEmpty
  }

  /// No message passes.
  private static func nobody(_ plan: ScanPlan, _ context: ShardContext) -> MessageGroups {
    MessageGroups(
      groups: [UInt32](repeating: none, count: context.messageCount),
      indices: plan.messageKeys.map { _ in GroupIndex(parentCount: nil, codeCount: nil) },
      hasGaps: true, isEmpty: true)
  }

  var count: Int { indices.last?.count ?? 1 }
}
