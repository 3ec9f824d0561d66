// The access-log parsers once more, naively: arrays, splits and loops, straight from
// docs/formats/access-logs.md. It is the oracle of the fast ones.

import Base
import Ingest

typealias Bytes = [UInt8]

struct TwinEvent: Equatable {
  var time: Int64 = 0
  var kind = EventKind.sent
  var isHead = false
  var value: Int64?
  var address = NetworkAddress.none
  var fields: [String: Bytes] = [:]
}

enum TwinOutcome: Equatable {
  case event(TwinEvent)
  case ignored(IgnoreReason)
  case rejected(RejectReason)
}

/// What one line says before routes are looked at.
struct TwinHit {
  var time: Int64?
  var method: Bytes = []
  var target: Bytes = []
  var isBroken = false
  var status = 0
  var address: Bytes = []
  var agent: Bytes = []
  var country: Bytes = []
}

enum AccessLogTwin {
  static func parse(
    _ format: AccessLogFormat, _ line: Bytes, _ routes: [TwinRoute], columns: [String]
  ) -> TwinOutcome {
    var line = line
    if line.last == 13 { line.removeLast() }
    if line.count > 65_536 { return .rejected(.tooLong) }
    if line.isEmpty || line[0] == UInt8(ascii: "#") { return .ignored(.comment) }
    if format == .caddy, isOtherMessage(line) { return .ignored(.noRoute) }
    guard let hit = read(format, line, columns) else { return .rejected(.malformed) }
    guard let time = hit.time else { return .rejected(.time) }
    return RoutesTwin.decide(hit, time: time, routes)
  }

  private static func read(_ format: AccessLogFormat, _ line: Bytes, _ columns: [String])
    -> TwinHit?
  {
    switch format {
    case .common: combined(line, hasHost: false, hasAgent: false)
    case .combined: combined(line, hasHost: false, hasAgent: true)
    case .vhostCombined: combined(line, hasHost: true, hasAgent: true)
    case .loadBalancer: loadBalancer(line)
    case .cloudFront: cloudFront(line, columns)
    case .nginxJSON: nginx(line)
    case .cloudflare: cloudflare(line)
    case .caddy: caddy(line)
    }
  }

  // MARK: Quoted formats

  /// The positions of the quotes that no backslash escapes.
  static func quotes(_ line: Bytes) -> [Int] {
    var positions: [Int] = []
    var index = 0
    while index < line.count {
      if line[index] == UInt8(ascii: "\\") {
        index += 1
      } else if line[index] == UInt8(ascii: "\"") {
        positions.append(index)
      }
      index += 1
    }
    return positions
  }

  private static func combined(_ line: Bytes, hasHost: Bool, hasAgent: Bool) -> TwinHit? {
    let quotes = quotes(line)
    guard quotes.count >= (hasAgent ? 6 : 2), quotes[0] > 29 else { return nil }
    let head = Bytes(line[..<(quotes[0] - 29)])
    let time = Bytes(line[(quotes[0] - 29)..<quotes[0]])
    guard time[0] == UInt8(ascii: "["), time[27] == UInt8(ascii: "]"), time[28] == 32,
      head.last == 32
    else { return nil }
    let names = split(head, 32)
    guard names.count > (hasHost ? 4 : 3), !names[0].isEmpty, !hasHost || !names[1].isEmpty else {
      return nil
    }
    var hit = TwinHit()
    hit.address = names[hasHost ? 1 : 0]
    hit.time = TimestampTwin.common(Bytes(time[1..<27]))
    fill(&hit, request: Bytes(line[(quotes[0] + 1)..<quotes[1]]), isEscaped: true)
    let end = hasAgent ? quotes[2] : line.count
    let rest = split(Bytes(line[(quotes[1] + 1)..<end]), 32)
    guard rest.count >= 3, rest[0].isEmpty, let status = digits(rest[1], 3...3),
      rest[2] == Bytes("-".utf8) || digits(rest[2], 1...100_000) != nil
    else { return nil }
    hit.status = status
    guard hasAgent else { return hit }
    guard rest.count == 4, rest[3].isEmpty,
      Bytes(line[(quotes[3] + 1)..<quotes[4]]) == [32],
      quotes[5] + 1 == line.count || line[quotes[5] + 1] == 32
    else { return nil }
    hit.agent = unescapeLog(Bytes(line[(quotes[4] + 1)..<quotes[5]])).bytes
    return hit
  }

  private static func loadBalancer(_ line: Bytes) -> TwinHit? {
    let quotes = quotes(line)
    guard quotes.count >= 4 else { return nil }
    let cells = split(Bytes(line[..<quotes[0]]), 32)
    guard cells.count == 13, cells[12].isEmpty, !cells[..<12].contains([]),
      Bytes(line[(quotes[1] + 1)..<quotes[2]]) == [32],
      quotes[3] + 1 == line.count || line[quotes[3] + 1] == 32
    else { return nil }
    var hit = TwinHit()
    guard let status = cells[8] == Bytes("-".utf8) ? 0 : digits(cells[8], 3...3) else { return nil }
    hit.status = status
    hit.time = TimestampTwin.any(cells[1])
    hit.address = dropPort(cells[3])
    fill(&hit, request: Bytes(line[(quotes[0] + 1)..<quotes[1]]), isEscaped: true)
    hit.agent = unescapeLog(Bytes(line[(quotes[2] + 1)..<quotes[3]])).bytes
    return hit
  }

