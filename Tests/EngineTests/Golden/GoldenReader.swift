// Reads what golden files load into the model, by the plainest means: tables without quotes, combined logs by the table
// of docs/SEMANTICS.md, "Hits".

struct GoldenReader {
  private(set) var store = ModelStore()

  mutating func read(_ what: String, _ lines: [String]) {
    switch what {
    case "access-log": for line in lines { readHit(line) }
    case "events": readEvents(lines)
    default: readAttributes(String(what.dropLast()), lines)
    }
  }

  private static func cells(_ line: String) -> [String] {
    precondition(!line.contains("\""), "golden tables have no quotes: \(line)")
    return line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  }

  private mutating func readAttributes(_ owner: String, _ lines: [String]) {
    let names = GoldenReader.cells(lines[0])
    for line in lines.dropFirst() {
      let cells = GoldenReader.cells(line)
      for (name, cell) in zip(names, cells).dropFirst() where !cell.isEmpty {
        store.state(owner, cells[0], name, cell)
      }
    }
  }

  private mutating func readEvents(_ lines: [String]) {
    let names = GoldenReader.cells(lines[0])
    for line in lines.dropFirst() {
      var fields: [String: String] = [:]
      for (name, cell) in zip(names, GoldenReader.cells(line)) where !cell.isEmpty {
        fields[name] = cell
      }
      store.add(GoldenReader.event(fields))
    }
  }

  private static func event(_ fields: [String: String]) -> ModelEvent {
    var event = ModelEvent()
    event.kind = fields["kind"]!
    event.time = ModelTime.parse(fields["time"]!)!
    event.campaign = fields["campaign"]!
    event.recipient = fields["recipient"]!
    event.tracked = fields["tracked"].map { $0 == "yes" }
    event.sentAt = fields["sent_at"].flatMap(ModelTime.parse)
    event.value = fields["value"].flatMap(micros)
    for (name, path) in texts { event[keyPath: path] = fields[name] }
    return event
  }

  private static var texts: [(String, WritableKeyPath<ModelEvent, String?>)] {
    [
      ("send", \.send), ("variant", \.variant), ("template", \.template), ("sender", \.sender),
      ("subject", \.subject), ("domain", \.domain), ("link", \.link), ("url", \.url),
      ("position", \.position), ("ip", \.ip), ("country", \.country),
      ("user_agent", \.userAgent), ("bounce_class", \.bounceClass), ("code", \.code),
      ("reason", \.reason), ("currency", \.currency), ("id", \.id),
    ]
  }

  /// A decimal with at most six digits behind the point.
  private static func micros(_ text: String) -> Int? {
    let isNegative = text.hasPrefix("-")
    let parts = text.split(separator: ".").map { $0.filter { $0 != "-" } }
    let fraction = (parts.count > 1 ? parts[1] : "") + "000000"
    return Int(parts[0] + fraction.prefix(6)).map { isNegative ? -$0 : $0 }
  }

  /// A line of a combined log; lines that are no hit are skipped.
  private mutating func readHit(_ line: String) {
    let parts = line.split(separator: "\"", omittingEmptySubsequences: false).map(String.init)
    let request = parts[1].words
    let status = Int(parts[2].words[0])!
    let target = request[1].split(separator: "?").map(String.init)
    var event = ModelEvent()
    guard GoldenReader.take(target, &event) else { return }
    let methods = ["opened": "GET HEAD", "clicked": "GET HEAD", "unsubscribed": "POST"]
    guard methods[event.kind, default: "GET"].words.contains(request[0]) else { return }
    let isPixel = event.kind == "opened" || event.kind == "converted"
    let counts =
      (200...299).contains(status) || isPixel && status == 304
      || event.kind == "clicked" && (300...399).contains(status)
    guard counts, !event.campaign.isEmpty, !event.recipient.isEmpty else { return }
    event.isHead = request[0] == "HEAD"
    event.ip = parts[0].words[0]
    event.userAgent = parts[5] == "-" ? nil : parts[5]
    event.time = GoldenReader.logTime(parts[0])
    store.add(event)
  }

  /// Whether the target is a tracking route; fills in what it says.
  private static func take(_ target: [String], _ event: inout ModelEvent) -> Bool {
    let segments = target[0].split(separator: "/").map(String.init)
    let kinds = ["o": "opened", "c": "clicked", "u": "unsubscribed", "v": "converted"]
    guard let first = segments.first, let kind = kinds[first] else { return false }
    event.kind = kind
    if target.count == 2 {
      for pair in target[1].split(separator: "&") {
        let sides = pair.split(separator: "=").map(String.init)
        set(sides[0], percentDecoded(sides.count > 1 ? sides[1] : ""), &event)
      }
      return segments.count == 1
    }
    guard segments.count >= 3, kind == "opened" || kind == "clicked" else { return false }
    let isOpen = kind == "opened"
    var values = segments.dropFirst().map { $0 }
    if isOpen { values[values.count - 1] = values.last!.replacingSuffix(".gif", "") }
    event.campaign = percentDecoded(values[0])
    event.recipient = percentDecoded(values[1])
    if values.count > 2 { set(isOpen ? "s" : "l", percentDecoded(values[2]), &event) }
    return true
  }

  private static func set(_ key: String, _ value: String, _ event: inout ModelEvent) {
    guard !value.isEmpty else { return }
    switch key {
    case "c": event.campaign = value
    case "r": event.recipient = value
    case "s": event.send = value
    case "v": event.variant = value
    case "l": event.link = value
    case "reason": event.reason = value
    case "value": event.value = micros(value)
    case "currency": event.currency = value
    default: break
    }
  }

  private static func percentDecoded(_ text: String) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%") {
        bytes.append(UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)!)
        rest.removeFirst(2)
      } else {
        bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The time in `... [14/Mar/2026:09:12:01 +0000] `; golden logs are in UTC.
  private static func logTime(_ text: String) -> Int {
    let months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".words
    let stamp = text.split(separator: "[")[1].prefix(20).split { $0 == "/" || $0 == ":" }
    let month = months.firstIndex(of: String(stamp[1]))! + 1
    return ModelTime.parse(
      "\(stamp[2])-\(month)-\(stamp[0])T\(stamp[3]):\(stamp[4]):\(stamp[5])Z")!
  }
}
