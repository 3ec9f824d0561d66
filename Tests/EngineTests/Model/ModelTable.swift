// The five tables as rows of named values. docs/SEMANTICS.md, "Tables".

import Query

/// One row: every column's value by its full name.
final class ModelTableRow {
  let values: [String: ModelValue]
  /// The event (or state) and its message, for measures.
  let source: ModelRow?

  init(_ values: [String: ModelValue], source: ModelRow? = nil) {
    self.values = values
    self.source = source
  }
}

struct ModelTable {
  /// Full names and types.
  var types: [String: ModelType] = [:]
  /// What `*` stands for.
  var star: [String] = []
  /// What orders rows when nothing else does.
  var order: [String] = []
  var rows: [ModelTableRow] = []
  /// Of `events`: the states of all messages as rows.
  var states: [ModelTableRow] = []
  /// What may be left out before an attribute's name.
  var owner: String?

  func type(of name: String) -> ModelType? { types[name] }

  /// The full name of a column, or nil.
  func canonical(_ name: ColumnName) -> String? {
    if types[name.text] != nil { return name.text }
    let full = ModelDimensions.canonical(name.text)
    if types[full] != nil { return full }
    guard name.qualifier == nil, let owner else { return nil }
    return types["\(owner).\(name.name)"] == nil ? nil : "\(owner).\(name.name)"
  }
}

/// A history and its tables, each made once.
final class ModelDatabase {
  let store: ModelStore
  let messages: [ModelMessage]
  /// What `now()` gives.
  let now: Int
  private var tables: [String: ModelTable] = [:]

  init(_ store: ModelStore, now: Int = 1_780_000_000_000) {
    self.store = store
    self.now = now
    messages = store.messages
  }

  func table(_ source: Source, _ settings: ModelSettings) -> ModelTable {
    let key = "\(source) \(settings.audience) \(settings.hasImpliedOpens)"
    if let table = tables[key] { return table }
    let table =
      switch source {
      case .events: events(settings)
      case .messages: messageTable(settings)
      case .recipients: owners("recipient", ["recipient", "domain"])
      case .campaigns: owners("campaign", ["campaign"])
      case .links: owners("link", ["link", "link.url", "link.position"])
      }
    tables[key] = table
    return table
  }

  private func attributes(_ owner: String) -> [String] {
    store.attributeNames(owner).map { "\(owner).\($0)" }
  }

  // MARK: Events

  private var messageDimensions: [String] {
    ModelDimensions.ofMessage + attributes("campaign") + attributes("recipient")
  }

  private func events(_ settings: ModelSettings) -> ModelTable {
    var table = ModelTable()
    let names =
      messageDimensions + attributes("link")
      + ModelDimensions.ofEvent.map(ModelDimensions.canonical)
    for name in names { table.types[name] = type(ofDimension: name) }
    table.types["value"] = .decimal
    table.star =
      """
      time kind campaign recipient send link client device os machine_class country ip bounce_class code \
      reason value currency
      """.words
    table.order = ["time"]
    var byKey: [ModelMessageKey: ModelMessage] = [:]
    for message in messages { byKey[message.key] = message }
    table.rows = store.events.filter(settings.exists).map { event in
      row(ModelRow(event: event, message: byKey[event.message]!), table.types)
    }
    table.states = messages.flatMap { message in
      message.states.map { row(ModelRow(event: $0, message: message), table.types) }
    }
    return table
  }

  private func row(_ source: ModelRow, _ types: [String: ModelType]) -> ModelTableRow {
    var values: [String: ModelValue] = [:]
    for (name, type) in types where name != "value" {
      values[name] = dimension(name, type, source)
    }
    values["value"] = source.event.value.map { .decimal($0) } ?? .null
    return ModelTableRow(values, source: source)
  }

  private func dimension(_ name: String, _ type: ModelType, _ source: ModelRow) -> ModelValue {
    let value = store.value(name, source)
    if type == .date, case .time(let time) = value { return .date(time) }
    return value.cast(to: type)
  }

  private func type(ofDimension name: String) -> ModelType {
    let parts = name.split(separator: ".").map(String.init)
    if parts.count == 2 { return store.isWholeNumber(parts[0], parts[1]) ? .integer : .text }
    switch name.hasPrefix("sent_") ? String(name.dropFirst(5)) : name {
    case "time", "hour": return .timestamp
    case "day", "week", "month": return .date
    case "hour_of_day", "weekday": return .integer
    case "tracked": return .boolean
    default: return .text
    }
  }

  // MARK: Messages

  private func messageTable(_ settings: ModelSettings) -> ModelTable {
    var table = ModelTable()
    for name in messageDimensions { table.types[name] = type(ofDimension: name) }
    table.types.merge(ModelOutcome.types) { $1 }
    table.star = ModelOutcome.star
    table.order = ["campaign", "recipient", "send"]
    table.rows = messages.map { message in
      var event = ModelEvent()
      event.campaign = message.key.campaign
      event.recipient = message.key.recipient
      let source = ModelRow(event: event, message: message)
      let own = store.events.filter { $0.message == message.key && settings.exists($0) }
      var values = ModelOutcome(message: message, events: own, settings: settings).values
      for name in messageDimensions {
        values[name] = dimension(name, type(ofDimension: name), source)
      }
      return ModelTableRow(values)
    }
    return table
  }

  // MARK: Recipients, campaigns, links

  private func owners(_ owner: String, _ names: [String]) -> ModelTable {
    var table = ModelTable(order: [owner], owner: owner)
    table.star = names + attributes(owner).filter { !names.contains($0) }
    for name in table.star { table.types[name] = type(ofDimension: name) }
    table.rows = store.keys(owner).map { key in
      var values: [String: ModelValue] = [:]
      for name in table.star {
        let value =
          name == owner
          ? key
          : name == "domain"
            ? store.domain(of: key)
            : store.attribute(owner, key, String(name.dropFirst(owner.count + 1)))
        values[name] = ModelValue(value).cast(to: table.types[name] ?? .text)
      }
      return ModelTableRow(values)
    }
    return table
  }
}
