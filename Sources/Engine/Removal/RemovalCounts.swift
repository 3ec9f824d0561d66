// What went when events were removed.

internal import Columnar

package struct RemovalCounts: Equatable, Sendable {
  package var events = 0
  package var messages = 0
  package var recipients = 0

  package init(events: Int = 0, messages: Int = 0, recipients: Int = 0) {
    self.events = events
    self.messages = messages
    self.recipients = recipients
  }

  /// Whether nothing went.
  package var isNothing: Bool { self == RemovalCounts() }

  /// The difference of a shard before and after.
  init(_ before: StoredShard, _ after: StoredShard) {
    events = before.eventCount - after.eventCount
    messages = before.image.messages[0].rowCount - after.image.messages[0].rowCount
    recipients = before.image.recipients.count - after.image.recipients.count
  }

  package static func += (left: inout RemovalCounts, right: RemovalCounts) {
    left.events += right.events
    left.messages += right.messages
    left.recipients += right.recipients
  }
}

extension StoredShard {
  fileprivate var eventCount: Int { segments.reduce(0) { $0 + $1.rowCount } }
}
