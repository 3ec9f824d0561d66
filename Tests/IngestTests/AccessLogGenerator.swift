// Random access-log lines: mostly plausible, with nasty values in every place, and mutations of
// them.

import Base
import Ingest

enum AccessLogGenerator {
  static let columns = [
    "date", "time", "x-edge-location", "sc-bytes", "c-ip", "cs-method", "cs(Host)", "cs-uri-stem",
    "sc-status", "cs(Referer)", "cs(User-Agent)", "cs-uri-query", "cs(Cookie)",
  ]

  private static let addresses = [
    "203.0.113.7", "2001:db8::1", "::1", "10.0.0.256", "host.example.com", "-", "::ffff:192.0.2.1",
    "1.2.3.4", "1:2:3:4:5:6:7:8", "fe80::1%eth0", "01.2.3.4", "::",
  ]
  private static let values = [
    "spring", "r1", "r1", "a%20b", "a+b", "%41", "%zz", "%4", "%", "", "x%2Fy", "caf%C3%A9",
    "%FF", "a@b.example", "1.5", "-0.0000005", "19.99", "1e3", "99999999999999", "amp;", "a=b",
  ]
  private static let keys = [
    "c", "r", "s", "v", "l", "reason", "value", "currency", "utm_source", "amp;c", "amp;l", "",
    "cc",
    "%63",
  ]
  private static let agents = [
    "Mozilla/5.0 (iPhone)", "-", "", "Mail \\\"x\\\"", "a\\x41\\xC3\\xa9", "a\\\\b\\t", "a\\q\\x4",
    "Mozilla/5.0%20(X11)", "Mozilla/5.0%2520(X11;%2520Linux)", "100%", "caf\u{E9}",
  ]
  private static let methods = [
    "GET", "GET", "GET", "HEAD", "POST", "PUT", "get", "DELETE", "", "GETX",
  ]
  private static let statuses = [
    "200", "200", "302", "304", "404", "500", "204", "000", "999", "-", "20", "2000", "2x0", "",
  ]

  static func line(_ format: AccessLogFormat, _ random: inout PRNG) -> Bytes {
    let line: String
    switch format {
    case .common: line = quoted(&random, prefix: "", hasAgent: false)
    case .combined: line = quoted(&random, prefix: "", hasAgent: true)
    case .vhostCombined: line = quoted(&random, prefix: "example.com:443 ", hasAgent: true)
    case .loadBalancer: line = loadBalancer(&random)
    case .cloudFront: line = cloudFront(&random)
    case .nginxJSON: line = nginx(&random)
    case .cloudflare: line = cloudflare(&random)
    case .caddy: line = caddy(&random)
    }
    return Bytes(line.utf8) + (random.isHit(0.05) ? [13] : [])
  }

  /// One to four small damages, from bytes that mean something somewhere.
  static func mutate(_ line: Bytes, _ random: inout PRNG) -> Bytes {
    let bytes = Bytes("\"\"\\\\%%+ []{}:,.-/?&=0 9aZx\t\r#*".utf8) + [0, 0xFF, 0xC3]
    var line = line
    for _ in 0...random.below(4) {
      let index = random.below(line.count + 1)
      switch random.below(4) {
      case 0: line.insert(random.pick(bytes), at: index)
      case 1 where index < line.count: line.remove(at: index)
      case 2 where index < line.count: line[index] = random.pick(bytes)
      default:
        let end = min(line.count, index + random.below(12))
        if random.isHit(0.5) { line.removeSubrange(index..<end) } else { line += line[index..<end] }
      }
    }
    return line
  }

  static func target(_ random: inout PRNG) -> String {
    let host =
      random.isHit(0.1) ? random.pick(["http://h", "https://h:443", "ftp://h", "http:/"]) : ""
    if random.isHit(0.3) {
      let segments = (0..<random.below(6)).map { _ in
        random.pick([
          "o", "c", "u", "v", "blog", "images", "a%2Fb", "x.gif", "y.png", "r1", "", ".gif",
        ])
      }
      let query = random.isHit(0.3) ? "?" + self.query(&random) : ""
      return host + "/" + segments.joined(separator: "/") + query
    }
    let letter = rarely(["u", "v", "v", "ox", "x", ""], random.isHit(0.5) ? "o" : "c", &random)
    return host + "/" + letter + (random.isHit(0.95) ? "?" : "") + query(&random)
  }

  private static func query(_ random: inout PRNG) -> String {
    var pairs = random.isHit(0.9) ? ["c=spring", "r=r\(random.below(9))", "l=hero"] : []
    for _ in 0..<max(0, random.below(6) - 3) {
      let separator = random.isHit(0.9) ? "=" : ""
      pairs.append(random.pick(keys) + separator + random.pick(values))
    }
    pairs.shuffle(using: &random)
    return pairs.joined(separator: random.isHit(0.9) ? "&" : "&amp;")
  }

  /// `usual`, or once in eight one of `others`.
  private static func rarely(
    _ others: [String], _ usual: String, _ random: inout PRNG
  ) -> String {
    random.isHit(0.125) ? random.pick(others) : usual
  }

