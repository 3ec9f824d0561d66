// A generated workload through the built program: however it is loaded, the answers are the same bytes, and the
// totals are those of truth.json.

import Testing

@Suite("generated workloads")
struct GeneratedTests {
  static let queries = [
    """
    SELECT sent, delivered, bounced, opens, clicks, unique_opens, unique_clicks, unsubscribes, \
    complaints, conversions, replies, revenue, recipients, openers, clickers FROM events
    """,
    """
    SELECT campaign, sent, open_rate, ctr, ctor, bounce_rate, unsubscribe_rate, complaint_rate \
    FROM events GROUP BY campaign
    """,
    "SELECT campaign, link, clicks, unique_clicks, ctr FROM events GROUP BY campaign, link",
    "SELECT hour, opens, clicks, sent, bounced FROM events GROUP BY hour SETTINGS audience = all",
    "SELECT recipient, sent, opens, clicks FROM events GROUP BY recipient",
    "SELECT client, os, device, opens FROM events GROUP BY client, os, device",
    "SELECT recipient.school, open_rate FROM events GROUP BY recipient.school",
    "SELECT campaign.subject, link.url, position, clicks FROM events GROUP BY 1, 2, 3",
    "SELECT bounce_class, code, reason, bounced FROM events GROUP BY 1, 2, 3",
    "SELECT sent_day, variant, ip, unique_opens FROM events GROUP BY 1, 2, 3",
  ]

  /// A program built for debugging is some ten times slower.
  private static var eventCount: Int {
    #if DEBUG
      6_000
    #else
      20_000
    #endif
  }

  @Test("however it is loaded, the answers are the same bytes", arguments: [1, 2])
  func waysOfLoading(_ seed: Int) throws {
    let workload = try GeneratedWorkload(events: Self.eventCount, seed: seed)
    let plain = workload.data("plain")
    try plain.ingest([workload["logs"]] + workload.otherFiles)
    let expected = try plain.answers(Self.queries, in: workload.folder)
    #expect(expected.count > 10_000)
    try checkTotals(plain, workload.truth)

    let shuffled = try loadShuffled(workload, seed: UInt64(seed))
    let found = try shuffled.answers(Self.queries, in: workload.folder)
    #expect(firstDifference(found, expected) == nil)
    let piped = try loadPiped(workload)
    #expect(firstDifference(try piped.answers(Self.queries, in: workload.folder), expected) == nil)
  }

  /// In random order, over several calls, and then everything once more.
  private func loadShuffled(_ workload: GeneratedWorkload, seed: UInt64) throws -> Beacon {
    let beacon = workload.data("shuffled")
    var random = SplitMix(state: seed)
    let paths = try (workload.logFiles() + workload.otherFiles).shuffled(using: &random)
    let partCount = 4
    for part in 0..<partCount {
      let own = paths.indices.filter { $0 % partCount == part }.map { paths[$0] }
      try beacon.ingest(own)
    }
    let again = try beacon.ingest(paths)
    #expect(LoadSummary(again.errorText).newEventCount == 0, "\(again.errorText)")
    return beacon
  }

  /// Through pipes and patterns.
  private func loadPiped(_ workload: GeneratedWorkload) throws -> Beacon {
    let beacon = workload.data("piped")
    try beacon.ingest(["-"], input: workload["outcomes.ndjson"])
    let pipe = "cat \"$1\" | \"$2\" ingest --data \"$3\" -"
    let result = try Command.run(
      "/bin/sh", ["-c", pipe, "sh", workload["sends.ndjson"], Programs.beacon, beacon.data])
    try #require(result.code == 0, "\(result.errorText)")
    try beacon.ingest([workload["logs/edge1-*.log"], workload["logs/edge1-*.gz"]])
    try beacon.ingest([workload["logs/edge[2-9]*"], workload["*.csv"]])
    return beacon
  }

  private func checkTotals(_ beacon: Beacon, _ truth: TruthFile) throws {
    for (measure, count) in truth.measures {
      #expect(try beacon.row("SELECT \(measure) FROM events")[0].number == count, "\(measure)")
    }
    let revenue = try beacon.row("SELECT revenue FROM events")[0].text
    #expect(padded(revenue) == truth.revenue)
    for (name, audience) in truth.audience { try checkAudience(beacon, name, audience) }
    let rows = try beacon.rows(
      """
      SELECT campaign, sent, delivered, bounced, unique_opens, unique_clicks FROM events \
      GROUP BY campaign
      """)
    let expected = truth.campaigns.map {
      Row([
        Cell(Bytes($0.campaign.utf8)), Cell($0.sent), Cell($0.delivered), Cell($0.bounced),
        Cell($0.uniqueOpens), Cell($0.uniqueClicks),
      ])
    }
    #expect(rows == expected.sorted())
  }

  private func checkAudience(
    _ beacon: Beacon, _ name: String, _ truth: TruthFile.Audience
  ) throws {
    let sql =
      "SELECT opens, clicks, unique_opens, unique_clicks FROM events SETTINGS audience = \(name)"
    let implied = try beacon.row(sql)
    let expected = [truth.opens, truth.clicks, truth.uniqueOpensImpliedOn, truth.uniqueClicks]
    #expect(implied.cells.map(\.number) == expected, "\(name)")
    let plain = try beacon.row(sql + ", implied_opens = off")
    #expect(plain[2].number == truth.uniqueOpensImpliedOff, "\(name)")
  }

  /// With six digits after the point, as in truth.json.
  private func padded(_ amount: String) -> String {
    let parts = amount.split(separator: ".")
    let fraction = parts.count > 1 ? String(parts[1]) : ""
    return (parts.first ?? "0") + "." + fraction + String(repeating: "0", count: 6 - fraction.count)
  }
}

/// A seeded order for files.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
