// The formats of access logs: their names, their parsers, and how to tell them apart.

package import Base

/// A format of access logs. docs/formats/access-logs.md describes each.
package enum AccessLogFormat: CaseIterable, Sendable {
  // The order decides between formats that read the same lines: the more particular one comes
  // first.
  case cloudFront
  case cloudflare
  case nginxJSON
  case caddy
  case loadBalancer
  case vhostCombined
  case combined
  case common

  /// The word for `--format` and the line protocol.
  package var name: StaticString {
    switch self {
    case .cloudFront: "cloudfront"
    case .cloudflare: "cloudflare"
    case .nginxJSON: "nginx_json"
    case .caddy: "caddy"
    case .loadBalancer: "alb"
    case .vhostCombined: "vhost_combined"
    case .combined: "combined"
    case .common: "common"
    }
  }

  /// The format with this name, or nil.
  package init?(name: ByteSlice) {
    for format in AccessLogFormat.allCases where name == format.name {
      self = format
      return
    }
    return nil
  }

  /// A parser for this format. Open the existential once per file (pass it to a generic function),
  /// not per line.
  ///
  /// - Parameter fieldsLine: the `#Fields` line of a CloudFront file, for a parser that does not
  ///   start at the file's first line; other formats ignore it.
  package func makeParser(routes: Routes, fieldsLine: ByteSlice = .empty) -> any LineParser {
    switch self {
    case .cloudFront:
      fieldsLine.isEmpty
        ? CloudFrontParser(routes: routes)
        : CloudFrontParser(fieldsLine: fieldsLine, routes: routes)
    case .cloudflare: CloudflareParser(routes: routes)
    case .nginxJSON: NginxJSONParser(routes: routes)
    case .caddy: CaddyJSONParser(routes: routes)
    case .loadBalancer: LoadBalancerParser(routes: routes)
    case .vhostCombined: CombinedLogParser(.vhostCombined, routes: routes)
    case .combined: CombinedLogParser(.combined, routes: routes)
    case .common: CombinedLogParser(.common, routes: routes)
    }
  }

  /// The `#Fields` line among the first lines of a file, or nil.
  package static func fieldsLine(head: ByteSlice) -> ByteSlice? {
    firstLines(head).first { CloudFrontColumns.isFieldsLine($0) }
  }

  /// The format of a file that starts with `head`, or nil if no format reads any of its first
  /// lines.
  ///
  /// Of the formats that read at least half as many lines as the one that reads most, the first in
  /// this enumeration: the common format reads combined lines too, damaged ones included.
  package static func detect(head: ByteSlice) -> AccessLogFormat? {
    let lines = firstLines(head)
    let counts = allCases.map { $0.countReadable(lines) }
    guard let most = counts.max(), most > 0 else { return nil }
    return zip(allCases, counts).first { $0.1 * 2 >= most }?.0
  }

  private func countReadable(_ lines: [ByteSlice]) -> Int {
    var count = 0
    var event = Event()
    var parser = makeParser(routes: .standard)
    for line in lines {
      switch parser.parse(line, into: &event) {
      case .rejected(.malformed), .rejected(.time), .rejected(.tooLong), .ignored(.comment): break
      case .event, .ignored, .rejected: count += 1
      }
    }
    return count
  }

  private static let detectLineCount = 64

  /// The first complete lines; a head without any newline is one line.
  private static func firstLines(_ head: ByteSlice) -> [ByteSlice] {
    var lines: [ByteSlice] = []
    var start = 0
    while lines.count < detectLineCount,
      let end = ByteSearch.firstIndex(of: ASCII.newline, in: head, from: start)
    {
      lines.append(head.slice(from: start, to: end))
      start = end + 1
    }
    return lines.isEmpty && !head.isEmpty ? [head] : lines
  }
}
