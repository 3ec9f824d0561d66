// The value of every dimension for an event (or a state shown as one) of a message.

/// One event and its message; a class, because copying two dozen texts for every look is slow.
final class ModelRow {
  let event: ModelEvent
  let message: ModelMessage

  init(event: ModelEvent, message: ModelMessage) {
    self.event = event
    self.message = message
  }
}

enum ModelDimensions {
  static let ofMessage = """
    campaign recipient send variant template sender subject tracked domain sent_hour sent_day
    sent_week sent_month sent_hour_of_day sent_weekday
    """.split { $0 == " " || $0 == "\n" }.map(String.init)

  static let ofEvent = """
    kind time hour day week month hour_of_day weekday link url position user_agent client device os
    country machine_class bounce_class code reason ip currency
    """.split { $0 == " " || $0 == "\n" }.map(String.init)

  static func isOfMessage(_ name: String) -> Bool {
    ofMessage.contains(name) || name.hasPrefix("campaign.") || name.hasPrefix("recipient.")
  }

  /// `url` is `link.url`, `position` is `link.position`.
  static func canonical(_ name: String) -> String {
    name == "url" || name == "position" ? "link.\(name)" : name
  }
}

extension ModelStore {
  /// The value of a dimension, as WHERE sees it.
  func value(_ name: String, _ row: ModelRow) -> ModelValue {
    let name = ModelDimensions.canonical(name)
    if let dot = name.firstIndex(of: ".") {
      let owner = String(name[..<dot])
      let key =
        owner == "link"
        ? row.event.link
        : owner == "campaign"
          ? row.event.campaign : row.event.recipient
      return ModelValue(attribute(owner, key, String(name[name.index(after: dot)...])))
    }
    if name.hasPrefix("sent_") {
      return row.message.sentTime.map { ModelTime.bucket(String(name.dropFirst(5)), of: $0) }
        ?? .null
    }
    return ModelDimensions.isOfMessage(name)
      ? messageValue(name, row.message) : eventValue(name, row.event)
  }

  private func messageValue(_ name: String, _ message: ModelMessage) -> ModelValue {
    switch name {
    case "campaign": .text(message.key.campaign)
    case "recipient": .text(message.key.recipient)
    case "send": ModelValue(message.key.send)
    case "variant": ModelValue(message.variant)
    case "template": ModelValue(message.template)
    case "sender": ModelValue(message.sender)
    case "subject": ModelValue(message.subject)
    case "tracked": .boolean(message.isTracked)
    case "domain": ModelValue(message.domain)
    default: preconditionFailure("no dimension \(name)")
    }
  }

  private func eventValue(_ name: String, _ event: ModelEvent) -> ModelValue {
    switch name {
    case "kind": .text(event.kind)
    case "time": .time(event.time)
    case "hour", "day", "week", "month", "hour_of_day", "weekday":
      ModelTime.bucket(name, of: event.time)
    case "link": ModelValue(event.link)
    case "user_agent": ModelValue(event.userAgent)
    case "client": ModelValue(event.userAgent.map { ModelTables.agent(named: $0).client })
    case "device": ModelValue(event.userAgent.map { ModelTables.agent(named: $0).device })
    case "os": ModelValue(event.userAgent.map { ModelTables.agent(named: $0).os })
    case "machine_class": ModelValue(event.machineClass)
    case "country": ModelValue(event.country)
    case "bounce_class": ModelValue(event.bounceClass)
    case "code": ModelValue(event.code)
    case "reason": ModelValue(event.reason)
    case "ip": ModelValue(event.ip.map(ModelTables.stored))
    case "currency": ModelValue(event.currency)
    default: preconditionFailure("no dimension \(name)")
    }
  }

  /// A GROUP BY key's value as results show it.
  func shown(_ value: ModelValue, of name: String) -> ModelValue {
    let parts = ModelDimensions.canonical(name).split(separator: ".").map(String.init)
    guard parts.count == 2, case .text(let text) = value, isWholeNumber(parts[0], parts[1]) else {
      return value
    }
    return Int(text).map { .integer($0) } ?? value
  }
}

extension ModelEvent {
  var machineClass: String? {
    if isHead { return "head" }
    if let userAgent { return ModelTables.agent(named: userAgent).machineClass }
    return kind == "opened" || kind == "clicked" ? "human" : nil
  }
}
