// Random queries over a random history: any dimensions, measures, conditions, orders and settings, with literals that
// mostly occur in the data.

import Base

struct RandomQuery {
  private let workload: RandomWorkload
  private let dimensions: [String]
  private let store: ModelStore
  /// What rows hold, to take literals from.
  private let samples: [ModelRow]

  /// - Parameter dimensions: those that the engine knows for this history.
  init(_ workload: RandomWorkload, _ store: ModelStore) {
    self.workload = workload
    self.store = store
    dimensions = RandomQuery.dimensions(store)
    var byKey: [ModelMessageKey: ModelMessage] = [:]
    for message in store.messages { byKey[message.key] = message }
    samples = store.events.map { ModelRow(event: $0, message: byKey[$0.message]!) }
  }

  /// Every dimension there is for a history.
  static func dimensions(_ store: ModelStore) -> [String] {
    var names = ModelDimensions.ofMessage + ModelDimensions.ofEvent
    for owner in ["campaign", "recipient", "link"] {
      names += store.attributeNames(owner).map { "\(owner).\($0)" }
    }
    return names
  }

  /// A query's text.
  func make(_ random: inout PRNG) -> String {
    let keys = (0..<random.pick([0, 1, 1, 1, 2, 2, 3])).map { _ in random.pick(dimensions) }
    let measures = (0..<1 + random.below(5)).map { _ in random.pick(ModelMeasures.all) }
    var items = keys.filter { _ in random.isHit(0.9) } + measures
    if random.isHit(0.15) { items.append(scalar(keys, &random) + " AS extra") }
    items.shuffle(using: &random)
    var text = "SELECT \(items.joined(separator: ", ")) FROM events"
    if random.isHit(0.65) { text += " WHERE " + condition(&random, depth: 2) }
    if !keys.isEmpty {
      text += " GROUP BY " + keys.map { place($0, items, &random) }.joined(separator: ", ")
    }
    if random.isHit(0.2) { text += " HAVING " + having(keys, &random) }
    if random.isHit(0.4) { text += " ORDER BY " + order(keys, items, &random) }
    if random.isHit(0.25) { text += " LIMIT \(random.pick([0, 1, 2, 5, 100]))" }
    if random.isHit(0.15) { text += " OFFSET \(random.pick([0, 1, 3, 100]))" }
    if random.isHit(0.5) { text += " SETTINGS " + settings(&random) }
    return text
  }

  /// The name, or the position of the item that it is.
  private func place(_ name: String, _ items: [String], _ random: inout PRNG) -> String {
    guard let index = items.firstIndex(of: name), random.isHit(0.2) else { return name }
    return String(index + 1)
  }

  private func settings(_ random: inout PRNG) -> String {
    let choices = [
      ("audience", ["human", "machine", "all"]), ("implied_opens", ["on", "off"]),
      ("denominator", ["delivered", "sent", "tracked"]),
      ("definition", ["beacon", "sfmc", "sendgrid", "mailchimp", "mailjet", "zoho", "mailpoet"]),
    ]
    return (0...random.below(3)).map { _ in
      let (name, values) = random.pick(choices)
      return "\(name) = \(random.pick(values))"
    }.joined(separator: ", ")
  }

  // MARK: After counting

  /// A number made of keys and measures.
  private func scalar(_ keys: [String], _ random: inout PRNG) -> String {
    let measure = { (random: inout PRNG) in random.pick(ModelMeasures.all) }
    switch random.below(5) {
    case 0: return "\(measure(&random)) + \(measure(&random)) * 2"
    case 1: return "\(measure(&random)) / \(measure(&random))"
    case 2: return "-\(measure(&random)) % 3"
    case 3: return "CASE WHEN \(having(keys, &random)) THEN \(measure(&random)) ELSE 0 END"
    default: return "100.5 * (\(measure(&random)) - 1)"
    }
  }

  private func having(_ keys: [String], _ random: inout PRNG) -> String {
    let measure = random.pick(ModelMeasures.all)
    switch random.below(7) {
    case 0: return "\(measure) > \(random.below(3))"
    case 1: return "\(measure) IS \(random.isHit(0.5) ? "NOT " : "")NULL"
    case 2: return "NOT \(measure) BETWEEN 1 AND \(random.below(5))"
    case 3: return "\(measure) IN (0, 1, \(random.isHit(0.3) ? "NULL" : "0.5"))"
    case 4: return "\(measure) < 0.5 OR \(random.pick(ModelMeasures.all)) >= 1"
    case 5: return "(\(measure) > 0) IS NOT TRUE"
    default:
      guard let key = keys.first else { return "\(measure) <> 0" }
      return test(key, &random)
    }
  }

  private func order(_ keys: [String], _ items: [String], _ random: inout PRNG) -> String {
    (0...random.below(2)).map { _ in
      var term = random.pick(keys + [random.pick(ModelMeasures.all)])
      if random.isHit(0.2) { term = String(1 + random.below(items.count)) }
      if random.isHit(0.1) { term = scalar(keys, &random) }
      return term + random.pick(["", " ASC", " DESC", " DESC"])
        + random.pick(["", "", " NULLS FIRST", " NULLS LAST"])
    }.joined(separator: ", ")
  }

