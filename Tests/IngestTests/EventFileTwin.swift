// Events as dictionaries of text: written as JSON, CSV or TSV, and read by rules spelled out
// plainly.

import Base
import Ingest

/// What a parser made of one line, with copies of everything.
enum EventFileOutcome: Equatable {
  case event([String: String])
  case other(LineOutcome)

  /// Only fields that differ from a blank event are named.
  init(_ outcome: LineOutcome, _ event: Event) {
    guard outcome == .event else {
      self = .other(outcome)
      return
    }
    let texts: [(String, ByteSlice)] = [
      ("campaign", event.campaign), ("recipient", event.recipient), ("send", event.send),
      ("variant", event.variant), ("template", event.template), ("sender", event.sender),
      ("subject", event.subject), ("domain", event.domain), ("link", event.link),
      ("url", event.url), ("position", event.position), ("country", event.country),
      ("user_agent", event.userAgent), ("code", event.code), ("reason", event.reason),
      ("currency", event.currency), ("id", event.id),
    ]
    var fields = ["time": "\(event.time)", "kind": "\(event.kind.name)"]
    for (name, text) in texts where !text.isEmpty { fields[name] = text.text }
    if event.tracked != .unstated { fields["tracked"] = "\(event.tracked)" }
    if event.bounceClass != .unspecified { fields["bounce_class"] = "\(event.bounceClass)" }
    if event.hasValue { fields["value"] = "\(event.valueMicros)" }
    if let sentAt = event.sentAt { fields["sent_at"] = "\(sentAt)" }
    if !event.address.isNone { fields["ip"] = "\(event.address.high):\(event.address.low)" }
    self = .event(fields)
  }
}

/// One record: the values of its columns, in the order of `EventFileTwin.columns`.
struct EventFileTwin {
  static let columns = [
    "time", "kind", "campaign", "recipient", "send", "variant", "template", "sender", "subject",
    "tracked", "sent_at", "domain", "link", "url", "position", "ip", "country", "user_agent",
    "bounce_class", "code", "reason", "value", "currency", "id", "unheard_of",
  ]
  private static let texts = [
    "", "a", "spring", "ann@example.com", "a,b", "say \"hi\"", "two\nlines", "tab\there",
    "é\u{1F600}",
    "back\\slash", " padded ", "null", "7",
  ]

  var values: [String]

  init(_ random: inout PRNG) {
    values = EventFileTwin.columns.map { name in
      if random.isHit(0.4) && !["time", "kind", "campaign", "recipient"].contains(name) {
        return ""
      }
      switch name {
      case "time", "sent_at":
        return random.pick(["2026-03-14T09:12:01Z", "1773479521", "1773479521123", "soon"])
      case "kind": return "\(random.pick(EventKind.allCases).name)"
      case "tracked": return random.pick(["yes", "No", "true", "FALSE", "1", "0", "perhaps"])
      case "bounce_class": return random.pick(["hard", "Soft", "BLOCK", "unknown", "softish"])
      case "value": return random.pick(["1", "-2.5", "0.000001", "19.90", "much"])
      case "ip": return random.pick(["192.0.2.1", "2001:db8::1", "unknown"])
      default: return random.pick(EventFileTwin.texts)
      }
    }
  }

  /// The outcome, column by column; the first column that cannot be read decides.
  var expected: EventFileOutcome {
    var fields: [String: String] = [:]
    for (name, value) in zip(EventFileTwin.columns, values) where !value.isEmpty {
      switch EventFileTwin.interpret(name, value) {
      case .success(let text): fields[name] = text
      case .failure(let rejection): return .other(.rejected(rejection.reason))
      }
    }
    if fields["campaign"] == nil || fields["recipient"] == nil {
      return .other(.rejected(.missingKey))
    }
    return .event(fields)
  }

  private struct Rejection: Error {
    let reason: RejectReason
  }

  private static func interpret(_ name: String, _ value: String) -> Result<String?, Rejection> {
    let times = [
      "2026-03-14T09:12:01Z": "1773479521000", "1773479521": "1773479521000",
      "1773479521123": "1773479521123",
    ]
    let numbers = ["1": "1000000", "-2.5": "-2500000", "0.000001": "1", "19.90": "19900000"]
    let tracked = [
      "yes": "yes", "true": "yes", "1": "yes", "no": "no", "false": "no", "0": "no",
    ]
    let addresses = ["192.0.2.1": "0:281473902969345", "2001:db8::1": "2306139568115548160:1"]
    let classes = ["hard": "hard", "soft": "soft", "block": "block", "unknown": "unknown"]
    switch name {
    case "time", "sent_at": return look(value, times, .time)
    case "value": return look(value, numbers, .number)
    case "tracked": return look(value.lowercased(), tracked, .malformed)
    case "bounce_class": return look(value.lowercased(), classes, .malformed)
    case "ip": return .success(addresses[value])
    case "unheard_of": return .success(nil)
    default: return .success(value)
    }
  }

  private static func look(
    _ value: String, _ table: [String: String], _ reason: RejectReason
  ) -> Result<String?, Rejection> {
    table[value].map { .success($0) } ?? .failure(Rejection(reason: reason))
  }

  func json(_ random: inout PRNG) -> String {
    let members = zip(EventFileTwin.columns, values).compactMap { name, value -> String? in
      if value.isEmpty { return random.pick([nil, "\"\(name)\":null", "\"\(name)\":\"\""]) }
      let isNumber = !value.isEmpty && value.allSatisfy { $0.isNumber }
      if isNumber && random.isHit(0.5) { return "\"\(name)\": \(value)" }
      if value == "true" && random.isHit(0.5) { return "\"\(name)\":true" }
      return "\"\(name)\" : \(EventFileTwin.quoteJSON(value))"
    }
    return "{\(members.joined(separator: ","))}"
  }

  func delimited(_ separator: String, _ random: inout PRNG) -> String {
    values.map { value in
      let needsQuotes = value.contains { "\"\n\r".contains($0) || String($0) == separator }
      guard needsQuotes || random.isHit(0.2) else { return value }
      return "\""
        + value.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
        + "\""
    }.joined(separator: separator)
  }

  private static func quoteJSON(_ value: String) -> String {
    var text = "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\t": text += "\\u0009"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text + "\""
  }
}
