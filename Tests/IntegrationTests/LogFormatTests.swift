// The same story told in every log format: every line is accounted for, and the answers do not depend on the format.

import Testing

@Suite("log formats")
struct LogFormatTests {
  /// What every format can answer.
  static let queries = [
    """
    SELECT kind, campaign, recipient, send, variant, link, reason, currency, opens, clicks, \
    unsubscribes, conversions, revenue FROM events GROUP BY 1, 2, 3, 4, 5, 6, 7, 8 \
    SETTINGS audience = all
    """,
    "SELECT hour, ip, opens, clicks FROM events GROUP BY hour, ip SETTINGS audience = all",
  ]
  /// What needs user agents.
  static let agentQueries = [
    "SELECT user_agent, machine_class, opens FROM events GROUP BY 1, 2 SETTINGS audience = all",
    "SELECT client, device, os, opens, unique_opens FROM events GROUP BY 1, 2, 3",
    "SELECT campaign, opens, clicks, unique_clicks FROM events GROUP BY campaign",
  ]

  @Test("every line is accounted for and tells the same in every format")
  func sameStory() throws {
    let names = try formatNames()
    #expect(names.count >= 8)
    let combined = try answers(format: "combined")
    for name in names where name != "combined" {
      let other = try answers(format: name)
      #expect(firstDifference(other.plain, combined.plain) == nil, "\(name)")
      // The common format alone does not show user agents.
      if name == "common" { continue }
      #expect(firstDifference(other.agents, combined.agents) == nil, "\(name)")
    }
  }

  private func answers(format: String) throws -> (plain: Bytes, agents: Bytes) {
    let workload = try GeneratedWorkload(events: 3_000, seed: 5, format: format)
    let found = workload.data("found")
    let summary = LoadSummary(try found.ingest([workload["logs"]]).errorText)
    let truth = workload.truth
    let hitCount = truth.hits.values.reduce(0, +)
    #expect(summary.lineCount == truth.logLines, "\(format)")
    #expect(summary.newEventCount == hitCount, "\(format)")
    #expect(summary.ignoredCount == truth.ignored.total, "\(format)")
    #expect(summary.rejectedCount == truth.rejected, "\(format)")
    #expect(truth.logLines == hitCount + truth.ignored.total + truth.rejected, "\(format)")

    let plain = try found.answers(Self.queries, in: workload.folder)
    let named = workload.data("named")
    try named.ingest([workload["logs"]], options: ["--format", format])
    #expect(try named.answers(Self.queries, in: workload.folder) == plain, "\(format) by name")
    return (plain, try found.answers(Self.agentQueries, in: workload.folder))
  }

  /// The formats that the generator names when it is asked for another.
  private func formatNames() throws -> [String] {
    let result = try Beacon.run("generate", "--out", "/dev/null", "--events", "1", "--format", "?")
    #expect(result.code == 2)
    let line = try #require(result.errorText.split(separator: "\n").first)
    let list = try #require(line.split(separator: "one of ").last?.split(separator: ", not").first)
    return list.split(separator: ", ").map { String($0) }
  }
}
