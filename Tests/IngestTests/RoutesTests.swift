import Base
import Ingest
import TestSupport
import Testing

@Suite("Routes")
struct RoutesTests {
  @Test("the standard routes are what the documentation shows")
  func standard() throws {
    #expect(try AccessLogSupport.routes(Routes.standardText) == Routes.standard)
    #expect(Routes.standard.routes.count == 7)
  }

  @Test(
    "errors name the line and say what to do",
    arguments: [
      ("", 1, "there is no route"), ("# only a comment\n", 2, "there is no route"),
      ("\nopen GET", 2, "a route is KIND METHODS PATTERN"),
      ("view GET /o", 1, "'view' is no kind; write open"),
      ("open get /o", 1, "'get' is no method; write GET"), ("open GET, /o", 1, "'' is no method"),
      ("open GET o", 1, "must begin with a slash"),
      ("open GET /{camp}", 1, "'camp' is no field; write campaign"),
      ("open GET /{campaign/x", 1, "the { has no }"),
      ("open GET /{campaign*}/x", 1, "must be the last segment"),
      ("open GET /{campaign}{recipient}", 1, "one {field}"),
      ("open GET /o?c=x", 1, "write key={field}"),
      ("open GET /o?c={campaign}&c={recipient}", 1, "comes twice"),
      ("open GET /o?c={campaign}&d={campaign}&r={recipient}", 1, "{campaign} comes twice"),
      ("open GET /o?r={recipient}", 1, "no campaign; add {campaign}"),
      ("open GET /o?c={campaign}", 1, "no recipient; add"),
      ("open GET /o?c={campaign} recipient={address} status=2x", 1, "'2x' is no status"),
      ("open GET /o?c={campaign} recipient={address} status", 1, "write name=value"),
      ("open GET /o?c={campaign} recipient={client}", 1, "only recipient={address}"),
      ("open GET /o campaign=\"a recipient={address}", 1, "a quote is not closed"),
      ("open GET /o campaign= recipient={address}", 1, "write campaign=text"),
      (
        "open GET /o?c={campaign}&value={value} recipient={address}", 1,
        "{value} does not belong to opened"
      ),
      ("convert GET /o?c={campaign} recipient={address} value=1", 1, "value cannot be constant"),
      ("click GET /c?c={campaign}&r={recipient} link=a link=b", 1, "{link} comes twice"),
    ])
  func errors(_ text: String, _ line: Int, _ part: String) {
    do throws(RoutesError) {
      _ = try AccessLogSupport.routes(text)
      Issue.record("no error")
    } catch {
      #expect(error.line == line)
      #expect(error.message.contains(part), "\(error.message)")
    }
  }

  @Test("too many routes are an error")
  func tooMany() {
    let route = "open GET /o?c={campaign}&r={recipient}\n"
    #expect(throws: Never.self) {
      try AccessLogSupport.routes(String(repeating: route, count: Limits.routeCountMax))
    }
    #expect(throws: RoutesError.self) {
      try AccessLogSupport.routes(String(repeating: route, count: Limits.routeCountMax + 1))
    }
  }

  @Test(
    "the first route with path and method decides, and constants fill what the pattern leaves out")
  func order() throws {
    let routes = try AccessLogSupport.routes(
      """
      open GET /a/{_} campaign="first choice" recipient={address}   # comment
      click POST /a/{link} campaign=second recipient={address} status=201,3xx
      click GET /{link*}.html campaign=third recipient={address}
      """)
    func parse(_ request: String, _ status: Int) -> TwinOutcome {
      AccessLogSupport.parse(
        .common, #"203.0.113.7 - - [14/Mar/2026:09:12:01 +0000] "\#(request)" \#(status) 0"#,
        routes: routes)
    }
    func campaign(_ outcome: TwinOutcome) -> String? {
      guard case .event(let event) = outcome else { return nil }
      #expect(event.fields["recipient"] == Bytes("203.0.113.7".utf8))
      return event.fields["campaign"].map { String(decoding: $0, as: UTF8.self) }
    }
    #expect(campaign(parse("GET /a/b HTTP/1.1", 200)) == "first choice")
    #expect(campaign(parse("POST /a/b HTTP/1.1", 201)) == "second")
    #expect(parse("POST /a/b HTTP/1.1", 200) == .ignored(.status))
    #expect(parse("PUT /a/b HTTP/1.1", 200) == .ignored(.method))
    #expect(campaign(parse("GET /x/y/z.html?q=1 HTTP/1.1", 200)) == "third")
    #expect(parse("GET /.html HTTP/1.1", 200) == .rejected(.missingKey))
    #expect(parse("GET /a HTTP/1.1", 200) == .ignored(.noRoute))
  }
}
