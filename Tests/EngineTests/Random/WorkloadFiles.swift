// A history as files: events as NDJSON, CSV, TSV or access-log lines, in any order, split anyhow; attributes as tables.

import Base

/// A file's name and content.
struct RenderedFile {
  var name: String
  var bytes: [UInt8]
}

struct WorkloadFiles {
  let workload: RandomWorkload

  /// Files that state the workload, in any order.
  func render(_ random: inout PRNG) -> [RenderedFile] {
    var groups = [[ModelEvent]](repeating: [], count: 1 + random.below(4))
    for event in workload.events.shuffled(using: &random) {
      groups[random.below(groups.count)].append(event)
    }
    var files: [RenderedFile] = []
    for (index, events) in groups.enumerated() where !events.isEmpty {
      files += render(events, "part\(index)", &random)
    }
    return (files + attributeFiles(&random)).shuffled(using: &random)
  }

  /// Events as one file, and those that only a log can state (or might) as another.
  private func render(
    _ events: [ModelEvent], _ name: String, _ random: inout PRNG
  ) -> [RenderedFile] {
    let prefersLog = random.isHit(0.5)
    var lines = ""
    var records: [ModelEvent] = []
    for event in events {
      if event.isHead || prefersLog, let line = WorkloadFiles.logLine(event, &random) {
        lines += line + "\n"
      } else {
        records.append(event)
      }
    }
    var files: [RenderedFile] = []
    if !lines.isEmpty { files.append(RenderedFile(name: "\(name).log", bytes: Array(lines.utf8))) }
    if records.isEmpty { return files }
    switch random.below(3) {
    case 0: files.append(WorkloadFiles.table(records, name, ",", "csv"))
    case 1: files.append(WorkloadFiles.table(records, name, "\t", "tsv"))
    default:
      let text = records.map { WorkloadFiles.object(WorkloadFiles.fields($0)) + "\n" }.joined()
      files.append(RenderedFile(name: "\(name).ndjson", bytes: Array(text.utf8)))
    }
    return files
  }

  // MARK: Event files

  private static let columns = """
    id time kind recipient campaign send variant template sender subject tracked sent_at domain link
    url position ip country user_agent bounce_class code reason value currency
    """.split { $0 == " " || $0 == "\n" }.map(String.init)

  private static func fields(_ event: ModelEvent) -> [(String, String)] {
    let values: [String: String?] = [
      "id": event.id, "time": ModelTime.text(event.time), "kind": event.kind,
      "recipient": event.recipient, "campaign": event.campaign, "send": event.send,
      "variant": event.variant, "template": event.template, "sender": event.sender,
      "subject": event.subject, "tracked": event.tracked.map { $0 ? "yes" : "no" },
      "sent_at": event.sentAt.map(ModelTime.text), "domain": event.domain, "link": event.link,
      "url": event.url, "position": event.position, "ip": event.ip, "country": event.country,
      "user_agent": event.userAgent, "bounce_class": event.bounceClass, "code": event.code,
      "reason": event.reason, "value": event.value.map(decimal), "currency": event.currency,
    ]
    return columns.compactMap { name in values[name]?.map { (name, $0) } }
  }

  /// Millionths as a decimal number.
  static func decimal(_ millionths: Int) -> String {
    let digits = String(millionths.magnitude % 1_000_000)
    let fraction = String(repeating: "0", count: 6 - digits.count) + digits
    return (millionths < 0 ? "-" : "") + "\(millionths.magnitude / 1_000_000).\(fraction)"
  }

  private static func object(_ fields: [(String, String)]) -> String {
    "{" + fields.map { "\"\($0)\":\"\(escaped($1))\"" }.joined(separator: ",") + "}"
  }

  private static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": escaped += "\\\""
      case "\\": escaped += "\\\\"
      case "\n": escaped += "\\n"
      case "\t": escaped += "\\t"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  private static func table(
    _ events: [ModelEvent], _ name: String, _ separator: String, _ ending: String
  ) -> RenderedFile {
    var text = columns.joined(separator: separator) + "\n"
    for event in events {
      let fields = Dictionary(uniqueKeysWithValues: fields(event))
      text += columns.map { quoted(fields[$0] ?? "") }.joined(separator: separator) + "\n"
    }
    return RenderedFile(name: "\(name).\(ending)", bytes: Array(text.utf8))
  }

