// nginx with a JSON log_format, and whoever writes flat objects with the same names.

package import Base

/// Reads one flat JSON object a line.
package struct NginxJSONParser: LineParser {
  private var clock = ClockCache()
  private var hits: HitReader

  package init(routes: Routes) { hits = HitReader(routes) }

  package mutating func parse(_ line: ByteSlice, into event: inout Event) -> LineOutcome {
    let line = LogLine.trim(line)
    if let outcome = LogLine.outcomeWithoutReading(line) { return outcome }
    hits.scratch.reset()
    var fields = HitFields(none: hits.none)
    var isLocalTime = false
    var hasMethod = false
    var hasTarget = false
    var hasRequest = false
    var members = JSONObjectReader(line, scratch: hits.scratch)
    while let (key, value) = members.next() {
      guard let place = NginxJSONParser.place(of: key) else { continue }
      guard let text = HitFields.text(value) else { return .rejected(.malformed) }
      switch place {
      case .time, .localTime:
        fields.time = text
        isLocalTime = place == .localTime
      case .address: fields.address = text
      case .method:
        fields.method = text
        hasMethod = true
      case .target:
        fields.target = text
        hasTarget = true
      case .request:
        fields.request = text
        hasRequest = true
      case .status: fields.status = text
      case .agent: fields.agent = text
      }
    }
    // Of bytes that were no request, a TLS handshake say, nginx logs an empty method and target.
    let isComplete = !fields.time.isEmpty && !fields.status.isEmpty
    guard !members.isMalformed, isComplete, hasMethod && hasTarget || hasRequest else {
      return .rejected(.malformed)
    }
    let time = isLocalTime ? localTime(fields.time) : Timestamp.parse(fields.time)
    return hits.read(fields, time: time, into: &event)
  }

  private mutating func localTime(_ text: ByteSlice) -> Int64? {
    // SAFETY: the cache reads as many bytes as the text has.
    text.count == ClockCache.byteCount ? clock.parse(text.base) : nil
  }

  private enum Place {
    case time
    case localTime
    case address
    case method
    case target
    case request
    case status
    case agent
  }

  /// The field that a key names; by its length first, since most keys differ in that.
  private static func place(of key: ByteSlice) -> Place? {
    switch key.count {
    case 2: key == "ip" ? .address : key == "ts" ? .time : nil
    case 3: key == "uri" || key == "url" ? .target : nil
    case 4: key == "time" || key == "msec" ? .time : nil
    case 5: key == "agent" ? .agent : nil
    case 6: key == "status" ? .status : key == "method" ? .method : nil
    case 7: key == "request" ? .request : nil
    case 9: key == "client_ip" || key == "remote_ip" ? .address : key == "timestamp" ? .time : nil
    case 10: tenLetters(key)
    case 11:
      key == "remote_addr"
        ? .address
        : key == "request_uri"
          ? .target
          : key == "status_code" ? .status : nil
    case 12: key == "time_iso8601" ? .time : nil
    case 14: key == "request_method" ? .method : nil
    case 15: key == "http_user_agent" ? .agent : nil
    default: nil
    }
  }

  private static func tenLetters(_ key: ByteSlice) -> Place? {
    if key == "user_agent" { return .agent }
    if key == "time_local" { return .localTime }
    return key == "@timestamp" ? .time : nil
  }
}
