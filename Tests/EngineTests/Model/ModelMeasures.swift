// Every measure by counting, over one group's events and states. docs/SEMANTICS.md, "Measures".

/// What one group holds: the events of E and the message states with its key, and the same for its message keys
/// under the conditions on messages alone.
struct ModelGroup {
  var key: [ModelValue]
  var events: [ModelRow] = []
  var states: [ModelRow] = []
  var populationEvents: [ModelRow] = []
  var populationStates: [ModelRow] = []
}

struct ModelMeasures {
  let settings: ModelSettings

  static let all = """
    sent delivered bounced hard_bounced soft_bounced block_bounced opens clicks unsubscribes
    complaints conversions replies revenue unique_opens unique_clicks unique_unsubscribes
    unique_complaints unique_conversions recipients openers clickers open_rate ctr ctor
    conversion_rate bounce_rate hard_bounce_rate soft_bounce_rate block_bounce_rate
    unsubscribe_rate complaint_rate population
    """.split { $0 == " " || $0 == "\n" }.map(String.init)

  static func isRate(_ name: String) -> Bool {
    name.hasSuffix("_rate") || ["ctr", "ctor", "population"].contains(name)
  }

  /// The kinds of message states that a measure counts, so that they make groups.
  static func statesCounted(_ name: String) -> [String] {
    switch name {
    case "sent": ["sent"]
    case "delivered": ["delivered"]
    case "recipients": ["sent", "delivered", "bounced"]
    default: name.contains("bounce") ? ["bounced"] : []
    }
  }

  /// The value of a measure; `revenue` is in millionths.
  func value(_ name: String, _ group: ModelGroup) -> ModelValue {
    if name == "revenue" {
      let values = group.events.compactMap(\.event.value)
      return values.isEmpty ? .null : .integer(values.reduce(0, +))
    }
    if name == "population" { return .integer(population(engagement, group)) }
    guard let (numerator, denominator) = ratio(name, group) else {
      return .integer(count(name, group.events, group.states))
    }
    let top = count(numerator, group.events, group.states)
    return denominator == 0 ? .null : .number(Double(top) / Double(denominator))
  }

  private func ratio(_ name: String, _ group: ModelGroup) -> (String, Int)? {
    switch name {
    case "open_rate": return ("unique_opens", population(engagement, group))
    case "ctr": return ("unique_clicks", population(engagement, group))
    case "ctor":
      let opens = count("unique_opens", group.populationEvents, group.populationStates)
      return ("unique_clicks", opens)
    case "conversion_rate": return ("unique_conversions", population(outcome, group))
    case "unsubscribe_rate": return ("unique_unsubscribes", population(outcome, group))
    case "complaint_rate": return ("unique_complaints", population(outcome, group))
    case "bounce_rate": return ("bounced", population("sent", group))
    case "hard_bounce_rate", "soft_bounce_rate", "block_bounce_rate":
      return (name.replacingSuffix("_bounce_rate", "_bounced"), population("sent", group))
    default: return nil
    }
  }

  private var engagement: String {
    switch settings.denominator {
    case "delivered": "delivered and tracked"
    case "sent": "sent"
    default: "sent and tracked"
    }
  }

  private var outcome: String { settings.denominator == "delivered" ? "delivered" : "sent" }

  private func population(_ name: String, _ group: ModelGroup) -> Int {
    let kind = name.hasPrefix("delivered") ? "delivered" : "sent"
    let members = group.populationStates.filter { $0.event.kind == kind }
    return name.hasSuffix("tracked") ? members.filter(\.message.isTracked).count : members.count
  }

  private func count(_ name: String, _ events: [ModelRow], _ states: [ModelRow]) -> Int {
    switch name {
    case "sent", "delivered", "bounced": return states.filter { $0.event.kind == name }.count
    case "hard_bounced", "soft_bounced", "block_bounced":
      let bounceClass = name.replacingSuffix("_bounced", "")
      return states.filter { $0.event.kind == "bounced" && $0.event.bounceClass == bounceClass }
        .count
    case "unique_opens": return messages(events.filter { settings.isOpen($0.event) })
    case "openers": return recipients(events.filter { settings.isOpen($0.event) })
    case "clickers": return recipients(events.filter { $0.event.kind == "clicked" })
    case "recipients": return recipients(events + states)
    default: break
    }
    let isUnique = name.hasPrefix("unique_")
    let noun = isUnique ? String(name.dropFirst("unique_".count)) : name
    let counted = events.filter { $0.event.kind == ModelMeasures.kinds[noun] }
    return isUnique ? messages(counted) : counted.count
  }

  private static let kinds = [
    "opens": "opened", "clicks": "clicked", "unsubscribes": "unsubscribed",
    "complaints": "complained", "conversions": "converted", "replies": "replied",
  ]

  private func messages(_ rows: [ModelRow]) -> Int { Set(rows.map(\.message.key)).count }

  private func recipients(_ rows: [ModelRow]) -> Int { Set(rows.map(\.event.recipient)).count }
}

extension String {
  func replacingSuffix(_ suffix: String, _ replacement: String) -> String {
    hasSuffix(suffix) ? String(dropLast(suffix.count)) + replacement : self
  }
}
