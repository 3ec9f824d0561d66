// Reads a routes file. It runs once per start, so it is plain code over strings, and every error
// says what to write instead.

internal import Base

enum RoutesParser {
  static func parse(_ text: ByteSlice) throws(RoutesError) -> [Route] {
    guard text.count <= Limits.routesByteCountMax else {
      throw RoutesError(
        line: 1, message: "the file has more than \(Limits.routesByteCountMax) bytes")
    }
    var routes: [Route] = []
    var number = 0
    for bytes in text.buffer.split(separator: ASCII.newline, omittingEmptySubsequences: false) {
      number += 1
      let line = RouteLine(number: number)
      let words = try line.split(String(decoding: bytes, as: UTF8.self))
      guard !words.isEmpty else { continue }
      guard routes.count < Limits.routeCountMax else {
        throw line.error("there are more than \(Limits.routeCountMax) routes")
      }
      routes.append(try line.route(words))
    }
    guard !routes.isEmpty else {
      throw RoutesError(
        line: max(1, number),
        message: "there is no route; write one, such as: open GET /o?c={campaign}&r={recipient}")
    }
    return routes
  }
}

/// One line on its way to a route.
private struct RouteLine {
  let number: Int

  func error(_ message: String) -> RoutesError { RoutesError(line: number, message: message) }

  /// The words of a line; quotes hold words together, `#` at the start of a word begins a comment.
  func split(_ line: String) throws(RoutesError) -> [String] {
    var words: [String] = []
    var word = ""
    var isQuoted = false
    for character in line.unicodeScalars {
      if character == "\"" { isQuoted.toggle() }
      guard !isQuoted,
        character == " " || character == "\t" || character == "\r" || character == "#"
      else {
        word.unicodeScalars.append(character)
        continue
      }
      if character == "#" {
        guard !word.isEmpty else { break }
        word.unicodeScalars.append(character)
      } else if !word.isEmpty {
        words.append(word)
        word = ""
      }
    }
    guard !isQuoted else { throw error("a quote is not closed") }
    return word.isEmpty ? words : words + [word]
  }

  func route(_ words: [String]) throws(RoutesError) -> Route {
    guard words.count >= 3 else {
      throw error(
        "a route is KIND METHODS PATTERN, such as: open GET /o?c={campaign}&r={recipient}")
    }
    let (kind, statuses) = try kind(words[0])
    var route = Route(
      kind: kind, methods: try methods(words[1]), statuses: StatusSet(statuses), segments: [])
    try addPattern(words[2], to: &route)
    for word in words.dropFirst(3) { try addSetting(word, to: &route) }
    try check(route)
    return route
  }

  private func kind(_ word: String) throws(RoutesError) -> (EventKind, [ClosedRange<Int>]) {
    switch word {
    case "open": return (.opened, [200...299, 304...304])
    case "click": return (.clicked, [200...299, 300...399])
    case "unsubscribe": return (.unsubscribed, [200...299])
    case "convert": return (.converted, [200...299, 304...304])
    default:
      throw error("'\(word)' is no kind; write open, click, unsubscribe or convert")
    }
  }

  private func methods(_ word: String) throws(RoutesError) -> HitMethods {
    var methods: HitMethods = []
    for name in word.split(separator: ",", omittingEmptySubsequences: false) {
      switch name {
      case "GET": methods.insert(.get)
      case "HEAD": methods.insert(.head)
      case "POST": methods.insert(.post)
      case "PUT": methods.insert(.put)
      default:
        throw error("'\(name)' is no method; write GET, HEAD, POST or PUT, separated by commas")
      }
    }
    return methods
  }

  private func addPattern(_ pattern: String, to route: inout Route) throws(RoutesError) {
    let parts = pattern.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts[0].hasPrefix("/") else {
      throw error("the path must begin with a slash: /\(pattern)")
    }
    let segments = parts[0].dropFirst().split(separator: "/", omittingEmptySubsequences: false)
    for (index, text) in segments.enumerated() {
      let segment = try segment(String(text))
      guard segment.shape != .tail || index == segments.count - 1 else {
        throw error("'\(text)' matches slashes and must be the last segment of the path")
      }
      route.segments.append(segment)
    }
    guard parts.count == 2 else { return }
    for pair in parts[1].split(separator: "&", omittingEmptySubsequences: false) {
      try addKey(String(pair), to: &route)
    }
  }

  private func segment(_ text: String) throws(RoutesError) -> RouteSegment {
    if let star = text.firstIndex(of: "*"), !text.contains("{") {
      return RouteSegment(
        shape: .tail, prefix: Array(text[..<star].utf8),
        suffix: try plain(text[text.index(after: star)...], in: text), field: nil)
    }
    guard let open = text.firstIndex(of: "{") else {
      return RouteSegment(shape: .text, prefix: try plain(text[...], in: text), field: nil)
    }
    guard let close = text[open...].firstIndex(of: "}") else {
      throw error("'\(text)': the { has no }")
    }
    var name = String(text[text.index(after: open)..<close])
    let isTail = name.hasSuffix("*")
    if isTail { name.removeLast() }
    return RouteSegment(
      shape: isTail ? .tail : .segment, prefix: try plain(text[..<open], in: text),
      suffix: try plain(text[text.index(after: close)...], in: text),
      field: name == "_" ? nil : try field(name))
  }

