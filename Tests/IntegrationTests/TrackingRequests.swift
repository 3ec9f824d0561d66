// The requests of the nginx tests: every route, and whatever clients put into targets and headers.

enum TrackingRequests {
  static let all = plain + repeated + ignored + rejected + targets + agents + headers

  /// Requests over IPv6, where the machine has it.
  static let ipv6 = [
    TrackingRequest(
      target: Bytes("/o?c=spring&r=six".utf8), isIPv6: true, status: 200,
      outcome: .hit(.init(kind: "opened", recipient: Bytes("six".utf8))))
  ]

  private static let plain: [TrackingRequest] = [
    open("/o?c=spring&r=ann%40example.org&s=s1&v=A", "ann@example.org") {
      $0.send = "s1"
      $0.variant = "A"
    },
    open("/o?utm_source=x&v=B&r=swapped&c=autumn&c=winter&r=", "swapped") {
      $0.campaign = "autumn"
      $0.variant = "B"
    },
    open("/o/spring/bob.gif", "bob"),
    open("/o/spring/bob/second.gif", "bob") { $0.send = "second" },
    TrackingRequest(
      method: "HEAD", target: Bytes("/o?c=spring&r=header".utf8), status: 200,
      outcome: .hit(.init(kind: "opened", recipient: Bytes("header".utf8), machineClass: "head"))),
    TrackingRequest(
      target: Bytes("/o?c=spring&r=cached".utf8),
      options: [#"header = "If-Modified-Since: Mon, 28 Sep 1970 06:00:00 GMT""#], status: 304,
      outcome: .hit(.init(kind: "opened", recipient: Bytes("cached".utf8)))),
    click("/c?c=spring&r=ann&l=apply", "ann", link: "apply"),
    click("/c/spring/bob/apply%2Fnow", "bob", link: "apply/now"),
    TrackingRequest(
      method: "HEAD", target: Bytes("/c?c=spring&r=scan&l=apply".utf8), status: 302,
      outcome: .hit(
        .init(
          kind: "clicked", recipient: Bytes("scan".utf8), link: Bytes("apply".utf8),
          machineClass: "head"))),
    TrackingRequest(
      method: "POST", target: Bytes("/u?c=spring&r=leaver&reason=too+many".utf8), status: 204,
      outcome: .hit(
        .init(kind: "unsubscribed", recipient: Bytes("leaver".utf8), reason: "too many"))),
    TrackingRequest(
      target: Bytes("/v?c=spring&r=buyer&value=19.90&currency=EUR".utf8), status: 200,
      outcome: .hit(
        .init(
          kind: "converted", recipient: Bytes("buyer".utf8), currency: "EUR", revenue: "19.9"))),
  ]

  private static let repeated = Array(repeating: open("/o?c=spring&r=often", "often"), count: 3)

  private static let ignored: [TrackingRequest] = [
    ignored("/u?c=spring&r=curious", status: 200),
    ignored("/o?c=spring&r=gone&x=gone", status: 404),
    ignored("/o?c=spring&r=poster", status: 405, method: "POST"),
    ignored("/favicon.ico", status: 404), ignored("/", status: 404),
  ]

  private static let rejected: [TrackingRequest] = [
    rejected("/o?c=spring"), rejected("/o?c=&r=nobody"), rejected("/o?c=spring&r=broken%zz"),
    rejected("/v?c=spring&r=buyer&value=much"),
  ]

  private static let targets: [TrackingRequest] = [
    open(#"/o?c=spring&r="quoted""#, #""quoted""#),
    open(#"/o?c=spring&r=back\slash"#, #"back\slash"#),
    open(#"/o?c=spring&r=\x22"#, #"\x22"#), open("/o?c=spring&r=Zoë", "Zoë"),
    open("/o?c=spring&r=Zo%C3%AB%21", "Zoë!"), open("/o?c=spring&r=a+b", "a b"),
    open("/o?c=spring&r=a%2Bb", "a+b"), open("/o?c=spring&r=a%20b%20", "a b "),
    open("/o/spring/a%2Fb.gif", "a/b"), open("/o/spring/a+c.gif", "a+c"),
    open("/o?c=spring&r=%2541", "%41"), open("/o?c=spring&r=tab%09and%0Aline", "tab\tand\nline"),
    open("/o?c=spring&r=zero%00byte", "zero\0byte"), open("/o?c=spring&amp;r=amp", "amp"),
    open("/o?c=spring&r=[1]{2}|3^`<>", "[1]{2}|3^`<>"), open("/o?c=spring&r=日本語", "日本語"),
    open("http://track.example.com/o?c=spring&r=absolute", "absolute"),
    TrackingRequest(
      target: Bytes("/o?c=spring&r=caf".utf8) + [0xE9], status: 200,
      outcome: .hit(.init(kind: "opened", recipient: Bytes("caf".utf8) + [0xE9]))),
    TrackingRequest(
      target: Bytes("/o?c=spring&r=caf%E9%FF".utf8), status: 200,
      outcome: .hit(.init(kind: "opened", recipient: Bytes("caf".utf8) + [0xE9, 0xFF]))),
    click("/c?c=spring&r=long&l=" + longText, "long", link: longText),
  ]

  private static let agents: [TrackingRequest] =
    [
      (#"Quoted "Mail" \ client"#, "quotes"), (#"\x22 \u0022 \n %20 &amp;"#, "escapes"),
      ("Tab\there", "tab"), ("Mëil/1.0 日本 🙂", "utf8"), ("-", "dash"),
      (#"x" 200 43 "-" "y"#, "injection"), (#"","status":404,"x":""#, "injection2"),
      ("{} [14/Mar/2026:09:12:01 +0000]", "brackets"), ("Control\u{1}\u{7F}", "control"),
      (String(repeating: "long ", count: 1_400) + "end", "agent7k"),
    ].map { with(agent: .text($0.0), $0.1) } + [
      with(agent: .bytes(Bytes("Latin/1 caf".utf8) + [0xE9, 0x80, 0xFF]), "latin"),
      with(agent: .empty, "empty"), with(agent: .absent, "absent"),
      with(agent: .text("Mozilla/5.0"), "apple", machineClass: "privacy_proxy"),
      with(agent: .text("curl/8.9.1"), "script", machineClass: "robot"),
      TrackingRequest(
        target: Bytes("/o?c=spring&r=agent9k".utf8),
        agent: .text(String(repeating: "x", count: 9_000)), status: 200,
        outcome: .rejectedForAgent(.init(kind: "opened", recipient: Bytes("agent9k".utf8)))),
    ]

  private static let headers: [TrackingRequest] = [
    open("/o?c=spring&r=referred", "referred", options: [#"referer = "https://x/?q=\"a\" \\ é""#]),
    open("/o?c=spring&r=known", "known", options: [#"user = "back office:secret""#]),
    open("/o?c=spring&r=known2", "known2", options: [#"user = "a\"b] [x \\:secret""#]),
    open("/o?c=spring&r=old", "old", options: ["http1.0"]),
  ]

  private static let longText = String(repeating: "0123456789", count: 300)
}

extension TrackingRequests {
  private static func open(
    _ target: String, _ recipient: String, options: [String] = [],
    _ change: (inout TrackingRequest.Hit) -> Void = { _ in }
  ) -> TrackingRequest {
    var hit = TrackingRequest.Hit(kind: "opened", recipient: Bytes(recipient.utf8))
    change(&hit)
    return TrackingRequest(
      target: Bytes(target.utf8), options: options, status: 200, outcome: .hit(hit))
  }

  private static func click(
    _ target: String, _ recipient: String, link: String,
    _ change: (inout TrackingRequest.Hit) -> Void = { _ in }
  ) -> TrackingRequest {
    var hit = TrackingRequest.Hit(kind: "clicked", recipient: Bytes(recipient.utf8))
    hit.link = Bytes(link.utf8)
    change(&hit)
    return TrackingRequest(target: Bytes(target.utf8), status: 302, outcome: .hit(hit))
  }

  private static func ignored(
    _ target: String, status: Int, method: String = "GET"
  ) -> TrackingRequest {
    TrackingRequest(
      method: method, target: Bytes(target.utf8), status: status, outcome: .ignored)
  }

  private static func rejected(_ target: String) -> TrackingRequest {
    TrackingRequest(target: Bytes(target.utf8), status: 200, outcome: .rejected)
  }

  private static func with(
    agent: TrackingRequest.Agent, _ recipient: String, machineClass: String = "human"
  ) -> TrackingRequest {
    TrackingRequest(
      target: Bytes("/o?c=spring&r=\(recipient)".utf8), agent: agent, status: 200,
      outcome: .hit(
        .init(kind: "opened", recipient: Bytes(recipient.utf8), machineClass: machineClass)))
  }
}
