import Base
import Columnar
import TestSupport
import Testing

@Suite("Message counts")
struct MessageCountsTests {
  @Test("counts are those of the rows, however they came: in segments, as rows, sealed later")
  func counts() {
    forAll(count: 60) { random, seed in
      let messageCount = 1 + random.below(9000)
      var counts = MessageCounts()
      EngagementSamples.arrive(&random, messageCount) { change, seen in
        counts.update(change, messageCount: messageCount, machineMarks: marks)
        check(counts, seen, messageCount, seed)
      }
    }
  }

  @Test("messages that come later have no counts, and many rows are taken into the columns")
  func growth() {
    var counts = MessageCounts()
    var random = PRNG(seed: 7)
    var rows: [EventRow] = []
    for messageCount in [3, 5000, 20_000] {
      var builder = SegmentBuilder(rowCountMax: 10_000)
      for row in EngagementSamples.rows(&random, messageCount, count: 9000) {
        builder.append(row)
        rows.append(row)
      }
      counts.update(
        EventChange(removed: [], added: [], rows: builder.lend()),
        messageCount: messageCount, machineMarks: marks)
      check(counts, rows, messageCount, "")
    }
    // Sixteen thousand opens and clicks as messages of 32 bits would be more.
    #expect(counts.byteCount < 48_000)
  }

  private let marks = EngagementSamples.machineMarks

  private func check(
    _ counts: MessageCounts, _ rows: [EventRow], _ messageCount: Int, _ seed: String
  ) {
    var naive = EngagementPart.allCases.map { _ in [UInt32](repeating: 0, count: messageCount) }
    for row in rows {
      guard let part = EngagementSamples.part(of: row) else { continue }
      naive[part.rawValue][Int(row.message)] += 1
    }
    for part in EngagementPart.allCases {
      #expect(counts.counts(part) == naive[part.rawValue], "\(part), \(seed)")
    }
  }
}
