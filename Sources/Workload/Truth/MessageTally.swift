// The truth about one message: its states and what happened to it, from all its records.

internal import Base

struct MessageTally {
  private(set) var hasEvent = false
  private(set) var isSent = false
  private(set) var hasDelivered = false
  private(set) var isBounced = false
  private(set) var bounceClass = BounceClass.unspecified
  private(set) var humanOpens = 0
  private(set) var humanClicks = 0
  private(set) var machineOpens = 0
  private(set) var machineClicks = 0
  private(set) var unsubscribes = 0
  private(set) var complaints = 0
  private(set) var conversions = 0

  var isDelivered: Bool { hasDelivered || (isSent && !isBounced) }

  /// The states of the message; `add` counts the rest, record by record.
  init(_ story: MessageStory) {
    isSent = story.hasSentRecord
    hasEvent = isSent
    var lastBounce = Int64.min
    var lastDelivery = Int64.min
    for record in story.records {
      switch record.kind {
      case .bounced where record.time > lastBounce:
        lastBounce = record.time
        bounceClass = BounceTable.rows[Int(record.detail)].concluded
      case .delivered: lastDelivery = max(lastDelivery, record.time)
      default: break
      }
    }
    hasDelivered = lastDelivery > Int64.min
    isBounced = lastBounce > Int64.min && lastDelivery <= lastBounce
  }

  mutating func add(_ record: Record, isMachine: Bool) {
    let isOutcome = record.flags.contains(.outcome)
    guard !record.flags.contains(.repeated), isOutcome || record.verdict == .counts else { return }
    hasEvent = true
    switch record.kind {
    case .opened: if isMachine { machineOpens += 1 } else { humanOpens += 1 }
    case .clicked: if isMachine { machineClicks += 1 } else { humanClicks += 1 }
    case .unsubscribed: unsubscribes += 1
    case .complained: complaints += 1
    case .converted: conversions += 1
    default: break
    }
  }
}