  private static func two(_ bound: Int, _ random: inout PRNG) -> String {
    let number = random.below(bound)
    return number < 10 ? "0\(number)" : "\(number)"
  }

  private static func clock(_ random: inout PRNG) -> String {
    rarely(
      ["24:00:00", "23:60:00", "09:12:60", "09:12:61", "9:12:01", "09:12"],
      "\(two(24, &random)):\(two(60, &random)):\(two(60, &random))", &random)
  }

  private static func date(_ random: inout PRNG) -> String {
    rarely(
      [
        "2026-02-29", "2024-02-29", "1969-12-31", "0000-03-01", "2026-13-01", "2026-00-10",
        "2026-1-10",
      ],
      "2026-0\(1 + random.below(9))-1\(random.below(10))", &random)
  }

  static func timestamp(_ random: inout PRNG) -> String {
    switch random.below(5) {
    case 0: return String(random.next() >> UInt64(random.below(60)))
    case 1: return "\(random.below(2_000_000_000)).\(random.below(1_000_000))"
    case 2: return "-\(random.below(2_000_000_000)).\(random.below(10_000))"
    default:
      let zone = random.pick([
        "Z", "", "+01:00", "-0530", "+02", "+2", "z", " Z", "+24:00", "+1:000",
      ])
      let fraction = rarely([".5", ".123456789", ".", ".1234567891", ".000"], "", &random)
      return date(&random) + rarely([" ", "t", "_"], "T", &random) + clock(&random) + fraction
        + zone
    }
  }

  static func commonTime(_ random: inout PRNG) -> String {
    let month = rarely(["Jan", "Feb", "Dec", "mar", "Foo"], "Mar", &random)
    let zone = rarely(["-0730", "+2400", "+0060", "0000+"], "+0000", &random)
    let day = rarely(["00", "29", "30", "31", "32"], "1\(random.below(10))", &random)
    return "\(day)/\(month)/\(2000 + random.below(30)):\(clock(&random)) \(zone)"
  }

  private static func request(_ random: inout PRNG, _ target: String) -> String {
    if random.isHit(0.05) {
      return random.pick(["-", "", "GET", "\\x16\\x03\\x01", "GET  /o", "GET /o"])
    }
    return rarely(methods, "GET", &random) + " " + target + rarely(["", " "], " HTTP/1.1", &random)
  }

  private static func quoted(_ random: inout PRNG, prefix: String, hasAgent: Bool) -> String {
    var target = target(&random)
    if random.isHit(0.1) {
      target += random.pick(["\\x22", "\\\"", "\\xE9", "\\q", "\\\\", "\\x2"])
    }
    let user = rarely(["frank", "a b", "", "a [b"], "-", &random)
    let size = rarely(["0", "-", "1234567", "4x", ""], "43", &random)
    let address = rarely(addresses, "203.0.113.\(random.below(256))", &random)
    var line = "\(prefix)\(address) - \(user) [\(commonTime(&random))] "
    line += "\"\(request(&random, target))\" "
    line += "\(rarely(statuses, random.isHit(0.5) ? "200" : "302", &random)) \(size)"
    if hasAgent || random.isHit(0.1) {
      line += " \"\(random.pick(["-", "http://x/\\\"", ""]))\" \"\(random.pick(agents))\""
    }
    if random.isHit(0.1) { line += random.pick([" \"203.0.113.9\"", " 0.004", "x", " ", "\""]) }
    return line
  }

  private static func loadBalancer(_ random: inout PRNG) -> String {
    let address = rarely(addresses, "203.0.113.\(random.below(256))", &random)
    let client = address.contains(":") && random.isHit(0.8) ? "[\(address)]" : address
    return """
      \(random.pick(["http", "https", "h2"])) \(timestamp(&random)) app/lb/50dc \
      \(client)\(rarely([":1", ""], ":2817", &random)) 10.0.0.1:80 0.086 0.048 0.037 \
      \(rarely(statuses, random.isHit(0.5) ? "200" : "302", &random)) 200 0 57 "\(request(&random, target(&random)))" \
      "\(random.pick(agents))"\(rarely(["", "x"], " ECDHE TLSv1.2", &random))
      """
  }

  private static func cloudFront(_ random: inout PRNG) -> String {
    if random.isHit(0.03) { return "#Version: 1.0" }
    let target = target(&random).split(separator: "?", maxSplits: 1).map(String.init)
    func log(_ text: String) -> String {
      text.split(separator: "%", omittingEmptySubsequences: false)
        .joined(separator: random.isHit(0.9) ? "%25" : "%")
    }
    let agent = random.pick(agents).split(separator: " ", omittingEmptySubsequences: false)
      .joined(separator: "%20")
    let cells = [
      date(&random), clock(&random), "FRA56-P1", "335",
      rarely(addresses, "203.0.113.\(random.below(256))", &random),
      rarely(methods, "GET", &random),
      "d1.cloudfront.net", log(target.first ?? "/"),
      rarely(statuses, random.isHit(0.5) ? "200" : "302", &random), "-", agent,
      target.count > 1 ? log(target[1]) : "-", "-",
    ]
    let extra = random.isHit(0.1) ? ["more"] : []
    return (cells.dropLast(random.isHit(0.03) ? 1 : 0) + extra).joined(separator: "\t")
  }