  private static func dropPort(_ client: Bytes) -> Bytes {
    if client == Bytes("-".utf8) { return [] }
    let host = Bytes(client[..<(client.lastIndex(of: 58) ?? client.count)])
    if host.count >= 2, host.first == UInt8(ascii: "["), host.last == UInt8(ascii: "]") {
      return Bytes(host[1..<(host.count - 1)])
    }
    return host
  }

  private static func fill(_ hit: inout TwinHit, request: Bytes, isEscaped: Bool) {
    let words = split(request, 32)
    hit.method = words[0]
    hit.target = words.count > 1 ? words[1] : []
    if isEscaped { (hit.target, hit.isBroken) = unescapeLog(hit.target) }
  }

  static func unescapeLog(_ raw: Bytes) -> (bytes: Bytes, isBroken: Bool) {
    let plain: [UInt8: UInt8] = [
      UInt8(ascii: "\""): 34, UInt8(ascii: "\\"): 92, UInt8(ascii: "b"): 8, UInt8(ascii: "t"): 9,
      UInt8(ascii: "n"): 10, UInt8(ascii: "v"): 11, UInt8(ascii: "f"): 12, UInt8(ascii: "r"): 13,
    ]
    var output: Bytes = []
    var isBroken = false
    var rest = raw[...]
    while let byte = rest.popFirst() {
      guard byte == 92 else {
        output.append(byte)
        continue
      }
      if rest.first == UInt8(ascii: "x"), let value = hex(rest.dropFirst().prefix(2)) {
        output.append(value)
        rest = rest.dropFirst(3)
      } else if let letter = rest.first, let value = plain[letter] {
        output.append(value)
        rest = rest.dropFirst()
      } else {
        output.append(byte)
        isBroken = true
      }
    }
    return (output, isBroken)
  }

  static func unescapePercent(_ raw: Bytes, plus: Bool) -> (bytes: Bytes, isBroken: Bool) {
    var output: Bytes = []
    var isBroken = false
    var rest = raw[...]
    while let byte = rest.popFirst() {
      if byte == 37, let value = hex(rest.prefix(2)) {
        output.append(value)
        rest = rest.dropFirst(2)
      } else {
        isBroken = isBroken || byte == 37
        output.append(byte == 43 && plus ? 32 : byte)
      }
    }
    return (output, isBroken)
  }

  private static func hex(_ digits: ArraySlice<UInt8>) -> UInt8? {
    let letters = Bytes("0123456789abcdef".utf8)
    guard digits.count == 2,
      let high = letters.firstIndex(of: lower(digits.first ?? 0)),
      let low = letters.firstIndex(of: lower(digits.last ?? 0))
    else { return nil }
    return UInt8(high * 16 + low)
  }

  private static func lower(_ byte: UInt8) -> UInt8 { (65...90).contains(byte) ? byte + 32 : byte }

  static func digits(_ text: Bytes, _ counts: ClosedRange<Int>) -> Int? {
    guard counts.contains(text.count), text.allSatisfy({ (48...57).contains($0) }) else {
      return nil
    }
    return Int(String(decoding: text.suffix(9), as: UTF8.self))
  }

  static func split(_ text: Bytes, _ separator: UInt8) -> [Bytes] {
    text.split(separator: separator, omittingEmptySubsequences: false).map(Bytes.init)
  }

  // MARK: CloudFront

  private static func cloudFront(_ line: Bytes, _ columns: [String]) -> TwinHit? {
    let cells = split(line, 9)
    guard cells.count >= columns.count else { return nil }
    func cell(_ name: String) -> Bytes? {
      columns.lastIndex(of: name).map { cells[$0] }
    }
    func optional(_ name: String) -> Bytes {
      let cell = cell(name) ?? []
      return cell == Bytes("-".utf8) ? [] : cell
    }
    guard let date = cell("date"), let clock = cell("time"), let method = cell("cs-method"),
      let stem = cell("cs-uri-stem"), let status = cell("sc-status").flatMap({ digits($0, 3...3) })
    else { return nil }
    var hit = TwinHit(method: method, status: status, address: optional("c-ip"))
    hit.time = TimestampTwin.dateAndClock(date, clock)
    let query = optional("cs-uri-query")
    (hit.target, hit.isBroken) = unescapePercent(
      query.isEmpty ? stem : stem + Bytes("?".utf8) + query, plus: false)
    hit.agent = unescapePercent(optional("cs(User-Agent)"), plus: false).bytes
    if String(decoding: hit.agent, as: UTF8.self).contains("%20") {
      hit.agent = unescapePercent(hit.agent, plus: false).bytes
    }
    return hit
  }

  // MARK: JSON

