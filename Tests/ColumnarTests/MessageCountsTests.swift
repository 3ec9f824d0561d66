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
      var seen: [EventRow] = []
      // What is open: in a segment or not, and to be replaced when it is sealed.
      var open: [Segment] = []
      var builder = SegmentBuilder(rowCountMax: 100_000)
      for _ in 0..<random.below(6) {
        let taken = builder.rowCount
        let fresh = MessageCountsTests.rows(&random, messageCount)
        for row in fresh { builder.append(row) }
        seen += fresh
        var change = EventChange(removed: [], added: [], rows: nil)
        if random.isHit(0.3) {
          change.removed = open
          change.added = [builder.seal()]
          open = []
        } else {
          let run = builder.lend().suffix(from: taken)
          change.rows = run
          open.append(run.segment(forcing: nil))
        }
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
      for row in MessageCountsTests.rows(&random, messageCount, count: 9000) {
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

  /// No user agent, a person's, a machine's, a person's.
  private let marks: [UInt8] = [0, 0, 1, 0]

  private func check(
    _ counts: MessageCounts, _ rows: [EventRow], _ messageCount: Int, _ seed: String
  ) {
    var naive = EngagementPart.allCases.map { _ in [UInt32](repeating: 0, count: messageCount) }
    for row in rows {
      let isMachine = row.userAgent == 2 || row.flags & EventFlags.head != 0
      let part: EngagementPart
      switch EventKind(rawValue: row.kind) {
      case .opened: part = isMachine ? .machineOpens : .humanOpens
      case .clicked: part = isMachine ? .machineClicks : .humanClicks
      default: continue
      }
      naive[part.rawValue][Int(row.message)] += 1
    }
    for part in EngagementPart.allCases {
      #expect(counts.counts(part) == naive[part.rawValue], "\(part), \(seed)")
    }
  }

  private static func rows(
    _ random: inout PRNG, _ messageCount: Int, count: Int? = nil
  ) -> [EventRow] {
    (0..<(count ?? random.below(300))).map { _ in
      var row = EventRow()
      row.kind = random.pick([EventKind.opened, .opened, .clicked, .sent, .unsubscribed]).rawValue
      row.message = UInt32(random.below(messageCount))
      row.userAgent = UInt32(random.below(4))
      row.flags = random.isHit(0.1) ? EventFlags.head : 0
      return row
    }
  }
}
