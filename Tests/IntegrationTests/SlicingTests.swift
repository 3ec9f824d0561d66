// The slicing law through the built program: WHERE d = x is row x of GROUP BY d, for every measure.

import Testing

@Suite("slicing")
struct SlicingTests {
  static let measures = """
    sent, delivered, bounced, hard_bounced, opens, clicks, unique_opens, unique_clicks, \
    unsubscribes, conversions, revenue, recipients, openers, clickers, open_rate, ctr, ctor, \
    conversion_rate, bounce_rate, unsubscribe_rate, population
    """
  static let dimensions = [
    "campaign", "link", "hour", "domain", "client", "recipient.school", "sent_day", "weekday",
    "bounce_class", "variant", "machine_class",
  ]

  @Test("WHERE d = x is row x of GROUP BY d")
  func slices() throws {
    let workload = try GeneratedWorkload(events: 6_000, seed: 3)
    let beacon = workload.data("slices")
    try beacon.ingest([workload["logs"]] + workload.otherFiles)
    for dimension in Self.dimensions {
      let groups = try beacon.rows(
        "SELECT \(dimension), \(Self.measures) FROM events GROUP BY \(dimension)")
      try #require(groups.count > 1, "\(dimension)")
      for index in Set([0, groups.count / 3, groups.count / 2, groups.count - 1]).sorted() {
        let group = groups[index]
        let condition = SlicingTests.condition(dimension, group[0])
        let slice = try beacon.row("SELECT \(Self.measures) FROM events WHERE \(condition)")
        #expect(slice.cells == Array(group.cells.dropFirst()), "\(condition)")
      }
    }
  }

  private static func condition(_ dimension: String, _ value: Cell) -> String {
    guard value.bytes != nil else { return "\(dimension) IS NULL" }
    let quoted =
      "'"
      + value.text.split(separator: "'", omittingEmptySubsequences: false)
      .joined(separator: "''") + "'"
    switch dimension {
    case "hour": return "hour = TIMESTAMP \(quoted)"
    case "sent_day": return "sent_day = DATE \(quoted)"
    case "weekday": return "weekday = \(value.text)"
    default: return "\(dimension) = \(quoted)"
    }
  }
}
