// Cloudflare Logpush, dataset http_requests, as NDJSON. Operators choose fields and their order.

package import Base

/// Reads one flat JSON object a line, by Cloudflare's names.
package struct CloudflareParser: LineParser {
  private var hits: HitReader

  package init(routes: Routes) { hits = HitReader(routes) }

  package mutating func parse(_ line: ByteSlice, into event: inout Event) -> LineOutcome {
    let line = LogLine.trim(line)
    if let outcome = LogLine.outcomeWithoutReading(line) { return outcome }
    hits.scratch.reset()
    var fields = HitFields(none: hits.none)
    var members = JSONObjectReader(line, scratch: hits.scratch)
    while let (key, value) = members.next() {
      guard CloudflareParser.isWanted(key) else { continue }
      guard let text = HitFields.text(value) else { return .rejected(.malformed) }
      CloudflareParser.set(key, text, &fields)
    }
    guard !members.isMalformed, fields.isComplete else { return .rejected(.malformed) }
    return hits.read(fields, time: Timestamp.parse(fields.time), into: &event)
  }

  /// All wanted names begin with `Client` or `Edge`.
  @inline(__always)
  private static func isWanted(_ key: ByteSlice) -> Bool {
    switch key.count {
    case 8: key == "ClientIP"
    case 13: key == "ClientCountry"
    case 16: key == "ClientRequestURI"
    case 18: key == "EdgeStartTimestamp" || key == "EdgeResponseStatus"
    case 19: key == "ClientRequestMethod"
    case 22: key == "ClientRequestUserAgent"
    default: false
    }
  }

  @inline(__always)
  private static func set(_ key: ByteSlice, _ text: ByteSlice, _ fields: inout HitFields) {
    switch key.count {
    case 8: fields.address = text
    case 13: fields.country = text
    case 16: fields.target = text
    case 18:
      // `EdgeS...` or `EdgeR...`.
      if key.base[4] == UInt8(ascii: "S") { fields.time = text } else { fields.status = text }
    case 19: fields.method = text
    default: fields.agent = text
    }
  }
}
