// Requests go through a real nginx, and every one is found again, in every format that nginx can log.

import TestSupport
import Testing

@Suite("nginx")
struct NginxTests {
  @Test("every request is found again, whatever format the log has")
  func roundTrip() throws {
    let folder = TemporaryFolder()
    let page = Repository.text("docs/formats/access-logs.md")
    let formats = try NginxServer.logFormats(page: page)
    let server = try NginxServer(folder: folder, formats: formats)
    defer { server.stop() }
    let requests = TrackingRequests.all + (server.hasIPv6 ? TrackingRequests.ipv6 : [])
    try send(requests, to: server, folder)
    try sendHandshake(to: server)
    server.stop()
    for format in formats { try check(format, requests, folder) }
    try checkTimes(formats.map(\.name), folder)
  }

  private func send(
    _ requests: [TrackingRequest], to server: NginxServer, _ folder: TemporaryFolder
  ) throws {
    let curl = try Programs.find("curl", package: "curl")
    let parts = requests.map { $0.curlLines(port: server.port) }
    try Command.write(parts.joined(separator: Bytes("next\n".utf8)), to: folder.file("curl.conf"))
    let result = try Command.run(
      curl, ["--silent", "--show-error", "-K", folder.file("curl.conf")])
    try #require(result.code == 0, "\(result.errorText)")
    let statuses = result.outputText.split(separator: "\n").map { Int($0) }
    try #require(statuses.count == requests.count)
    for (request, status) in zip(requests, statuses) {
      #expect(status == request.status, "\(String(decoding: request.target, as: UTF8.self))")
    }
  }

  /// What scanners do: TLS on a port that does not speak it.
  private func sendHandshake(to server: NginxServer) throws {
    let curl = try Programs.find("curl", package: "curl")
    let address = "https://127.0.0.1:\(server.port)/o?c=spring&r=tls"
    let tlsFailure: Int32 = 35
    #expect(try Command.run(curl, ["--silent", "--insecure", address]).code == tlsFailure)
  }

  private func check(
    _ format: NginxServer.LogFormat, _ requests: [TrackingRequest], _ folder: TemporaryFolder
  ) throws {
    let beacon = Beacon(data: folder.file("data-\(format.name)"))
    let load = try beacon.ingest([folder.file("\(format.name).log")], options: ["--ip", "raw"])
    let summary = LoadSummary(load.errorText)
    let expected = requests.compactMap { $0.row(hasAgent: format.hasAgent) }
    let rejectedCount = requests.count { $0.isRejected(hasAgent: format.hasAgent) }
    let handshakeCount = 1
    let lineCount = requests.count + handshakeCount
    #expect(summary.lineCount == lineCount, "\(format.name)")
    #expect(summary.rejectedCount == rejectedCount, "\(format.name): \(load.errorText)")
    #expect(summary.ignoredCount == lineCount - rejectedCount - expected.count, "\(format.name)")
    let found = try beacon.rows(TrackingRequest.query)
    expectEqual(found, merge(expected), format.name)
    try checkAddresses(beacon, requests, hitCount: expected.count)
  }

  private func checkAddresses(
    _ beacon: Beacon, _ requests: [TrackingRequest], hitCount: Int
  ) throws {
    let rows = try beacon.rows(
      "SELECT ip, kind FROM events GROUP BY ip, kind SETTINGS audience=all")
    let addresses = Set(rows.map(\.cells[0].text))
    let hasIPv6 = requests.contains { $0.isIPv6 }
    #expect(addresses == (hasIPv6 ? ["127.0.0.1", "::1"] : ["127.0.0.1"]))
  }

  /// All logs agree to the second about when a request came.
  private func checkTimes(_ names: [String], _ folder: TemporaryFolder) throws {
    let seconds = try names.map { name in
      let sql =
        "SELECT recipient, kind, time, opens FROM events GROUP BY 1, 2, 3 SETTINGS audience=all"
      let rows = try Beacon(data: folder.file("data-\(name)")).rows(sql)
      return Set(
        rows.filter { $0[0] != "agent9k" }.map { row in
          "\(row[0]) \(row[1]) \(row[2].text.prefix(19))"
        })
    }
    for other in seconds.dropFirst() { #expect(other == seconds[0]) }
  }

  /// Rows that differ only in what they count, counted together.
  private func merge(_ rows: [Row]) -> [Row] {
    var countByRow: [Row: Int] = [:]
    for row in rows { countByRow[row, default: 0] += 1 }
    return countByRow.map { row, count in
      Row(
        row.cells.enumerated().map { index, cell in
          (10...13).contains(index) ? Cell(cell.number * count) : cell
        })
    }
  }

  private func expectEqual(_ found: [Row], _ expected: [Row], _ title: String) {
    let missing = Set(expected).subtracting(found).sorted()
    let surplus = Set(found).subtracting(expected).sorted()
    #expect(missing.isEmpty, "\(title): missing")
    #expect(surplus.isEmpty, "\(title): not sent")
    #expect(found.count == expected.count, "\(title)")
  }
}