  /// The bytes of a piece of a segment that may hold no more fields or wildcards.
  private func plain(_ piece: Substring, in text: String) throws(RoutesError) -> [UInt8] {
    guard !piece.contains(where: { "{}*".contains($0) }) else {
      throw error("'\(text)': a segment holds one {field} or one *, with text around it")
    }
    return Array(piece.utf8)
  }

  private func addKey(_ pair: String, to route: inout Route) throws(RoutesError) {
    let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, parts[1].hasPrefix("{"), parts[1].hasSuffix("}"),
      parts[1].utf8.count > 2
    else {
      throw error("'\(pair)': write key={field} behind the ?, separated by &")
    }
    let name = Array(parts[0].utf8)
    guard !route.keys.contains(where: { $0.name == name }) else {
      throw error("the key '\(parts[0])' comes twice")
    }
    let field = try field(String(parts[1].dropFirst().dropLast()))
    route.keys.append(RouteKey(name: name, field: field))
  }

  private func addSetting(_ word: String, to route: inout Route) throws(RoutesError) {
    let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else {
      throw error("'\(word)': write name=value, such as campaign=blog or status=2xx,304")
    }
    let value = String(parts[1])
    if parts[0] == "status" {
      route.statuses = StatusSet(try statuses(value))
    } else if parts[0] == "recipient" && value == "{address}" {
      guard !route.takesAddress else { throw error("recipient={address} comes twice") }
      route.takesAddress = true
    } else {
      try addConstant(String(parts[0]), value, to: &route)
    }
  }

  private func addConstant(
    _ name: String, _ value: String, to route: inout Route
  ) throws(RoutesError) {
    let field = try field(name)
    guard field != .value else {
      throw error("value cannot be constant; write value={value} behind the ?")
    }
    guard !value.contains("{") else {
      throw error(
        "'\(value)' is no constant; fields belong into the pattern, only recipient={address} here")
    }
    let isQuoted = value.hasPrefix("\"")
    let bytes = Array((isQuoted ? String(value.dropFirst().dropLast()) : value).utf8)
    guard !bytes.contains(ASCII.quote), !bytes.isEmpty else {
      throw error("'\(name)=\(value)': write \(name)=text or \(name)=\"text with spaces\"")
    }
    guard bytes.count <= Limits.fieldByteCountMax else { throw error("the constant is too long") }
    route.constants.append(RouteConstant(field: field, value: bytes))
  }

  private func statuses(_ list: String) throws(RoutesError) -> [ClosedRange<Int>] {
    var ranges: [ClosedRange<Int>] = []
    for item in list.split(separator: ",", omittingEmptySubsequences: false) {
      let isClass = item.hasSuffix("xx")
      let digits = isClass ? item.dropLast(2) : item
      guard let number = Int(digits), digits.utf8.count == (isClass ? 1 : 3),
        (isClass ? 1...9 : 100...999).contains(number)
      else {
        throw error("'\(item)' is no status; write three digits or a class such as 2xx")
      }
      ranges.append(isClass ? number * 100...number * 100 + 99 : number...number)
    }
    return ranges
  }

  private func field(_ name: String) throws(RoutesError) -> RouteField {
    switch name {
    case "campaign": return .campaign
    case "recipient": return .recipient
    case "send": return .send
    case "variant": return .variant
    case "link": return .link
    case "reason": return .reason
    case "value": return .value
    case "currency": return .currency
    default:
      throw error(
        "'\(name)' is no field; write campaign, recipient, send, variant, link, reason, value "
          + "or currency"
      )
    }
  }

  /// What only the whole line shows: every field once, of this kind, and both parts of the
  /// message's key.
  private func check(_ route: Route) throws(RoutesError) {
    let fields =
      route.namedFields + route.constants.map(\.field) + (route.takesAddress ? [.recipient] : [])
    for field in RouteField.allCases where fields.filter({ $0 == field }).count > 1 {
      throw error("{\(field)} comes twice")
    }
    for field in fields {
      guard RouteLine.belongs(field, to: route.kind) else {
        throw error("{\(field)} does not belong to \(route.kind) hits; leave it out")
      }
    }
    guard fields.contains(.campaign) else {
      throw error("no campaign; add {campaign} to the pattern, or campaign=NAME behind it")
    }
    guard fields.contains(.recipient) else {
      throw error("no recipient; add {recipient} to the pattern, or recipient={address} behind it")
    }
  }

  private static func belongs(_ field: RouteField, to kind: EventKind) -> Bool {
    switch field {
    case .campaign, .recipient, .send, .variant: true
    case .link: kind == .opened || kind == .clicked
    case .reason: kind == .unsubscribed
    case .value, .currency: kind == .converted
    }
  }
}
