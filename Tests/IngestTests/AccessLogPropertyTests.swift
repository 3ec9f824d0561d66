import Base
import Ingest
import TestSupport
import Testing

@Suite("Access logs, random")
struct AccessLogPropertyTests {
  static let siteRoutes = """
    # An ordinary web site.
    click GET /blog/{link*} campaign=blog recipient={address}
    open GET,HEAD /{link*}.png campaign="site images" recipient={address} status=2xx
    click GET,POST /c/{campaign}/x-{recipient}.y/{_} variant=b
    open GET /* campaign=rest recipient={address}
    """
  static let siteTwin = [
    TwinRoute(
      kind: .clicked, methods: ["GET"], statuses: RoutesTwin.clicks, path: "/blog/{link*}",
      constants: ["campaign": "blog"], takesAddress: true),
    TwinRoute(
      kind: .opened, methods: ["GET", "HEAD"], statuses: [200...299], path: "/{link*}.png",
      constants: ["campaign": "site images"], takesAddress: true),
    TwinRoute(
      kind: .clicked, methods: ["GET", "POST"], statuses: RoutesTwin.clicks,
      path: "/c/{campaign}/x-{recipient}.y/{_}", constants: ["variant": "b"]),
    TwinRoute(
      kind: .opened, methods: ["GET"], statuses: RoutesTwin.opens, path: "/*",
      constants: ["campaign": "rest"], takesAddress: true),
  ]

  @Test("every parser agrees with its naive twin", arguments: AccessLogFormat.allCases)
  func agreesWithTwin(_ format: AccessLogFormat) throws {
    try compare(format, .standard, RoutesTwin.standard, seed: 1)
  }

  @Test(
    "every parser agrees with its naive twin on a site's routes",
    arguments: AccessLogFormat.allCases)
  func agreesWithTwinOnSite(_ format: AccessLogFormat) throws {
    let routes = try AccessLogSupport.routes(Self.siteRoutes)
    try compare(format, routes, Self.siteTwin, seed: 1001)
  }

  /// Hits must be a fair share of the lines, or the comparison would say little.
  private func compare(
    _ format: AccessLogFormat, _ routes: Routes, _ twins: [TwinRoute], seed: UInt64
  ) throws {
    let fields = Array(("#Fields: " + AccessLogGenerator.columns.joined(separator: " ")).utf8)
    var parser = fields.withUnsafeBufferPointer {
      format.makeParser(routes: routes, fieldsLine: ByteSlice($0))
    }
    var event = Event()
    var kinds: [String: Int] = [:]
    forAll(count: 120, seed: seed) { random, note in
      for index in 0..<10 {
        var line = AccessLogGenerator.line(format, &random)
        if index % 2 == 1 { line = AccessLogGenerator.mutate(line, &random) }
        // The twin has no columns to change.
        if line.starts(with: Bytes("#Fields".utf8)) { continue }
        let expected = AccessLogTwin.parse(format, line, twins, columns: AccessLogGenerator.columns)
        let actual = line.withUnsafeBufferPointer {
          AccessLogSupport.outcome(parser.parse(ByteSlice($0), into: &event), event)
        }
        kinds[AccessLogSupport.name(expected), default: 0] += 1
        #expect(actual == expected, "\(note) \(String(decoding: line, as: UTF8.self))")
      }
    }
    #expect(kinds["event", default: 0] > 60, "\(kinds)")
    #expect(kinds.count >= 6, "\(kinds)")
  }

  @Test("times agree with their naive twin")
  func times() {
    var validCount = 0
    forAll(count: 3000) { random, note in
      var text = Bytes(AccessLogGenerator.timestamp(&random).utf8)
      if random.isHit(0.3) { text = AccessLogGenerator.mutate(text, &random) }
      let actual = text.withUnsafeBufferPointer { Timestamp.parse(ByteSlice($0)) }
      validCount += actual == nil ? 0 : 1
      let shown = String(decoding: text, as: UTF8.self)
      #expect(actual == TimestampTwin.any(text), "\(note) \(shown)")
    }
    #expect(validCount > 500)
  }

  @Test("addresses agree with inet_pton")
  func addresses() {
    let pieces = [
      "1", "255", "256", "01", "abcd", "F", "12345", ".", ".", ":", ":", "::", "1.2.3.4",
    ]
    forAll(count: 5000) { random, note in
      let text = Bytes((0..<random.below(16)).map { _ in random.pick(pieces) }.joined().utf8)
      let actual = text.withUnsafeBufferPointer { NetworkAddress(text: ByteSlice($0)) ?? .none }
      let shown = String(decoding: text, as: UTF8.self)
      #expect(actual == RoutesTwin.address(text), "\(note) \(shown)")
    }
  }

  @Test("amounts agree with 128-bit arithmetic")
  func amounts() {
    let pieces = [
      "0", "1", "9", "5", "4999999", ".", "-", "+", "9223372036854", "775807", " ", "e",
    ]
    forAll(count: 5000) { random, note in
      let text = Bytes((0..<random.below(7)).map { _ in random.pick(pieces) }.joined().utf8)
      let actual = text.withUnsafeBufferPointer { Decimal.micros(ByteSlice($0)) }
      let shown = String(decoding: text, as: UTF8.self)
      #expect(actual == RoutesTwin.micros(text), "\(note) \(shown)")
    }
  }

  @Test("arbitrary bytes trap no parser", arguments: AccessLogFormat.allCases)
  func arbitraryBytes(_ format: AccessLogFormat) {
    forAll(count: 60) { random, note in AccessLogFuzz.parse(format, &random, note) }
  }

  @Test("arbitrary bytes trap neither detection nor the routes reader")
  func arbitraryHeads() {
    forAll(count: 200) { random, note in
      AccessLogFuzz.detect(&random, note)
      AccessLogFuzz.routes(&random, note)
    }
  }
}
