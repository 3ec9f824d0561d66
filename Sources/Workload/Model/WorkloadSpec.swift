// What to generate. Two equal specifications give the same bytes, on any machine, for ever.

internal import Base

package struct WorkloadSpec: Equatable, Sendable {
  /// Access-log lines to write, approximately; about half as many messages are sent.
  package var lineCount: Int
  package var seed: UInt64
  package var campaignCount: Int
  package var recipientCount: Int
  package var format = LogDialect.combined
  /// Servers that each write a log of their own.
  package var edgeCount: Int
  /// Days on which messages are sent.
  package var sendDayCount: Int
  /// Days the logs go on after the last sending day.
  package var tailDayCount: Int
  /// The first sending day, in days since 1970-01-01.
  package var firstDay = CivilDate(year: 2026, month: 3, day: 1).daysSinceEpoch
  /// Records held in memory at a time (24 bytes each); it bounds memory and never changes a byte of the output.
  package var recordCountMax = 12_000_000

  /// A workload of `lineCount` lines in which everything else fits that number.
  package init(lineCount: Int, seed: UInt64 = 1) {
    self.lineCount = lineCount
    self.seed = seed
    campaignCount = max(1, min(200, lineCount / 2, max(6, lineCount / 1000)))
    recipientCount = max(60, lineCount / 10)
    edgeCount = lineCount < 20_000 ? 2 : 3
    sendDayCount = lineCount < 20_000 ? 3 : 30
    tailDayCount = lineCount < 20_000 ? 4 : 21
  }

  /// How many messages are sent.
  package var messageCount: Int { max(1, lineCount / 2) }

  /// Throws unless every number is in its range.
  package func validate() throws(WorkloadError) {
    try check(lineCount, in: 1...4_000_000_000, "events")
    try check(
      campaignCount, in: 1...min(100_000, messageCount), "campaigns (at most one a message)")
    try check(recipientCount, in: 1...1_000_000_000, "recipients")
    try check(edgeCount, in: 1...9, "edges")
    try check(sendDayCount, in: 1...366, "sending days")
    try check(tailDayCount, in: 0...366, "days after the last sending day")
    try check(recordCountMax, in: 1...Int.max, "records in memory")
  }

  private func check(
    _ value: Int, in range: ClosedRange<Int>, _ name: String
  ) throws(WorkloadError) {
    guard range.contains(value) else {
      throw .badSpecification(
        "\(name): \(value) is not in \(range.lowerBound)...\(range.upperBound)")
    }
  }
}
