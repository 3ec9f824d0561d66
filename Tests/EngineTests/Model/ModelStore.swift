// The naive oracle: all events in an array, all attributes in dictionaries, and docs/SEMANTICS.md read by the letter.
// Nothing is shared with the engine but the query's tree.

struct ModelStore {
  /// Events that were kept, with only the fields that are kept.
  var events: [ModelEvent] = []
  /// As they were stated, for the attributes of messages.
  var records: [ModelEvent] = []
  /// By recipient: the smallest domain that an event states.
  var statedDomains: [String: String] = [:]
  /// By owner: the keys of campaigns and links that were ever named, and the names of attributes.
  private var named: [String: Set<String>] = [:]
  private var attributeNames: [String: Set<String>] = [:]
  var identities: Set<String> = []
  /// By owner (`campaign`, `recipient`, `link`), then by its key, then by name.
  var fileAttributes: [String: [String: [String: String]]] = [:]

  /// By link, then by name: what events state.
  private var statedLinkAttributes: [String: [String: String]] = [:]

  mutating func add(_ event: ModelEvent) {
    if let id = event.id {
      guard identities.insert(ModelStore.identity(event, id)).inserted else { return }
    }
    var kept = event
    if kept.kind == "sent", let sentAt = kept.sentAt { kept.time = sentAt }
    kept.link = kept.link ?? kept.url
    if kept.kind != "bounced" { kept.bounceClass = nil }
    if ["sent", "delivered", "bounced"].contains(kept.kind) {
      kept.userAgent = nil
      kept.link = nil
      kept.url = nil
      kept.position = nil
      kept.ip = nil
      kept.country = nil
      kept.value = nil
      kept.currency = nil
    }
    if kept.kind == "bounced", kept.bounceClass == nil {
      kept.bounceClass = ModelTables.bounceClass(ofCode: kept.code)
    }
    if let link = kept.link {
      for (name, value) in [("url", kept.url), ("position", kept.position)] {
        guard let value else { continue }
        let known = statedLinkAttributes[link]?[name]
        statedLinkAttributes[link, default: [:]][name] = ModelStore.smaller(known, value)
      }
    }
    if let domain = event.domain {
      statedDomains[event.recipient] = ModelStore.smaller(statedDomains[event.recipient], domain)
    }
    named["campaign", default: []].insert(kept.campaign)
    if let link = kept.link { named["link", default: []].insert(link) }
    events.append(kept)
    records.append(event)
  }

  static func identity(_ event: ModelEvent, _ id: String) -> String {
    "\(event.message) \(event.kind) \(id)"
  }

  /// States an attribute as a file does.
  mutating func state(_ owner: String, _ key: String, _ name: String, _ value: String) {
    fileAttributes[owner, default: [:]][key, default: [:]][name] = value
    attributeNames[owner, default: []].insert(name)
  }

  /// The names of an owner's attributes.
  func attributeNames(_ owner: String) -> [String] {
    var names = attributeNames[owner, default: []]
    if owner == "link" {
      for attributes in statedLinkAttributes.values { names.formUnion(attributes.keys) }
    }
    return names.sorted()
  }

  /// What a file states, else for links the smallest value that an event states.
  func attribute(_ owner: String, _ key: String?, _ name: String) -> String? {
    guard let key else { return nil }
    return fileAttributes[owner]?[key]?[name]
      ?? (owner == "link" ? statedLinkAttributes[key]?[name] : nil)
  }

  /// Whether all values of an attribute are whole numbers, so that it is shown and sorted as one.
  func isWholeNumber(_ owner: String, _ name: String) -> Bool {
    var values: [String] = []
    for (_, attributes) in fileAttributes[owner, default: [:]] {
      if let value = attributes[name] { values.append(value) }
    }
    if owner == "link" {
      values += statedLinkAttributes.keys.compactMap { attribute("link", $0, name) }
    }
    return !values.isEmpty
      && values.allSatisfy { value in Int(value).map { String($0) == value } ?? false }
  }

  /// Every key of an owner that a kept event or an attribute file names; of campaigns and links also those that an
  /// event named which is removed.
  func keys(_ owner: String) -> Set<String> {
    let known =
      owner == "recipient" ? Set(events.map(\.recipient)) : named[owner, default: []]
    return known.union(fileAttributes[owner, default: [:]].keys)
  }

  static func smaller(_ left: String?, _ right: String) -> String {
    guard let left else { return right }
    return ModelValue.order(left, right) <= 0 ? left : right
  }

  /// Every message with what its events make of it.
  var messages: [ModelMessage] {
    var keys: [ModelMessageKey] = []
    for event in records where !keys.contains(event.message) { keys.append(event.message) }
    return keys.map { key in
      var message = ModelMessage(key: key)
      let own = records.filter { $0.message == key }
      message.variant = ModelStore.settled(own, \.variant)
      message.template = ModelStore.settled(own, \.template)
      message.sender = ModelStore.settled(own, \.sender)
      message.subject = ModelStore.settled(own, \.subject)
      message.isTracked = !own.contains { $0.tracked == false }
      message.domain = domain(of: key.recipient)
      message.settleStates(events.filter { $0.message == key })
      return message
    }
  }

  /// What sends state, else what others do; the smallest.
  private static func settled(
    _ records: [ModelEvent], _ field: KeyPath<ModelEvent, String?>
  ) -> String? {
    for isSend in [true, false] {
      var smallest: String?
      for record in records where (record.kind == "sent") == isSend {
        if let value = record[keyPath: field] { smallest = smaller(smallest, value) }
      }
      if smallest != nil { return smallest }
    }
    return nil
  }

  func domain(of recipient: String) -> String? {
    if let stated = statedDomains[recipient] { return stated }
    guard let at = recipient.lastIndex(of: "@") else { return nil }
    let domain = recipient[recipient.index(after: at)...].lowercased()
    return domain.isEmpty ? nil : domain
  }
}
