// Routes once more, naively: a list of patterns that are split at slashes for every request.

import Base
import Glibc
import Ingest

struct TwinRoute {
  var kind: EventKind
  var methods: [String]
  var statuses: [ClosedRange<Int>]
  /// The path as in a routes file.
  var path: String
  var keys: [String: String] = [:]
  var constants: [String: String] = [:]
  var takesAddress = false
}

enum RoutesTwin {
  static let opens = [200...299, 304...304]
  static let clicks = [200...399]

  static let standard = [
    TwinRoute(
      kind: .opened, methods: ["GET", "HEAD"], statuses: opens, path: "/o",
      keys: ["c": "campaign", "r": "recipient", "s": "send", "v": "variant"]),
    TwinRoute(
      kind: .opened, methods: ["GET", "HEAD"], statuses: opens,
      path: "/o/{campaign}/{recipient}.gif"),
    TwinRoute(
      kind: .opened, methods: ["GET", "HEAD"], statuses: opens,
      path: "/o/{campaign}/{recipient}/{send}.gif"),
    TwinRoute(
      kind: .clicked, methods: ["GET", "HEAD"], statuses: clicks, path: "/c",
      keys: ["c": "campaign", "r": "recipient", "l": "link", "s": "send", "v": "variant"]),
    TwinRoute(
      kind: .clicked, methods: ["GET", "HEAD"], statuses: clicks,
      path: "/c/{campaign}/{recipient}/{link}"),
    TwinRoute(
      kind: .unsubscribed, methods: ["POST"], statuses: [200...299], path: "/u",
      keys: ["c": "campaign", "r": "recipient", "s": "send", "reason": "reason"]),
    TwinRoute(
      kind: .converted, methods: ["GET"], statuses: opens, path: "/v",
      keys: [
        "c": "campaign", "r": "recipient", "s": "send", "value": "value", "currency": "currency",
      ]),
  ]

  static func decide(_ hit: TwinHit, time: Int64, _ routes: [TwinRoute]) -> TwinOutcome {
    guard let (path, query) = pathAndQuery(hit.target) else { return .ignored(.noRoute) }
    var sawPath = false
    for route in routes {
      guard let captures = match(route.path, path) else { continue }
      sawPath = true
      guard route.methods.map({ Bytes($0.utf8) }).contains(hit.method) else { continue }
      guard route.statuses.contains(where: { $0.contains(hit.status) }) else {
        return .ignored(.status)
      }
      guard !hit.isBroken else { return .rejected(.escape) }
      return event(hit, time, route, captures, query)
    }
    return .ignored(sawPath ? .method : .noRoute)
  }

  private static func event(
    _ hit: TwinHit, _ time: Int64, _ route: TwinRoute, _ captures: [String: Bytes], _ query: Bytes?
  ) -> TwinOutcome {
    var fields: [String: Bytes] = [:]
    for (name, raw) in captures {
      let (text, isBroken) = AccessLogTwin.unescapePercent(raw, plus: false)
      if isBroken { return .rejected(.escape) }
      fields[name] = text
    }
    var seen: Set<String> = Set(captures.keys)
    for pair in query.map({ AccessLogTwin.split($0, 38) }) ?? [] {
      let parts = pair.split(separator: 61, maxSplits: 1, omittingEmptySubsequences: false)
      var key = parts.first.map(Bytes.init) ?? []
      if key.starts(with: Bytes("amp;".utf8)) { key.removeFirst(4) }
      guard let name = String(validating: key, as: UTF8.self), let field = route.keys[name],
        seen.insert(field).inserted
      else { continue }
      let (text, isBroken) = AccessLogTwin.unescapePercent(
        parts.count > 1 ? Bytes(parts[1]) : [], plus: true)
      if isBroken { return .rejected(.escape) }
      fields[field] = text
    }
    for (name, text) in route.constants { fields[name] = Bytes(text.utf8) }
    if route.takesAddress { fields["recipient"] = hit.address }
    return finish(hit, time, route, fields.filter { !$0.value.isEmpty })
  }