  private static func nginx(_ line: Bytes) -> TwinHit? {
    let places: [String: String] = [
      "time": "time", "msec": "time", "time_iso8601": "time", "timestamp": "time",
      "@timestamp": "time", "ts": "time", "time_local": "local", "remote_addr": "address",
      "client_ip": "address", "remote_ip": "address", "ip": "address", "method": "method",
      "request_method": "method", "uri": "target", "request_uri": "target", "url": "target",
      "request": "request", "status": "status", "status_code": "status", "user_agent": "agent",
      "http_user_agent": "agent", "agent": "agent",
    ]
    guard let members = JSONTwin.members(line) else { return nil }
    var values: [String: Bytes] = [:]
    var isLocal = false
    for (key, value) in members {
      guard let name = String(validating: key, as: UTF8.self), let place = places[name] else {
        continue
      }
      guard let text = value.text else { return nil }
      values[place == "local" ? "time" : place] = text
      if place == "time" || place == "local" { isLocal = place == "local" }
    }
    let hasPair = values["method"] != nil && values["target"] != nil
    guard hasPair || values["request"] != nil else { return nil }
    return flat(values, isLocal: isLocal, mayLackRequest: true)
  }

  private static func cloudflare(_ line: Bytes) -> TwinHit? {
    let places: [String: String] = [
      "ClientIP": "address", "ClientCountry": "country", "ClientRequestURI": "target",
      "EdgeStartTimestamp": "time", "EdgeResponseStatus": "status", "ClientRequestMethod": "method",
      "ClientRequestUserAgent": "agent",
    ]
    guard let members = JSONTwin.members(line) else { return nil }
    var values: [String: Bytes] = [:]
    for (key, value) in members {
      guard let name = String(validating: key, as: UTF8.self), let place = places[name] else {
        continue
      }
      guard let text = value.text else { return nil }
      values[place] = text
    }
    return flat(values, isLocal: false)
  }

  private static func flat(
    _ values: [String: Bytes], isLocal: Bool, mayLackRequest: Bool = false
  ) -> TwinHit? {
    func value(_ name: String) -> Bytes { values[name] ?? [] }
    guard !value("time").isEmpty, let status = digits(value("status"), 1...3) else { return nil }
    var hit = TwinHit(status: status)
    if value("method").isEmpty || value("target").isEmpty {
      guard mayLackRequest || !value("request").isEmpty else { return nil }
      fill(&hit, request: value("request"), isEscaped: false)
    } else {
      hit.method = value("method")
      hit.target = value("target")
    }
    hit.time = isLocal ? TimestampTwin.common(value("time")) : TimestampTwin.any(value("time"))
    hit.address = value("address") == Bytes("-".utf8) ? [] : value("address")
    hit.agent = value("agent")
    hit.country = value("country")
    return hit
  }

  /// A message of Caddy that is about no request.
  private static func isOtherMessage(_ line: Bytes) -> Bool {
    guard let members = JSONTwin.members(line) else { return false }
    let values = Dictionary(members.map { (String(decoding: $0.0, as: UTF8.self), $0.1) }) { $1 }
    // Every member that is looked at must have the right type, the last of two counts.
    for (key, value) in members {
      switch String(decoding: key, as: UTF8.self) {
      case "ts", "msg", "status":
        guard value.text != nil else { return false }
      case "request":
        guard case .object = value else { return false }
      default: break
      }
    }
    if let message = values["msg"]?.text, message != Bytes("handled request".utf8) { return true }
    return values["request"] == nil && values["level"] != nil
      && values["ts"]?.text?.isEmpty == false
  }

  private static func caddy(_ line: Bytes) -> TwinHit? {
    guard let members = JSONTwin.members(line) else { return nil }
    var values: [String: Bytes] = [:]
    var request: Bytes?
    for (key, value) in members {
      switch String(decoding: key, as: UTF8.self) {
      case "ts":
        guard let text = value.text else { return nil }
        values["time"] = text
      case "status":
        guard let text = value.text else { return nil }
        values["status"] = text
      case "msg":
        guard value.text != nil else { return nil }
      case "request":
        guard case .object(let text) = value else { return nil }
        request = text
      default: break
      }
    }
    guard let request, let inner = JSONTwin.members(request) else { return nil }
    var client: Bytes = []
    for (key, value) in inner {
      switch String(decoding: key, as: UTF8.self) {
      case "uri": values["target"] = value.text ?? []
      case "method": values["method"] = value.text ?? []
      case "client_ip": client = value.text ?? []
      case "remote_ip": values["address"] = value.text ?? []
      case "headers":
        guard case .object(let text) = value, let headers = JSONTwin.members(text) else {
          return nil
        }
        for (name, value) in headers where name == Bytes("User-Agent".utf8) {
          guard case .array(let text) = value else { return nil }
          switch JSONTwin.firstElement(text) {
          case .malformed: return nil
          case .none: break
          case .value(let element):
            guard let agent = element.text else { return nil }
            values["agent"] = agent
          }
        }
      default: break
      }
    }
    if !client.isEmpty { values["address"] = client }
    return flat(values, isLocal: false)
  }
}