  // MARK: Conditions

  private func condition(_ random: inout PRNG, depth: Int) -> String {
    guard depth > 0, random.isHit(0.55) else {
      if random.isHit(0.04) { return random.pick(["TRUE", "FALSE", "NULL"]) }
      return test(random.pick(dimensions), &random)
    }
    switch random.below(5) {
    case 0: return "NOT (\(condition(&random, depth: depth - 1)))"
    case 1:
      return "(\(condition(&random, depth: depth - 1)) OR \(condition(&random, depth: depth - 1)))"
    default:
      return "\(condition(&random, depth: depth - 1)) AND \(condition(&random, depth: depth - 1))"
    }
  }

  /// A test of one dimension.
  private func test(_ name: String, _ random: inout PRNG) -> String {
    let not = random.isHit(0.25) ? "NOT " : ""
    if name == "tracked", random.isHit(0.6) {
      return random.pick(["tracked", "tracked IS \(not)TRUE", "tracked IS \(not)FALSE"])
    }
    switch random.below(8) {
    case 0: return "\(name) IS \(not)NULL"
    case 1: return "\(name) \(not)BETWEEN \(literal(name, &random)) AND \(literal(name, &random))"
    case 2:
      var elements = (0...random.below(3)).map { _ in literal(name, &random) }
      if random.isHit(0.15) { elements.append("NULL") }
      return "\(name) \(not)IN (\(elements.joined(separator: ", ")))"
    case 3 where isText(name):
      let pattern = RandomQuery.quoted(pattern(name, &random))
      return "\(name) \(not)\(random.pick(["LIKE", "ILIKE"])) \(pattern)"
    case 4: return "\(literal(name, &random)) \(comparison(&random)) \(name)"
    default: return "\(name) \(comparison(&random)) \(literal(name, &random))"
    }
  }

  private func comparison(_ random: inout PRNG) -> String {
    random.pick(["=", "=", "=", "<>", "<", "<=", ">", ">="])
  }

  private func isText(_ name: String) -> Bool {
    let parts = ModelDimensions.canonical(name).split(separator: ".").map(String.init)
    if parts.count == 2 { return !store.isWholeNumber(parts[0], parts[1]) }
    return !RandomQuery.isTime(name) && name != "tracked"
  }

  private static func isTime(_ name: String) -> Bool {
    let bucket = name.hasPrefix("sent_") ? String(name.dropFirst(5)) : name
    return ["time", "hour", "day", "week", "month", "hour_of_day", "weekday"].contains(bucket)
  }

  private func literal(_ name: String, _ random: inout PRNG) -> String {
    if random.isHit(0.02) { return "NULL" }
    guard !samples.isEmpty else { return fallback(name, &random) }
    let value = store.value(name, random.pick(samples))
    if value == .null || random.isHit(0.05) { return fallback(name, &random) }
    return RandomQuery.text(value, name, &random)
  }

  private func fallback(_ name: String, _ random: inout PRNG) -> String {
    if name.hasSuffix("hour_of_day") || name.hasSuffix("weekday") { return "\(random.below(25))" }
    if RandomQuery.isTime(name) { return "TIMESTAMP '2026-03-02 08:00'" }
    if name == "tracked" { return "FALSE" }
    if !isText(name) { return "\(random.below(12))" }
    return random.pick(["'nothing'", "''", "'M'"])
  }

  /// A value as the query language writes it.
  static func text(_ value: ModelValue, _ name: String, _ random: inout PRNG) -> String {
    switch value {
    case .null: return "NULL"
    case .boolean(let truth): return random.pick(truth ? ["TRUE", "'yes'"] : ["FALSE", "'no'"])
    case .integer(let number): return "\(number)"
    case .number(let number): return "\(number)"
    case .text(let text): return quoted(text)
    case .decimal, .interval: preconditionFailure("no dimension is \(value)")
    case .time(let time), .date(let time):
      let text = ModelTime.text(time)
      return random.pick(["TIMESTAMP '\(text)'", "'\(text)'"])
    }
  }

  static func quoted(_ text: String) -> String {
    "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
  }

  private func pattern(_ name: String, _ random: inout PRNG) -> String {
    guard !samples.isEmpty, case .text(let text) = store.value(name, random.pick(samples)) else {
      return "%"
    }
    var pattern = ""
    for character in text.unicodeScalars {
      switch random.below(8) {
      case 0: pattern += "_"
      case 1: pattern += "%"
      case 2: pattern += "%_"
      default:
        pattern += "%_\\".unicodeScalars.contains(character) ? "\\\(character)" : "\(character)"
      }
    }
    return random.isHit(0.5) ? "%" + String(pattern.suffix(4)) : pattern
  }
}
