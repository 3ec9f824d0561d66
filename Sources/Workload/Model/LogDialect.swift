// The access-log layouts the generator writes. The raw value is the word on the command line,
// the same as where logs are read.

package enum LogDialect: String, CaseIterable, Sendable {
  /// nginx `combined`, with nginx's `\xHH` escaping.
  case combined
  /// The common log format as Apache writes it: no referer, no user agent.
  case common
  /// Apache's combined format behind `host:port`.
  case vhostCombined = "vhost_combined"
  /// nginx with `escape=json`, keyed by the names of its variables.
  case nginxJSON = "nginx_json"
  case caddy
  /// CloudFront standard logs: two directive lines, then 33 tab-separated fields.
  case cloudfront
  /// Cloudflare Logpush, newline-delimited JSON, times in nanoseconds.
  case cloudflare
  /// AWS application load balancer.
  case alb

  /// Whether a line says what software asked; if not, every GET counts as human.
  var hasUserAgent: Bool { self != .common }

  /// Directive lines at the head of each file.
  var directiveLineCount: Int { self == .cloudfront ? 2 : 0 }

  /// Whether lines have the quoted layout in which a line with a field left out is plainly broken.
  var isQuoted: Bool { self == .combined || self == .common || self == .vhostCombined }
}
