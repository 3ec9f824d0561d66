// What became of one message, folded event by event.

internal import Base

struct PlainMessage {
  /// Bit k: it has an event of the kind with raw value k.
  private var kinds: UInt32 = 0
  private(set) var opens = 0
  private(set) var clicks = 0
  private var lastDelivered = Int64.min
  private var lastBounced = Int64.min

  /// Adds an event; opens and clicks of machines do not exist.
  mutating func add(_ event: PlainEvent) {
    let isSeen = event.kind == .opened || event.kind == .clicked
    if isSeen && !event.isHuman { return }
    kinds |= 1 << UInt32(event.kind.rawValue)
    switch event.kind {
    case .opened: opens += 1
    case .clicked: clicks += 1
    case .delivered: lastDelivered = max(lastDelivered, event.time)
    case .bounced: lastBounced = max(lastBounced, event.time)
    default: break
    }
  }

  var isSent: Bool { has(.sent) }
  /// With implied opens.
  var isOpened: Bool { opens + clicks > 0 }
  var isBounced: Bool { has(.bounced) && lastDelivered <= lastBounced }
  var isDelivered: Bool { has(.delivered) || isSent && !isBounced }

  /// The furthest it got; NULL as `\N`.
  var status: String {
    let ranks: [(Bool, String)] = [
      (has(.complained), "complained"), (has(.unsubscribed), "unsubscribed"),
      (has(.converted), "converted"), (has(.replied), "replied"), (has(.clicked), "clicked"),
      (has(.opened), "opened"), (isDelivered, "delivered"), (isBounced, "bounced"),
      (has(.dropped), "dropped"), (has(.deferred), "deferred"),
    ]
    return ranks.first { $0.0 }?.1 ?? "\\N"
  }

  private func has(_ kind: EventKind) -> Bool { kinds >> UInt32(kind.rawValue) & 1 == 1 }
}
