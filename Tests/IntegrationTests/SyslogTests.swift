// Hits that real senders forward while they are written: rsyslog over TCP and UDP, and nginx itself.

import Glibc
import TestSupport
import Testing

@Suite("syslog", .timeLimit(.minutes(5)))
struct SyslogTests {
  private let folder = TemporaryFolder()

  private static let count =
    "SELECT opens FROM events WHERE campaign = '%' SETTINGS audience=all, implied_opens=off"

  private func opens(_ campaign: String) -> String {
    SyslogTests.count.split(separator: "%", maxSplits: 1).joined(separator: campaign)
  }

  private func hits(_ campaign: String, _ recipients: Range<Int>) -> String {
    recipients.map { number in
      let agent =
        number == 7 ? String(repeating: "long ", count: 1000) : "Mail \\x22\\xC3\\xA9\\x22"
      return "192.0.2.1 - - [14/Mar/2026:09:12:01 +0000] \"GET /o?c=\(campaign)&r=r\(number) "
        + "HTTP/1.1\" 200 43 \"-\" \"\(agent)\"\n"
    }.joined()
  }

  /// The indented block of docs/OPERATING.md that has these words.
  private static func snippet(_ words: String) throws -> String {
    let blocks = Repository.text("docs/OPERATING.md").split(
      separator: "\n\n", omittingEmptySubsequences: true)
    let block = blocks.first { $0.hasPrefix("    ") && $0.contains(words) }
    return String(try #require(block, "the page shows no \(words) any more"))
  }

  @Test("rsyslog forwards files as the manual shows it, and every hit counts once")
  func forwarding() throws {
    let server = try BeaconServer(
      data: folder.file("data"),
      options: ["--syslog-tcp", "127.0.0.1:0,combined", "--syslog-udp", "127.0.0.1:0,combined"])
    let (tcp, udp) = (try server.port(of: "syslog-tcp"), try server.port(of: "syslog-udp"))
    let counted = try SyslogTests.snippet("omfwd")
      .replacing("/var/log/nginx/tracking.log", with: folder.file("counted.log"))
      .replacing("5514", with: "\(tcp)")
    let lines = forwarder(
      "lines", "protocol=\"tcp\" port=\"\(tcp)\" template=\"RSYSLOG_ForwardFormat\"")
    let datagrams = forwarder(
      "datagrams",
      "protocol=\"udp\" port=\"\(udp)\" template=\"RSYSLOG_TraditionalForwardFormat\"")
    let counts = ["counted": 2000, "lines": 2000, "datagrams": 100]
    for (name, count) in counts { folder.write("\(name).log", hits(name, 0..<count)) }
    let syslog = try SyslogServer(
      folder: folder, configuration: "\(counted)\n\(lines)\n\(datagrams)")
    defer { syslog.stop() }
    for (name, count) in counts {
      #expect(try server.waitForCell(opens(name), "\(count)") == "\(count)", "\(name)")
    }
    #expect(server.stop() == 0)
    let beacon = Beacon(data: folder.file("data"))
    for (name, count) in counts {
      #expect(try beacon.row(opens(name))[0].text == "\(count)")
    }
  }

  /// Forwards `<name>.log`.
  private func forwarder(_ name: String, _ options: String) -> String {
    """
    input(type="imfile" file="\(folder.file(name)).log" tag="nginx:" ruleset="\(name)")
    ruleset(name="\(name)") { action(type="omfwd" target="127.0.0.1" \(options)) }
    """
  }

  @Test("nginx sends every hit as the manual shows it")
  func nginx() throws {
    let server = try BeaconServer(
      data: folder.file("data"), options: ["--syslog-udp", "127.0.0.1:0"])
    let log = try SyslogTests.snippet("access_log")
      .replacing("5514", with: "\(try server.port(of: "syslog-udp"))")
    let nginx = try NginxServer(folder: folder, formats: [], logs: [log])
    defer { nginx.stop() }
    let curl = try Programs.find("curl", package: "curl")
    let hitCount = 400
    // Few enough at a time that the system's queue has room for all of them.
    for first in stride(from: 1, to: hitCount, by: 100) {
      let address = "http://127.0.0.1:\(nginx.port)/o?c=spring&r=[\(first)-\(first + 99)]"
      let result = try Command.run(
        curl, ["--silent", "--show-error", "--output", "/dev/null", address])
      try #require(result.code == 0, "\(result.errorText)")
      let soFar = "\(first + 99)"
      try #require(try server.waitForCell(opens("spring"), soFar) == soFar)
    }
    let people =
      "SELECT count(DISTINCT recipient) FROM events WHERE campaign = 'spring' SETTINGS audience=all"
    #expect(try server.waitForCell(people, "\(hitCount)") == "\(hitCount)")
    #expect(server.stop() == 0)
  }

  @Test("hits that queries have seen survive a server that is killed")
  func killed() throws {
    let data = folder.file("data")
    let server = try BeaconServer(data: data, options: ["--lines-tcp", "127.0.0.1:0,combined"])
    let descriptor = try LoopbackPort.connected(to: server.port(of: "lines-tcp"))
    defer { close(descriptor) }
    let lines = Bytes(hits("spring", 0..<500).utf8)
    try #require(write(descriptor, lines, lines.count) == lines.count)
    #expect(try server.waitForCell(opens("spring"), "500") == "500")
    #expect(server.stop(SIGKILL) == 128 + SIGKILL)
    let next = try BeaconServer(data: data)
    #expect(try next.waitForCell(opens("spring"), "500") == "500")
    #expect(next.stop() == 0)
  }

  @Test("a server whose sources others could reach does not start unasked")
  func open() throws {
    let data = folder.file("data")
    let refused = try Beacon.run("serve", "--data", data, "--lines-tcp", "0.0.0.0:0")
    #expect(refused.code == 2)
    #expect(refused.errorText.contains("--open-sources"))
    let server = try BeaconServer(
      data: data, options: ["--lines-tcp", "0.0.0.0:0", "--open-sources"])
    #expect(try server.port(of: "lines-tcp") > 0)
    #expect(server.stop() == 0)
  }
}