  private static func finish(
    _ hit: TwinHit, _ time: Int64, _ route: TwinRoute, _ found: [String: Bytes]
  ) -> TwinOutcome {
    var fields = found
    let needsLink =
      route.kind == .clicked && (route.path.contains("{link") || route.keys.values.contains("link"))
    for name in ["campaign", "recipient"] + (needsLink ? ["link"] : []) where fields[name] == nil {
      return .rejected(.missingKey)
    }
    var event = TwinEvent(time: time, kind: route.kind, isHead: hit.method == Bytes("HEAD".utf8))
    if let text = fields["value"] {
      guard let micros = micros(text) else { return .rejected(.number) }
      event.value = micros
    }
    if hit.agent != Bytes("-".utf8), !hit.agent.isEmpty { fields["userAgent"] = hit.agent }
    if !hit.country.isEmpty { fields["country"] = hit.country }
    if fields.values.contains(where: { $0.count > 8192 }) { return .rejected(.fieldTooLong) }
    fields["value"] = nil
    event.fields = fields
    event.address = address(hit.address)
    return .event(event)
  }

  /// Path and query of a target; nil if it has no path.
  private static func pathAndQuery(_ target: Bytes) -> (Bytes, Bytes?)? {
    var rest = target[...]
    for scheme in ["http://", "https://"] where rest.starts(with: Bytes(scheme.utf8)) {
      rest = rest.dropFirst(scheme.utf8.count).drop { $0 != 47 && $0 != 63 }
    }
    guard rest.first == 47 else { return nil }
    let parts = rest.split(separator: 63, maxSplits: 1, omittingEmptySubsequences: false)
    return (Bytes(parts[0]), parts.count > 1 ? Bytes(parts[1]) : nil)
  }

  /// The captures, if the path fits the pattern.
  private static func match(_ pattern: String, _ path: Bytes) -> [String: Bytes]? {
    let wanted = pattern.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
    var given = AccessLogTwin.split(Bytes(path.dropFirst()), 47)
    if wanted[wanted.count - 1].contains("*"), given.count > wanted.count {
      let tail = given[(wanted.count - 1)...].joined(separator: [47])
      given = Array(given[..<(wanted.count - 1)]) + [Bytes(tail)]
    }
    guard wanted.count == given.count else { return nil }
    var captures: [String: Bytes] = [:]
    for (text, segment) in zip(wanted, given) {
      guard let open = text.firstIndex(where: { "{*".contains($0) }) else {
        guard Bytes(text.utf8) == segment else { return nil }
        continue
      }
      let close = text.firstIndex(of: "}") ?? open
      let prefix = Bytes(text[..<open].utf8)
      let suffix = Bytes(text[text.index(after: close)...].utf8)
      guard segment.count >= prefix.count + suffix.count, segment.starts(with: prefix),
        segment.suffix(suffix.count) == suffix[...]
      else { return nil }
      let name = text[open..<close].filter { $0 != "{" && $0 != "*" }
      if !name.isEmpty, name != "_" {
        captures[name] = Bytes(segment.dropFirst(prefix.count).dropLast(suffix.count))
      }
    }
    return captures
  }

  static func address(_ text: Bytes) -> NetworkAddress {
    guard !text.contains(0) else { return .none }
    let string = String(decoding: text, as: UTF8.self)
    var four = in_addr()
    if inet_pton(AF_INET, string, &four) == 1 {
      return NetworkAddress(ipv4: UInt32(bigEndian: four.s_addr))
    }
    var six = in6_addr()
    guard inet_pton(AF_INET6, string, &six) == 1 else { return .none }
    return withUnsafeBytes(of: &six) { bytes in
      NetworkAddress(
        high: UInt64(bigEndian: bytes.load(as: UInt64.self)),
        low: UInt64(bigEndian: bytes.load(fromByteOffset: 8, as: UInt64.self)))
    }
  }

  /// A decimal number in millionths, by way of 128-bit integers.
  static func micros(_ text: Bytes) -> Int64? {
    var digits = text[...]
    let sign = digits.first == 45 ? -1 : 1
    if digits.first == 45 || digits.first == 43 { digits = digits.dropFirst() }
    let parts = digits.split(separator: 46, omittingEmptySubsequences: false)
    guard parts.count <= 2, digits.contains(where: { $0 != 46 }),
      digits.allSatisfy({ $0 == 46 || (48...57).contains($0) })
    else { return nil }
    let fraction = (parts.count == 2 ? Bytes(parts[1]) : []) + Bytes("0000000".utf8)
    let whole = String(decoding: Bytes(parts[0]) + fraction.prefix(7), as: UTF8.self)
    guard let tenths = Int128(whole) else { return nil }
    let micros = (tenths + 5) / 10
    return micros <= Int128(Int64.max) ? Int64(micros) * Int64(sign) : nil
  }
}
