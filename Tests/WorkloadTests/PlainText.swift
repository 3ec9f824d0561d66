// The small readings PlainReader needs: routes, escapes, classes and numbers, each the obvious way.

import Base

struct PlainRoute {
  let kind: String
  private(set) var isBroken = false
  private var fields: [String: String] = [:]

  /// Nil if the target is none of the default routes.
  init?(_ target: [UInt8]) {
    let question = target.firstIndex(of: ASCII.questionMark) ?? target.count
    let path = target[..<question].split(separator: ASCII.slash).map { Array($0) }
    let names = ["o": "opened", "c": "clicked", "u": "unsubscribed", "v": "converted"]
    guard target.first == ASCII.slash, let verb = path.first,
      let kind = names[String(decoding: verb, as: UTF8.self)]
    else { return nil }
    self.kind = kind
    if path.count > 1 {
      takePath(path)
    } else {
      takeQuery(Array(target[question...].dropFirst()))
    }
  }

  private mutating func takePath(_ path: [[UInt8]]) {
    let keys = kind == "clicked" ? ["c", "r", "l"] : ["c", "r", "s"]
    for (key, part) in zip(keys, path.dropFirst()) {
      let isLast = part == path.last
      set(key, kind == "opened" && isLast ? Array(part.dropLast(".gif".utf8.count)) : part)
    }
  }

  private mutating func takeQuery(_ query: [UInt8]) {
    for pair in query.split(separator: ASCII.ampersand) {
      let name = pair.prefix { $0 != ASCII.equals }
      let value = pair.dropFirst(name.count + 1).map { $0 == ASCII.plus ? ASCII.space : $0 }
      set(String(decoding: name, as: UTF8.self), value)
    }
  }

  private mutating func set(_ key: String, _ raw: [UInt8]) {
    guard let decoded = PlainText.percentDecode(raw) else { return isBroken = true }
    if !decoded.isEmpty { fields[key] = String(decoding: decoded, as: UTF8.self) }
  }

  func field(_ key: String) -> String? { isBroken ? "broken" : fields[key] }

  func allows(_ method: String) -> Bool {
    switch kind {
    case "unsubscribed": method == "POST"
    case "converted": method == "GET"
    default: method == "GET" || method == "HEAD"
    }
  }

  func counts(_ status: Int) -> Bool {
    switch kind {
    case "clicked": (200...399).contains(status)
    case "unsubscribed": (200...299).contains(status)
    default: (200...299).contains(status) || status == 304
    }
  }
}

enum PlainText {
  /// nginx's `\xHH`.
  static func unescapeLog(_ text: String) -> [UInt8] { unescape(Array(text.utf8), "\\x") ?? [] }

  static func percentDecode(_ bytes: [UInt8]) -> [UInt8]? { unescape(bytes, "%") }

  /// Turns every `mark` and two hexadecimal digits into a byte; nil if the digits are none.
  private static func unescape(_ bytes: [UInt8], _ mark: String) -> [UInt8]? {
    var result: [UInt8] = []
    var rest = bytes[...]
    while let first = rest.first {
      guard rest.starts(with: mark.utf8) else {
        result.append(first)
        rest = rest.dropFirst()
        continue
      }
      let digits = String(decoding: rest.dropFirst(mark.utf8.count).prefix(2), as: UTF8.self)
      guard digits.utf8.count == 2, let byte = UInt8(digits, radix: 16) else { return nil }
      result.append(byte)
      rest = rest.dropFirst(mark.utf8.count + 2)
    }
    return result
  }

  static func isMachine(_ userAgent: String) -> Bool {
    let tokens = [
      "Barracuda Sentinel", "Mimecast-URL", "Proofpoint URL Defense", "SafeLinks", "Symantec",
      "IronPort", "HeadlessChrome", "python-requests", "curl/", "Go-http-client", "BingPreview",
      "Googlebot", "bingbot", "Edge/12.246 Mozilla/5.0",
    ]
    return userAgent == "Mozilla/5.0" || tokens.contains { userAgent.contains($0) }
  }

  /// The class of an enhanced status code, as the list in docs/SEMANTICS.md reads.
  static func bounceClass(_ code: String) -> String {
    let hard = [
      "5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.4", "5.1.6", "5.1.10", "5.2.1", "5.4.4", "5.7.13",
      "5.7.17", "5.7.18",
    ]
    if hard.contains(code) { return "hard" }
    if ["5.1.7", "5.1.8"].contains(code) { return "block" }
    if code.hasPrefix("5.6.") || code.hasPrefix("5.7.") { return "block" }
    if ["5.2.2", "5.2.3"].contains(code) { return "soft" }
    let isSoft = ["4.", "5.3.", "5.4.", "5.5."].contains { code.hasPrefix($0) }
    return isSoft ? "soft" : "unknown"
  }

  /// Millionths of a decimal number with at most six digits after the point.
  static func micros(_ text: String?) -> Int {
    guard let text else { return 0 }
    let parts = text.split(separator: ".")
    let fraction = parts.count > 1 ? String(parts[1]) : ""
    let padded = fraction + String(repeating: "0", count: 6 - fraction.count)
    return Int(parts[0])! * 1_000_000 + Int(padded)!
  }

  static func kind(_ name: String) -> EventKind? {
    EventKind.allCases.first { "\($0.name)" == name }
  }
}
