// The messages of one recipient: a handful out of a shard's, found in the column of recipients. An array by message
// would take longer to fill than they take to find.

internal import Base
internal import Columnar

extension MessageGroups {
  /// The messages of the recipient that is all the plan asks of messages; its events are told by their marks, and there
  /// is no group by message.
  ///
  /// - Returns: nil when the plan asks anything else.
  init?(ofRecipientIn plan: ScanPlan, _ context: ShardContext) {
    guard plan.messageKeys.isEmpty, plan.messageConditions.count == 1,
      case .test(.recipient, .compare(.equal, .text)) = plan.messageConditions[0]
    else { return nil }
    var messages: [UInt32] = []
    if case .recipient(let ordinal) = CompiledPredicate(plan.messageConditions[0], context) {
      messages = context.shard[.recipient].rows(of: ordinal).map { UInt32($0) }
    }
    context.listed = messages
    self.init(listed: messages, messageCount: context.messageCount)
  }
}
