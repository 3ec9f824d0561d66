// Caddy's JSON access log: the request is a nested object, and so are its headers.

package import Base

/// Reads Caddy's entries; its other messages are ignored.
package struct CaddyJSONParser: LineParser {
  private var hits: HitReader

  package init(routes: Routes) { hits = HitReader(routes) }

  package mutating func parse(_ line: ByteSlice, into event: inout Event) -> LineOutcome {
    let line = LogLine.trim(line)
    if let outcome = LogLine.outcomeWithoutReading(line) { return outcome }
    hits.scratch.reset()
    var entry = Entry(none: hits.none)
    guard entry.read(line, hits.scratch) else { return .rejected(.malformed) }
    if !entry.isHandledRequest { return .ignored(.noRoute) }
    guard let request = entry.request else {
      return entry.hasLevel && !entry.fields.time.isEmpty
        ? .ignored(.noRoute) : .rejected(.malformed)
    }
    guard entry.readRequest(request, hits.scratch), entry.fields.isComplete else {
      return .rejected(.malformed)
    }
    return hits.read(entry.fields, time: Timestamp.parse(entry.fields.time), into: &event)
  }
}

/// One entry while it is taken apart.
private struct Entry {
  var fields: HitFields
  var request: ByteSlice?
  var hasLevel = false
  var isHandledRequest = true
  private var clientAddress: ByteSlice
  private var remoteAddress: ByteSlice

  init(none: ByteSlice) {
    fields = HitFields(none: none)
    clientAddress = none
    remoteAddress = none
  }

  /// The top level; false if it is no object of the expected kind.
  mutating func read(_ line: ByteSlice, _ scratch: LineScratch) -> Bool {
    var members = JSONObjectReader(line, scratch: scratch)
    while let (key, value) = members.next() {
      switch key.count {
      case 2 where key == "ts":
        guard let text = HitFields.text(value) else { return false }
        fields.time = text
      case 3 where key == "msg":
        guard let text = HitFields.text(value) else { return false }
        isHandledRequest = text == "handled request"
      case 5 where key == "level": hasLevel = true
      case 6 where key == "status":
        guard let text = HitFields.text(value) else { return false }
        fields.status = text
      case 7 where key == "request":
        guard case .object(let text) = value else { return false }
        request = text
      default: break
      }
    }
    return !members.isMalformed
  }

  /// The nested request.
  mutating func readRequest(_ text: ByteSlice, _ scratch: LineScratch) -> Bool {
    var members = JSONObjectReader(text, scratch: scratch)
    while let (key, value) = members.next() {
      switch key.count {
      case 3 where key == "uri": fields.target = HitFields.text(value) ?? .empty
      case 6 where key == "method": fields.method = HitFields.text(value) ?? .empty
      case 7 where key == "headers":
        guard case .object(let headers) = value, readHeaders(headers, scratch) else { return false }
      case 9 where key == "client_ip": clientAddress = HitFields.text(value) ?? .empty
      case 9 where key == "remote_ip": remoteAddress = HitFields.text(value) ?? .empty
      default: break
      }
    }
    fields.address = clientAddress.isEmpty ? remoteAddress : clientAddress
    return !members.isMalformed
  }

  /// The user agent is the first element of its array.
  private mutating func readHeaders(_ text: ByteSlice, _ scratch: LineScratch) -> Bool {
    var members = JSONObjectReader(text, scratch: scratch)
    while let (key, value) = members.next() {
      guard key == "User-Agent" else { continue }
      guard case .array(let values) = value else { return false }
      var elements = JSONArrayReader(values, scratch: scratch)
      guard let element = elements.next() else {
        if elements.isMalformed { return false }
        continue
      }
      guard let agent = HitFields.text(element) else { return false }
      fields.agent = agent
    }
    return !members.isMalformed
  }
}
