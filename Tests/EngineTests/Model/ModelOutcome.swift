// What became of one message: the columns of FROM messages that are no dimensions. docs/SEMANTICS.md, "Tables".

struct ModelOutcome {
  let message: ModelMessage
  /// The message's events that exist under the settings.
  let events: [ModelEvent]
  let settings: ModelSettings

  static let types: [String: ModelType] = [
    "status": .text, "sent_at": .timestamp, "delivered_at": .timestamp, "bounced_at": .timestamp,
    "bounce_class": .text, "bounce_code": .text, "bounce_reason": .text, "opens": .integer,
    "clicks": .integer, "conversions": .integer, "first_open_at": .timestamp,
    "last_open_at": .timestamp, "first_click_at": .timestamp, "last_click_at": .timestamp,
    "links_clicked": .integer, "opened": .boolean, "unsubscribed_at": .timestamp,
    "complained_at": .timestamp, "converted_at": .timestamp, "replied_at": .timestamp,
    "responded_at": .timestamp, "unsubscribe_reason": .text, "revenue": .decimal,
  ]

  static let star = """
    campaign recipient send variant template sender domain status sent_at delivered_at bounced_at \
    bounce_class bounce_code first_open_at last_open_at opens first_click_at last_click_at clicks \
    links_clicked unsubscribed_at unsubscribe_reason complained_at converted_at conversions revenue \
    replied_at
    """.words

  var values: [String: ModelValue] {
    var values: [String: ModelValue] = [
      "status": status,
      "sent_at": time(message.sentTime), "delivered_at": time(message.deliveredTime),
      "bounced_at": time(message.bounce?.time),
      "bounce_class": ModelValue(message.bounce?.bounceClass),
      "bounce_code": ModelValue(message.bounce?.code),
      "bounce_reason": ModelValue(message.bounce?.reason),
      "opened": .boolean(events.contains(where: settings.isOpen)),
      "links_clicked": .integer(Set(of("clicked").compactMap(\.link)).count),
      "unsubscribe_reason": unsubscribeReason,
    ]
    for (column, kind) in [
      ("opens", "opened"), ("clicks", "clicked"), ("conversions", "converted"),
    ] {
      values[column] = .integer(of(kind).count)
    }
    for (noun, kind) in [("open", "opened"), ("click", "clicked")] {
      values["first_\(noun)_at"] = time(of(kind).map(\.time).min())
      values["last_\(noun)_at"] = time(of(kind).map(\.time).max())
    }
    for kind in ["unsubscribed", "complained", "converted", "replied", "responded"] {
      values["\(kind)_at"] = time(of(kind).map(\.time).min())
    }
    let amounts = events.compactMap(\.value)
    values["revenue"] = amounts.isEmpty ? .null : .decimal(amounts.reduce(0, +))
    return values
  }

  private func of(_ kind: String) -> [ModelEvent] { events.filter { $0.kind == kind } }

  private func time(_ time: Int?) -> ModelValue { time.map { .time($0) } ?? .null }

  /// The furthest it got.
  private var status: ModelValue {
    for kind in "complained unsubscribed converted replied clicked opened".words
    where !of(kind).isEmpty {
      return .text(kind)
    }
    if message.deliveredTime != nil { return .text("delivered") }
    if message.bounce != nil { return .text("bounced") }
    for kind in ["dropped", "deferred"] where !of(kind).isEmpty { return .text(kind) }
    return .null
  }

  private var unsubscribeReason: ModelValue {
    let first = of("unsubscribed").map(\.time).min()
    var smallest: String?
    for event in of("unsubscribed") where event.time == first {
      if let reason = event.reason { smallest = ModelStore.smaller(smallest, reason) }
    }
    return ModelValue(smallest)
  }
}
