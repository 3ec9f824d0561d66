import Base
import Ingest
import TestSupport
import Testing

@Suite("Access logs, by example")
struct AccessLogParserTests {
  static let agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X)"

  /// 2026-03-14T09:12:01Z, opened by r1 of campaign spring with the agent above.
  private func open(
    milliseconds: Int64 = 0, recipient: String = "r1", agent: String = agent, country: String = ""
  ) -> TwinOutcome {
    var fields = ["campaign": Bytes("spring".utf8), "recipient": Bytes(recipient.utf8)]
    if !agent.isEmpty { fields["userAgent"] = Bytes(agent.utf8) }
    if !country.isEmpty { fields["country"] = Bytes(country.utf8) }
    return .event(
      TwinEvent(
        time: 1_773_479_521_000 + milliseconds, kind: .opened,
        address: NetworkAddress(ipv4: 0xCB00_7107), fields: fields))
  }

  @Test(
    "one hit in every format is the same event",
    arguments: [
      (
        AccessLogFormat.combined,
        #"203.0.113.7 - - [14/Mar/2026:09:12:01 +0000] "GET /o?c=spring&r=r1 HTTP/1.1" 200 43 "-" "\#(agent)""#
      ),
      (
        .combined,
        #"203.0.113.7 - back office [14/Mar/2026:10:12:01 +0100] "GET /o?r=r1&utm_source=x&c=spring HTTP/2.0" 304 - "https://example.com/" "\#(agent)" 0.003 "extra""#
      ),
      (
        .vhostCombined,
        #"track.example.com:443 203.0.113.7 - - [14/Mar/2026:09:12:01 +0000] "GET /o/spring/r1.gif HTTP/1.1" 200 43 "-" "\#(agent)""#
      ),
      (
        .loadBalancer,
        #"https 2026-03-14T09:12:01Z app/lb/50dc6c495c0c9188 203.0.113.7:2817 10.0.0.1:80 0.086 0.048 0.037 200 200 0 57 "GET https://track.example.com:443/o?c=spring&r=r1 HTTP/1.1" "\#(agent)" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 - "Root=1-58337262" "-" "-" 1 2026-03-14T09:12:01Z "forward" "-" "-""#
      ),
      (
        .nginxJSON,
        #"{"time":1773479521.000,"remote_addr":"203.0.113.7","method":"GET","uri":"/o?c=spring&r=r1","status":200,"user_agent":"\#(agent)"}"#
      ),
      (
        .nginxJSON,
        #"{"time_local":"14/Mar/2026:09:12:01 +0000","remote_addr":"203.0.113.7","request":"GET /o?c=spring&r=r1 HTTP/1.1","status":"200","http_user_agent":"\#(agent)","bytes":43}"#
      ),
      (
        .nginxJSON,
        #"{"@timestamp":"2026-03-14T10:12:01+01:00","client_ip":"203.0.113.7","request_method":"GET","request_uri":"\/o?c=spring\u0026r=r1","status_code":200,"agent":"\#(agent)"}"#
      ),
      (
        .caddy,
        #"{"level":"info","ts":1773479521.0000,"logger":"http.log.access","msg":"handled request","request":{"remote_ip":"10.0.0.1","remote_port":"4","client_ip":"203.0.113.7","proto":"HTTP/2.0","method":"GET","host":"x","uri":"/o?c=spring&r=r1","headers":{"Accept":["*/*"],"User-Agent":["\#(agent)"]}},"duration":0.0013,"size":43,"status":200,"resp_headers":{"Server":["Caddy"]}}"#
      ),
      (
        .cloudFront,
        "2026-03-14\t09:12:01\tFRA56-P1\t335\t203.0.113.7\tGET\td1.cloudfront.net\t/o\t200\t-\tMozilla/5.0%20(iPhone;%20CPU%20iPhone%20OS%2017_4%20like%20Mac%20OS%20X)\tc=spring&r=r1\t-\tHit\tid\thost\thttps\t1\t0.1\t-\t-\t-\tHit\tHTTP/2.0\t-\t-\t1\t0.0\tHit\timage/gif\t43\t-\t-"
      ),
      (
        .cloudFront,
        "2026-03-14\t09:12:01\tFRA56-P1\t335\t203.0.113.7\tGET\td1.cloudfront.net\t/o\t200\t-\tMozilla/5.0%2520(iPhone;%2520CPU%2520iPhone%2520OS%252017_4%2520like%2520Mac%2520OS%2520X)\tc=spring&r=r1\t-\tHit\tid\thost\thttps\t1\t0.1\t-\t-\t-\tHit\tHTTP/2.0\t-\t-\t1\t0.0\tHit\timage/gif\t43\t-\t-"
      ),
    ])
  func sameEvent(_ format: AccessLogFormat, _ line: String) {
    #expect(AccessLogSupport.parse(format, line) == open())
  }

  @Test(
    "Cloudflare times come in four units and as text",
    arguments: [
      "1773479521123000000", "1773479521123000", "1773479521123", #""2026-03-14T09:12:01.123Z""#,
    ])
  func cloudflare(_ time: String) {
    let line =
      #"{"ClientIP":"203.0.113.7","ClientRequestMethod":"GET","ClientRequestURI":"/o?c=spring&r=r1","EdgeStartTimestamp":\#(time),"EdgeResponseStatus":200,"ClientRequestUserAgent":"\#(Self.agent)","ClientCountry":"de"}"#
    #expect(
      AccessLogSupport.parse(.cloudflare, line) == open(milliseconds: 123, country: "de"))
  }

  @Test("a date of zero bytes is no time, on a first line either")
  func dateOfZeros() {
    let time = String(repeating: "\0", count: 14) + ":12:01" + String(repeating: "\0", count: 6)
    let line =
      #"203.0.113.7 - - [\#(time)] "GET /o?c=spring&r=r1 HTTP/1.1" 200 43 "-" "\#(Self.agent)""#
    #expect(AccessLogSupport.parse(.combined, line) == .rejected(.time))
  }

  @Test("common lines have no agent")
  func common() {
    let line =
      #"203.0.113.7 - - [14/Mar/2026:09:12:01 +0000] "GET /o?c=spring&r=r1 HTTP/1.0" 200 43"#
    #expect(AccessLogSupport.parse(.common, line) == open(agent: ""))
  }

  @Test(
    "agents are unescaped once, whoever escaped them",
    arguments: [
      (#"Mail \"x\""#, #"Mail "x""#), (#"Mail \x22x\x22"#, #"Mail "x""#), (#"a\\x41"#, #"a\x41"#),
      (#"caf\xC3\xa9\t\n"#, "café\t\n"), (#"a\q\x4"#, #"a\q\x4"#), ("-", ""), ("", ""),
      ("--", "--"),
    ])
  func agents(_ logged: String, _ expected: String) {
    let line =
      #"203.0.113.7 - - [14/Mar/2026:09:12:01 +0000] "GET /o?c=spring&r=r1 HTTP/1.1" 200 43 "-" "\#(logged)""#
    #expect(AccessLogSupport.parse(.combined, line) == open(agent: expected))
  }

  @Test(
    "targets are unescaped, then percent-decoded, once each",
    arguments: [
      ("/o?c=spring&r=a%40b.example", "a@b.example"), ("/o?c=spring&r=a+b", "a b"),
      ("/o?c=spring&r=a%2Bb", "a+b"), ("/o?c=spring&r=%2540", "%40"),
      (#"/o?c=spring&r=a\x22b"#, "a\"b"), (#"/o?c=spring&r=\xC3\xA9"#, "é"),
      (#"/o?c=spring&r=\x2541"#, "A"), ("/o/spring/a+b%2Fc.gif", "a+b/c"),
      ("/o?c=spring&amp;r=r1", "r1"), ("/o?r=first&c=spring&r=second", "first"),
      ("/o?utm_campaign=x&c=spring&x&r=r1&broken=%zz", "r1"), ("http://h/o?c=spring&r=r1", "r1"),
    ])
  func targets(_ target: String, _ recipient: String) {
    #expect(combined("GET \(target) HTTP/1.1", 200) == open(recipient: recipient))
  }

  @Test(
    "what does not count says why",
    arguments: [
      ("GET / HTTP/1.1", 200, TwinOutcome.ignored(.noRoute)), ("-", 408, .ignored(.noRoute)),
      (#"\x16\x03\x01"#, 400, .ignored(.noRoute)),
      ("GET /ox?c=a&r=b HTTP/1.1", 200, .ignored(.noRoute)),
      ("GET /o/a HTTP/1.1", 200, .ignored(.noRoute)),
      ("POST /o?c=a&r=b HTTP/1.1", 200, .ignored(.method)),
      ("GET /u?c=a&r=b HTTP/1.1", 200, .ignored(.method)),
      ("HEAD /v?c=a&r=b HTTP/1.1", 200, .ignored(.method)),
      ("GET /o?c=a&r=b HTTP/1.1", 404, .ignored(.status)),
      ("GET /o?c=a&r=b HTTP/1.1", 302, .ignored(.status)),
      ("POST /u?c=a&r=b HTTP/1.1", 302, .ignored(.status)),
      ("GET /o HTTP/1.1", 200, .rejected(.missingKey)),
      ("GET /o?c=a HTTP/1.1", 200, .rejected(.missingKey)),
      ("GET /o?c=&r=b HTTP/1.1", 200, .rejected(.missingKey)),
      ("GET /o?c=&c=a&r=b HTTP/1.1", 200, .rejected(.missingKey)),
      ("GET /c?c=a&r=b HTTP/1.1", 302, .rejected(.missingKey)),
      ("GET /c/a/b/ HTTP/1.1", 302, .rejected(.missingKey)),
      ("GET /o//b.gif HTTP/1.1", 200, .rejected(.missingKey)),
      ("GET /o?c=a&r=%4 HTTP/1.1", 200, .rejected(.escape)),
      ("GET /o?c=a&r=%4 HTTP/1.1", 404, .ignored(.status)),
      (#"GET /o?c=a&r=b\q HTTP/1.1"#, 200, .rejected(.escape)),
      ("GET /v?c=a&r=b&value=12,5 HTTP/1.1", 200, .rejected(.number)),
      ("GET /v?c=a&r=b&value=1e3 HTTP/1.1", 200, .rejected(.number)),
    ])
  func outcomes(_ request: String, _ status: Int, _ expected: TwinOutcome) {
    #expect(combined(request, status) == expected)
  }

  @Test("every kind of hit fills its own fields")
  func kinds() {
    check(
      "HEAD /c?c=a&r=b&l=hero&s=2&v=B HTTP/1.1", 302, .clicked,
      ["link": "hero", "send": "2", "variant": "B"])
    check("GET /c/a/b/hero HTTP/1.1", 200, .clicked, ["link": "hero"])
    check("GET /o/a/b/7.gif HTTP/1.1", 200, .opened, ["send": "7"])
    check("POST /u?c=a&r=b&reason=too+many HTTP/1.1", 200, .unsubscribed, ["reason": "too many"])
    check(
      "GET /v?c=a&r=b&value=19.9999995&currency=EUR HTTP/1.1", 200, .converted, ["currency": "EUR"],
      20_000_000)
    check("GET /v?c=a&r=b&value=-0.0000005 HTTP/1.1", 200, .converted, [:], -1)
    check("GET /v?c=a&r=b&value= HTTP/1.1", 204, .converted, [:])
  }

  @Test(
    "damaged lines are rejected, not ignored",
    arguments: [
      (
        #"203.0.113.7 - - [14/Mar/2026:09:12:01 +0000] "GET / HTTP/1.1" 200 43 "-" "x"#,
        RejectReason.malformed
      ),
      (#"203.0.113.7 - - [14/Mar/2026:09:12:01 +0000] "GET / HTTP/1.1" 20 43 "-" "x""#, .malformed),
      (
        #"203.0.113.7 - - [14/Mar/2026:09:12:01 +0000] "GET / HTTP/1.1" 200 4x "-" "x""#, .malformed
      ),
      (#"203.0.113.7 - - [14/Mar/2026:09:12:01 +0000] "GET / HTTP/1.1" 200 43"#, .malformed),
      (#"203.0.113.7 - [14/Mar/2026:09:12:01 +0000] "GET / HTTP/1.1" 200 43 "-" "x""#, .malformed),
      (#" - - - [14/Mar/2026:09:12:01 +0000] "GET / HTTP/1.1" 200 43 "-" "x""#, .malformed),
      (#"203.0.113.7 - - 14/Mar/2026:09:12:01 +0000] "GET / HTTP/1.1" 200 43 "-" "x""#, .malformed),
      (#"203.0.113.7 - - [32/Mar/2026:09:12:01 +0000] "GET / HTTP/1.1" 200 43 "-" "x""#, .time),
      (#"203.0.113.7 - - [14/Mar/2026:09:60:01 +0000] "GET / HTTP/1.1" 200 43 "-" "x""#, .time),
      ("x", .malformed), (#"""""""#, .malformed),
    ])
  func damaged(_ line: String, _ reason: RejectReason) {
    #expect(AccessLogSupport.parse(.combined, line) == .rejected(reason))
  }

  @Test("lines and fields have their longest length")
  func limits() {
    func open(_ recipientCount: Int) -> TwinOutcome {
      let recipient = String(repeating: "r", count: recipientCount)
      return combined("GET /o?c=spring&r=\(recipient) HTTP/1.1", 200)
    }
    #expect(
      open(Limits.fieldByteCountMax) == self.open(recipient: String(repeating: "r", count: 8192)))
    #expect(open(Limits.fieldByteCountMax + 1) == .rejected(.fieldTooLong))
    #expect(open(Limits.lineByteCountMax) == .rejected(.tooLong))
    #expect(AccessLogSupport.parse(.combined, "") == .ignored(.comment))
    #expect(AccessLogSupport.parse(.combined, "# x") == .ignored(.comment))
  }

  @Test("a #Fields line moves the columns, also in the middle of a file")
  func cloudFrontColumns() {
    let first = "#Fields: time date sc-status cs-method cs-uri-stem cs-uri-query c-ip"
    let lines = [first, "09:12:01\t2026-03-14\t200\tGET\t/o\tc=spring&r=a%252Bb\t203.0.113.7"]
    let bytes = lines.map { Bytes($0.utf8) }
    var event = Event()
    var whole = AccessLogFormat.cloudFront.makeParser(routes: .standard)
    var middle = bytes[0].withUnsafeBufferPointer {
      AccessLogFormat.cloudFront.makeParser(routes: .standard, fieldsLine: ByteSlice($0))
    }
    bytes[0].withUnsafeBufferPointer {
      #expect(whole.parse(ByteSlice($0), into: &event) == .ignored(.comment))
    }
    bytes[1].withUnsafeBufferPointer { line in
      let expected = open(recipient: "a+b", agent: "")
      #expect(
        AccessLogSupport.outcome(whole.parse(ByteSlice(line), into: &event), event) == expected)
      #expect(
        AccessLogSupport.outcome(middle.parse(ByteSlice(line), into: &event), event) == expected)
    }
  }

  @Test("Caddy's other messages are ignored, other objects rejected")
  func caddyMessages() {
    let cases: [(String, TwinOutcome)] = [
      (
        #"{"level":"info","ts":1700000000.5,"logger":"tls","msg":"cleaning storage unit"}"#,
        .ignored(.noRoute)
      ),
      (#"{"level":"info","ts":1700000000.5}"#, .ignored(.noRoute)),
      (#"{"time":1,"kind":"sent","campaign":"a"}"#, .rejected(.malformed)),
      ("{}", .rejected(.malformed)),
      (#"{"ts":1,"request":{"uri":"/o","method":"GET"}}"#, .rejected(.malformed)),
    ]
    for (line, expected) in cases { #expect(AccessLogSupport.parse(.caddy, line) == expected) }
  }

  @Test("every generated log is detected", arguments: AccessLogFormat.allCases)
  func detection(_ format: AccessLogFormat) {
    forAll(count: 20) { random, note in
      var head: Bytes = []
      for _ in 0..<40 { head += AccessLogGenerator.line(format, &random) + [10] }
      if format == .cloudFront {
        head =
          Bytes("#Version: 1.0\n#Fields: ".utf8)
          + Bytes(AccessLogGenerator.columns.joined(separator: " ").utf8) + [10] + head
      }
      // A cut last line does not count.
      head += Bytes("203.0.11".utf8)
      let detected = head.withUnsafeBufferPointer { AccessLogFormat.detect(head: ByteSlice($0)) }
      #expect(detected == format, "\(note)")
    }
  }

  @Test("what is no access log is not detected")
  func noDetection() {
    let heads = [
      "", "\n\n", "time,kind,campaign\n1,sent,a\n",
      #"{"time":1,"kind":"sent","campaign":"a","recipient":"b"}"#,
    ]
    for head in heads {
      Array(head.utf8).withUnsafeBufferPointer {
        #expect(AccessLogFormat.detect(head: ByteSlice($0)) == nil, "\(head)")
      }
    }
  }

  @Test("names lead back to their formats")
  func names() {
    for format in AccessLogFormat.allCases {
      let name = ByteSlice(format.name.utf8Start, count: format.name.utf8CodeUnitCount)
      #expect(AccessLogFormat(name: name) == format)
    }
  }

  private func combined(_ request: String, _ status: Int) -> TwinOutcome {
    AccessLogSupport.parse(
      .combined,
      #"203.0.113.7 - - [14/Mar/2026:09:12:01 +0000] "\#(request)" \#(status) 43 "-" "\#(Self.agent)""#
    )
  }

  private func check(
    _ request: String, _ status: Int, _ kind: EventKind, _ fields: [String: String],
    _ value: Int64? = nil
  ) {
    guard case .event(let event) = combined(request, status) else {
      Issue.record("no event: \(request)")
      return
    }
    var expected = fields.mapValues { Bytes($0.utf8) }
    expected["campaign"] = Bytes("a".utf8)
    expected["recipient"] = Bytes("b".utf8)
    expected["userAgent"] = Bytes(Self.agent.utf8)
    #expect(event.kind == kind)
    #expect(event.fields == expected)
    #expect(event.value == value)
    #expect(event.isHead == request.hasPrefix("HEAD"))
  }
}
