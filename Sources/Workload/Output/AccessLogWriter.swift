// Turns records into the lines of one server's access log. What a line says is gathered here once;
// how each format spells it is in the files beside this one.

internal import Base

/// What a line says, apart from the request's target.
struct LogLine {
  /// UTC milliseconds.
  var time: Int64
  /// Minutes east of Greenwich of the server's clock, where the format shows it.
  var zoneMinutes: Int
  var address: NetworkAddress
  var method: StaticString
  var status: Int
  var byteCount: Int
  var version: StaticString
  /// Empty for none.
  var referer: StaticString
  var userAgent: Int
  /// Random bits for what only some formats show.
  var bits: UInt64
}

struct AccessLogWriter: ~Copyable {
  let plan: WorkloadPlan
  /// The request's target of the line being written.
  var target = ByteBuilder(capacity: 1024)
  /// Where the target begins in the output, for lines that are cut off inside it.
  var targetStart = 0
  private var targets: TargetWriter
  private let zoneMinutes: Int

  /// - Parameter edge: the last of several servers runs an hour ahead.
  init(_ plan: WorkloadPlan, edge: Int) {
    self.plan = plan
    targets = TargetWriter(plan)
    zoneMinutes = edge > 0 && edge == plan.spec.edgeCount - 1 ? 60 : 0
  }

  /// What stands at the head of every file of the format.
  func appendDirectives(to out: inout ByteBuilder) {
    if plan.spec.format == .cloudfront { appendCloudFrontDirectives(to: &out) }
  }

  /// Appends one line with its newline.
  mutating func append(_ record: Record, to out: inout ByteBuilder) {
    if record.flags.contains(.noise) {
      appendNoise(record, to: &out)
    } else {
      let message = plan.message(Int(record.message))
      let line = line(record, message)
      target.truncate(to: 0)
      targets.append(record, of: message, bits: line.bits, to: &target)
      append(line, to: &out)
    }
    out.append(ASCII.newline)
  }

  private func line(_ record: Record, _ message: Message) -> LogLine {
    let bits = Hash.of(UInt64(record.salt) << 32 | UInt64(record.message))
    let home = plan.recipients.traits(message.recipient).bits
    let family = plan.userAgents.family(record.userAgent)
    return LogLine(
      time: record.time, zoneMinutes: zoneMinutes,
      address: ClientAddress.make(family, home: home, bits: bits >> 20), method: record.method.name,
      status: Int(record.status), byteCount: byteCount(record),
      version: bits >> 18 & 3 == 0 ? "HTTP/1.1" : "HTTP/2.0", referer: referer(record, bits),
      userAgent: Int(record.userAgent), bits: bits)
  }

  private func byteCount(_ record: Record) -> Int {
    switch record.status {
    case _ where record.method == .head: 0
    case 204, 304, 499: 0
    case 300..<400: 138
    case 400...: 153
    default: record.kind == .opened ? 43 : 512
    }
  }

  private func referer(_ record: Record, _ bits: UInt64) -> StaticString {
    switch bits >> 56 {
    case 0: "https://search.example.org/?q=\"mail\""
    case 1..<40 where record.kind == .clicked: "https://mail.example.com/"
    default: ""
    }
  }

  private mutating func append(_ line: LogLine, to out: inout ByteBuilder) {
    switch plan.spec.format {
    case .combined, .common, .vhostCombined: appendQuoted(line, to: &out)
    case .nginxJSON: appendNginxJSON(line, to: &out)
    case .caddy: appendCaddy(line, to: &out)
    case .cloudflare: appendCloudflare(line, to: &out)
    case .cloudfront: appendCloudFront(line, to: &out)
    case .alb: appendBalancer(line, to: &out)
    }
  }

  /// Notes where the target begins; formats call it just before they write the target.
  mutating func markTarget(_ out: borrowing ByteBuilder) { targetStart = out.count }