  private static func string(_ text: String, _ random: inout PRNG) -> String {
    let escaped = text.map { character in
      switch character {
      case "\"": "\\\""
      case "\\": "\\\\"
      case "a" where random.isHit(0.05): "\\u0061"
      case "/" where random.isHit(0.2): "\\/"
      default: String(character)
      }
    }
    return "\"" + escaped.joined() + "\""
  }

  /// A number as it is or as a string; text always as a string.
  private static func scalar(_ text: String, _ random: inout PRNG) -> String {
    let isNumber = !text.isEmpty && text.allSatisfy { $0.isNumber || $0 == "." }
    return isNumber && random.isHit(0.6) ? text : string(text, &random)
  }

  private static func object(_ members: [(String, String)], _ random: inout PRNG) -> String {
    var members = members
    if random.isHit(0.2) { members.append((random.pick(["other", "status", "level"]), "null")) }
    if random.isHit(0.2) {
      members.append(("x", random.pick(["[1,{}]", "{\"a\":[]}", "true", "[}"])))
    }
    if random.isHit(0.3) { members.shuffle(using: &random) }
    if random.isHit(0.05), !members.isEmpty { members.remove(at: random.below(members.count)) }
    return "{" + members.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "}"
  }

  private static func nginx(_ random: inout PRNG) -> String {
    var members: [(String, String)] = []
    if random.isHit(0.2) {
      members.append(("time_local", string(commonTime(&random), &random)))
    } else {
      let key = random.pick(["time", "msec", "time_iso8601", "timestamp", "@timestamp", "ts"])
      members.append((key, scalar(timestamp(&random), &random)))
    }
    let address = random.pick(["remote_addr", "client_ip", "remote_ip", "ip"])
    members.append(
      (address, string(rarely(addresses, "203.0.113.\(random.below(256))", &random), &random)))
    let target = target(&random)
    if random.isHit(0.3) {
      members.append(("request", string(request(&random, target), &random)))
    }
    if random.isHit(0.7) {
      let method = random.pick(["method", "request_method"])
      members.append((method, string(rarely(methods, "GET", &random), &random)))
      members.append((random.pick(["uri", "request_uri", "url"]), string(target, &random)))
    }
    let status = random.pick(["status", "status_code"])
    members.append(
      (status, scalar(rarely(statuses, random.isHit(0.5) ? "200" : "302", &random), &random)))
    let agent = random.pick(["user_agent", "http_user_agent", "agent"])
    members.append((agent, string(random.pick(agents), &random)))
    return object(members, &random)
  }

  private static func cloudflare(_ random: inout PRNG) -> String {
    object(
      [
        ("ClientIP", string(rarely(addresses, "203.0.113.\(random.below(256))", &random), &random)),
        ("ClientCountry", string(random.pick(["de", "us", ""]), &random)),
        ("ClientRequestMethod", string(rarely(methods, "GET", &random), &random)),
        ("ClientRequestURI", string(target(&random), &random)),
        (
          "EdgeResponseStatus",
          scalar(rarely(statuses, random.isHit(0.5) ? "200" : "302", &random), &random)
        ),
        ("EdgeStartTimestamp", scalar(timestamp(&random), &random)),
        ("ClientRequestUserAgent", string(random.pick(agents), &random)), ("RayID", "\"8c1d\""),
      ], &random)
  }

  private static func caddy(_ random: inout PRNG) -> String {
    let headers = object(
      [
        ("Accept", "[\"*/*\"]"),
        (
          "User-Agent",
          "[" + string(random.pick(agents), &random) + rarely([",\"x\"]", "}"], "]", &random)
        ),
      ], &random)
    let noHeaders = random.pick([
      headers, headers, "{}", "{\"User-Agent\":[]}", "{\"User-Agent\":\"x\"}",
    ])
    let request = object(
      [
        (
          "remote_ip", string(rarely(addresses, "203.0.113.\(random.below(256))", &random), &random)
        ), ("proto", "\"HTTP/2.0\""),
        (
          "client_ip", string(rarely(addresses, "203.0.113.\(random.below(256))", &random), &random)
        ), ("headers", noHeaders),
        ("method", string(rarely(methods, "GET", &random), &random)),
        ("uri", string(target(&random), &random)),
      ], &random)
    let message = random.isHit(0.95) ? "handled request" : "server running"
    return object(
      [
        ("level", "\"info\""), ("ts", scalar(timestamp(&random), &random)),
        ("msg", "\"\(message)\""), ("request", request),
        ("status", scalar(rarely(statuses, random.isHit(0.5) ? "200" : "302", &random), &random)),
      ], &random)
  }
}
