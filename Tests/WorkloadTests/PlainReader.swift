// Reads a generated folder by the sentences of docs/SEMANTICS.md, with dictionaries and strings and no cleverness,
// and shares no code with the generator. Combined logs only.

import Base
import Workload

struct PlainEvent {
  var kind = ""
  var key: [String] = []
  /// As its file spells it; within the outcomes file this orders like time.
  var time = ""
  var isMachine = false
  var bounceClass = ""
  var valueMicros = 0
  var id: String?
  var tracked: String?
}

struct PlainReader {
  private(set) var truth = Truth()
  private(set) var events: [PlainEvent] = []
  private var seen: Set<[String]> = []

  mutating func read(_ folder: WorkloadFolder) throws {
    for name in folder.names("logs") {
      truth.logFileCount += 1
      truth.logBytes += try folder.bytes("logs/" + name).count
      for line in try folder.lines("logs/" + name) { readLogLine(line) }
    }
    for name in ["sends.ndjson", "outcomes.ndjson"] {
      for line in try folder.lines(name) { try readRecord(line) }
    }
  }

  private mutating func readLogLine(_ line: [UInt8]) {
    truth.logLines += 1
    guard !line.isEmpty else { return truth.ignored.comment += 1 }
    let text = String(decoding: line, as: UTF8.self)
    let parts = text.split(separator: "\"", omittingEmptySubsequences: false).map(String.init)
    // before, request, status and size, referer, space, user agent, end.
    guard parts.count == 7, parts[2].split(separator: " ").count == 2, parts[0].hasSuffix("] "),
      !parts[0].contains("/Foo/"), let status = Int(parts[2].split(separator: " ")[0])
    else { return truth.rejected += 1 }
    let request = parts[1].split(separator: " ").map(String.init)
    guard request.count == 3 else { return truth.ignored.noRoute += 1 }
    let target = PlainText.unescapeLog(request[1])
    guard let route = PlainRoute(target) else { return truth.ignored.noRoute += 1 }
    guard route.allows(request[0]) else { return truth.ignored.method += 1 }
    guard route.counts(status) else { return truth.ignored.status += 1 }
    guard let campaign = route.field("c"), let recipient = route.field("r"), !route.isBroken else {
      return truth.rejected += 1
    }
    var event = PlainEvent(kind: route.kind, key: [campaign, recipient, route.field("s") ?? ""])
    event.isMachine = request[0] == "HEAD" || PlainText.isMachine(parts[5])
    event.valueMicros = PlainText.micros(route.field("value"))
    if let kind = PlainText.kind(route.kind) { truth.hits[kind] += 1 }
    keep(event)
  }

  private mutating func readRecord(_ line: [UInt8]) throws {
    guard let fields = FlatJSON.fields(line), let kind = fields["kind"], let time = fields["time"],
      let campaign = fields["campaign"], let recipient = fields["recipient"]
    else { throw ReadFailure(path: String(decoding: line, as: UTF8.self)) }
    var event = PlainEvent(
      kind: kind, key: [campaign, recipient, fields["send"] ?? ""], time: time)
    event.id = fields["id"]
    event.tracked = fields["tracked"]
    event.valueMicros = PlainText.micros(fields["value"])
    if kind == "bounced" {
      event.bounceClass = fields["bounce_class"] ?? PlainText.bounceClass(fields["code"] ?? "")
    }
    keep(event)
  }

  /// Adds the event unless it repeats one with the same message, kind and id.
  private mutating func keep(_ event: PlainEvent) {
    if let id = event.id, !seen.insert(event.key + [event.kind, id]).inserted {
      return truth.repeats += 1
    }
    if let kind = PlainText.kind(event.kind) { truth.events[kind] += 1 }
    events.append(event)
  }
}