  private mutating func appendNoise(_ record: Record, to out: inout ByteBuilder) {
    let start = out.count
    let message = plan.message(Int(record.message))
    var line = line(record, message)
    target.truncate(to: 0)
    switch NoiseKind(rawValue: record.detail) ?? .emptyLine {
    case .emptyLine: return
    case .garbage: return appendGarbage(line.bits, to: &out)
    case .otherPage: appendOtherPage(&line)
    case .notHTTP:
      line.status = 400
      return appendQuoted(line, request: "\\x16\\x03\\x01\\x02\\x00\\x01\\xFC", to: &out)
    case .missingStatus: return appendWithoutStatus(line, message, record, to: &out)
    case .badTime:
      targets.append(record, of: message, bits: line.bits, to: &target)
      return appendQuoted(line, clock: "31/Foo/2026:25:61:00 +0000", to: &out)
    case .missingRecipient: targets.appendWithoutRecipient(message, to: &target)
    case .badEscape: targets.appendWithBadEscape(message, to: &target)
    case .truncated:
      targets.append(record, of: message, bits: line.bits, to: &target)
      append(line, to: &out)
      let cut = targetStart + Int(line.bits >> 8 & 0xFF) % target.count
      return out.truncate(to: max(cut, start + 1))
    }
    append(line, to: &out)
  }

  private mutating func appendWithoutStatus(
    _ line: LogLine, _ message: Message, _ record: Record, to out: inout ByteBuilder
  ) {
    targets.append(record, of: message, bits: line.bits, to: &target)
    appendQuoted(line, omitsStatus: true, to: &out)
  }

  private mutating func appendOtherPage(_ line: inout LogLine) {
    let page = OtherPage.all[Int(line.bits >> 8 & 0xFFFF) % OtherPage.all.count]
    target.append(page.target)
    line.method = page.method
    line.status = page.status
    line.byteCount = page.status == 404 ? 153 : 1270
  }

  /// A client that speaks TLS to a plain port, or a disk that forgot; escaped where the format escapes.
  private func appendGarbage(_ bits: UInt64, to out: inout ByteBuilder) {
    let isEscaped = plan.spec.format.isQuoted
    for index in 0..<8 + Int(bits & 15) {
      let byte = UInt8(truncatingIfNeeded: Hash.of(bits, UInt64(index))) | 0x80
      if isEscaped {
        out.append("\\x")
        out.append(hexDigit(byte >> 4, isUpper: true))
        out.append(hexDigit(byte & 15, isUpper: true))
      } else {
        out.append(byte)
      }
    }
  }
}

extension HitMethod {
  var name: StaticString {
    switch self {
    case .get: "GET"
    case .head: "HEAD"
    case .post: "POST"
    }
  }
}

/// Requests that have nothing to do with mail; some look as if they had.
struct OtherPage {
  let method: StaticString
  let target: StaticString
  let status: Int

  static let all: [OtherPage] = [
    OtherPage(method: "GET", target: "/robots.txt", status: 200),
    OtherPage(method: "GET", target: "/favicon.ico", status: 404),
    OtherPage(method: "GET", target: "/wp-login.php", status: 404),
    OtherPage(method: "POST", target: "/wp-login.php", status: 404),
    OtherPage(method: "POST", target: "/xmlrpc.php", status: 404),
    OtherPage(method: "GET", target: "/.env", status: 404),
    OtherPage(method: "GET", target: "/", status: 200),
    OtherPage(method: "HEAD", target: "/", status: 200),
    OtherPage(method: "GET", target: "/health", status: 200),
    OtherPage(method: "GET", target: "/offers?c=spring&r=nobody", status: 200),
    OtherPage(method: "GET", target: "/c99.php", status: 404),
    OtherPage(method: "GET", target: "/assets/logo.png?v=3", status: 200),
    OtherPage(method: "GET", target: "/open.gif?c=a&r=b", status: 404),
    OtherPage(method: "OPTIONS", target: "*", status: 405),
  ]
}

extension LogDialect {
  /// Whether raw bytes above ASCII in a target stay recognisable in the log.
  var showsHighBytes: Bool { isQuoted || self == .nginxJSON }
}