  private static func quoted(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { ",\t\n\"".unicodeScalars.contains($0) }) else {
      return text
    }
    return "\""
      + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
      + "\""
  }

  // MARK: Access logs

  /// The event as a hit, or nil where a log line cannot say it.
  private static func logLine(_ event: ModelEvent, _ random: inout PRNG) -> String? {
    guard let fields = hitFields[event.kind] else { return nil }
    var plain = event
    plain.isHead = false
    var sayable = ModelEvent()
    sayable.kind = event.kind
    sayable.campaign = event.campaign
    sayable.recipient = event.recipient
    for field in fields { sayable[keyPath: field] = plain[keyPath: field] }
    sayable.time = event.time
    if event.kind == "converted" { sayable.value = event.value }
    guard sayable == plain, event.time % 1000 == 0, event.time >= 0,
      let (path, status) = request(event, &random)
    else { return nil }
    let method = event.isHead ? "HEAD" : event.kind == "unsubscribed" ? "POST" : "GET"
    return "\(event.ip ?? "-") - - [\(ModelTime.logText(event.time))] "
      + "\"\(method) \(path) HTTP/1.1\" \(status) 43 \"-\" \"\(event.userAgent ?? "-")\""
  }

  private static var hitFields: [String: [WritableKeyPath<ModelEvent, String?>]] {
    [
      "opened": [\.send, \.variant, \.ip, \.userAgent],
      "clicked": [\.send, \.variant, \.ip, \.userAgent, \.link],
      "unsubscribed": [\.send, \.reason, \.ip, \.userAgent],
      "converted": [\.send, \.currency, \.ip, \.userAgent],
    ]
  }

  private static func request(
    _ event: ModelEvent, _ random: inout PRNG
  ) -> (path: String, status: Int)? {
    var path = "c=\(percent(event.campaign))&r=\(percent(event.recipient))"
    for (name, value) in [("s", event.send), ("v", event.variant), ("l", event.link)] {
      if let value { path += "&\(name)=\(percent(value))" }
    }
    switch event.kind {
    case "opened":
      if event.variant == nil, random.isHit(0.5) {
        let send = event.send.map { "/" + percent($0) } ?? ""
        return ("/o/\(percent(event.campaign))/\(percent(event.recipient))\(send).gif", 200)
      }
      return ("/o?" + path, random.pick([200, 204, 304]))
    case "clicked":
      guard event.link != nil else { return nil }
      return ("/c?" + path, random.pick([302, 301, 200]))
    case "unsubscribed":
      return ("/u?" + path + (event.reason.map { "&reason=\(percent($0))" } ?? ""), 200)
    default:
      if let value = event.value { path += "&value=\(decimal(value))" }
      return ("/v?" + path + (event.currency.map { "&currency=\($0)" } ?? ""), 200)
    }
  }

  private static func percent(_ text: String) -> String {
    text.utf8.map { byte in
      ASCII.isLetter(byte) || ASCII.isDigit(byte)
        ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }.joined()
  }

  // MARK: Attribute files

  private func attributeFiles(_ random: inout PRNG) -> [RenderedFile] {
    ["campaign", "recipient", "link"].compactMap { owner in
      let own = workload.attributes.filter { $0.owner == owner }
      guard !own.isEmpty else { return nil }
      var names: [String] = []
      var keys: [String] = []
      for attribute in own {
        if !names.contains(attribute.name) { names.append(attribute.name) }
        if !keys.contains(attribute.key) { keys.append(attribute.key) }
      }
      var text = ([owner] + names).joined(separator: ",") + "\n"
      for key in keys.shuffled(using: &random) {
        let cells = names.map { name in
          own.first { $0.key == key && $0.name == name }?.value ?? ""
        }
        text += ([key] + cells).map(WorkloadFiles.quoted).joined(separator: ",") + "\n"
      }
      return RenderedFile(name: "\(owner)s.csv", bytes: Array(text.utf8))
    }
  }
}
