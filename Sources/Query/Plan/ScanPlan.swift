// What one pass over the shards counts: keys, conditions and quantities.

internal import Base

struct ScanPlan {
  /// GROUP BY keys of the message, then of the event; the order is the plan's, not the query's.
  var messageKeys: [Dimension]
  var eventKeys: [Dimension]
  /// Top-level AND terms that look at messages only, and the others.
  var messageConditions: [Predicate]
  var eventConditions: [Predicate]
  var quantities: Set<Quantity>
  /// Whether zone maps may skip blocks; tests turn it off.
  var prunes = true
  /// Whether groups that hold nothing but other kinds of events must appear, too.
  var listsAllGroups: Bool

  var keys: [Dimension] { messageKeys + eventKeys }

  /// Whether an event counts in its message's group whenever its message passes.
  var isFlat: Bool { eventKeys.isEmpty && eventConditions.isEmpty }

  init(
    keys: [Dimension], conditions: [Predicate], quantities: Set<Quantity>, listsAllGroups: Bool
  ) {
    messageKeys = keys.filter(\.isOfMessage)
    eventKeys = keys.filter { !$0.isOfMessage }
    messageConditions = conditions.filter(\.isOfMessage)
    eventConditions = conditions.filter { !$0.isOfMessage }
    self.quantities = quantities
    self.listsAllGroups = listsAllGroups
  }

  /// The plan of the populations: message keys and conditions only.
  func populations(_ quantities: Set<Quantity>) -> ScanPlan {
    var plan = ScanPlan(
      keys: messageKeys, conditions: messageConditions, quantities: quantities,
      listsAllGroups: false)
    plan.prunes = prunes
    return plan
  }
}

extension ScanPlan {
  /// What the events of a kind add to.
  struct Contribution: Equatable {
    /// Counted once per event.
    var events: Quantity?
    var hasRevenue = false
    /// Counted once per message.
    var messages: [Quantity] = []
    /// Counted once per recipient.
    var recipients: [Quantity] = []

    var isEmpty: Bool { events == nil && !hasRevenue && messages.isEmpty && recipients.isEmpty }
  }

  func contribution(of kind: EventKind, _ settings: QuerySettings) -> Contribution {
    var contribution = Contribution()
    if let counted = ScanPlan.events(kind), quantities.contains(counted) {
      contribution.events = counted
    }
    contribution.hasRevenue = quantities.contains(.valued) && kind.mayHaveValue
    for quantity in ScanPlan.messages(kind, settings) where quantities.contains(quantity) {
      contribution.messages.append(quantity)
    }
    for quantity in ScanPlan.recipients(kind, settings) where quantities.contains(quantity) {
      contribution.recipients.append(quantity)
    }
    return contribution
  }

  /// The kinds whose events make messages count for a quantity.
  ///
  /// - Parameter truth: of the conditions, for events of a kind.
  func kinds(
    for quantity: Quantity, _ settings: QuerySettings, truth: (EventKind) -> Truth?
  ) -> [EventKind] {
    EventKind.allCases.filter {
      contribution(of: $0, settings).messages.contains(quantity) && truth($0) != .no
    }
  }

  private static func events(_ kind: EventKind) -> Quantity? {
    switch kind {
    case .opened: .opens
    case .clicked: .clicks
    case .unsubscribed: .unsubscribes
    case .complained: .complaints
    case .converted: .conversions
    case .replied: .replies
    default: nil
    }
  }

  private static func messages(_ kind: EventKind, _ settings: QuerySettings) -> [Quantity] {
    switch kind {
    case .opened: [.uniqueOpens]
    case .clicked: settings.impliedOpens ? [.uniqueClicks, .uniqueOpens] : [.uniqueClicks]
    case .unsubscribed: [.uniqueUnsubscribes]
    case .complained: [.uniqueComplaints]
    case .converted: [.uniqueConversions]
    default: []
    }
  }

  private static func recipients(_ kind: EventKind, _ settings: QuerySettings) -> [Quantity] {
    switch kind {
    case .opened: [.recipients, .openers]
    case .clicked:
      settings.impliedOpens ? [.recipients, .clickers, .openers] : [.recipients, .clickers]
    default: [.recipients]
    }
  }
}

extension EventKind {
  /// Sends, deliveries and bounces keep no value.
  var mayHaveValue: Bool { self != .sent && self != .delivered && self != .bounced }
}
