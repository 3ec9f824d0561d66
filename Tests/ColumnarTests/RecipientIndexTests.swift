import Base
import Columnar
import TestSupport
import Testing

@Suite("Where each recipient's messages and events stand")
struct RecipientIndexTests {
  @Test("the second question finds what a loop over all messages and rows finds")
  func records() {
    forAll(count: 60) { random, seed in
      let recipientCount = 1 + random.below(40)
      let recipients = (0..<random.below(300)).map { _ in UInt32(random.below(recipientCount)) }
      let segments = (0..<(recipients.isEmpty ? 0 : random.below(5))).map { _ in
        RecipientIndexTests.segment(
          &random, recipients.count, count: random.pick([0, 1, 90, 5000]))
      }
      // Some recipients came later, and have nothing.
      let shard = RecipientIndexTests.shard(recipients, segments, recipientCount: recipientCount)
      #expect(shard.people.records(of: 0, in: shard) == nil, "\(seed)")
      #expect(shard.people.byteCount == 0, "\(seed)")
      for recipient in 0..<UInt32(recipientCount + 3) {
        let plain = RecipientIndexTests.plain(recipient, recipients, segments)
        // Going through a shard that is nearly all one person's takes less.
        let rowCount = segments.reduce(0) { $0 + $1.rowCount }
        let isMost = plain.rows.joined().count > max(Limits.blockRowCount, rowCount / 16)
        let found = shard.people.records(of: recipient, in: shard)
        #expect(found?.messages == (isMost ? nil : plain.messages), "\(seed)")
        #expect(found?.rows == (isMost ? nil : plain.rows), "\(seed)")
      }
      #expect(shard.people.byteCount > 0, "\(seed)")
      for recipient in -1...recipientCount {
        let key = Array("r\(recipient)".utf8)
        let found = key.withUnsafeBufferPointer {
          shard.people.ordinal(of: ByteSlice($0), in: shard)
        }
        #expect(found == ((0..<recipientCount).contains(recipient) ? UInt32(recipient) : nil))
      }
    }
  }

  @Test("it takes about three bytes for each event and message")
  func memory() {
    var random = PRNG(seed: 3)
    let recipients = (0..<20_000).map { _ in UInt32(random.below(2000)) }
    let segments = (0..<3).map { _ in
      RecipientIndexTests.segment(&random, recipients.count, count: 30_000)
    }
    let shard = RecipientIndexTests.shard(recipients, segments, recipientCount: 2000)
    for _ in 0..<2 { _ = shard.people.records(of: 7, in: shard) }
    #expect((200_000..<300_000).contains(shard.people.byteCount))
  }

  @Test("a shard of which a segment is on disk only has none")
  func cold() {
    var random = PRNG(seed: 5)
    let segments = (0..<2).map { _ in RecipientIndexTests.segment(&random, 3, count: 20) }
    let shard = RecipientIndexTests.shard([0, 1, 0], segments, recipientCount: 2)
    segments[1].cool(NothingToRead())
    for _ in 0..<3 { #expect(shard.people.records(of: 0, in: shard) == nil) }
    #expect(!RecipientIndex.serves(shard))
  }

  /// A disk without files.
  private struct NothingToRead: SegmentSource {
    func load(_ column: EventColumn, like blocks: [EncodedBlock]) -> EncodedColumn? { nil }
  }

  private static func segment(_ random: inout PRNG, _ messageCount: Int, count: Int) -> Segment {
    var builder = SegmentBuilder(rowCountMax: max(count, 1))
    for row in EngagementSamples.rows(&random, messageCount, count: count) { builder.append(row) }
    return builder.seal(machineMarks: EngagementSamples.machineMarks)
  }

  /// - Parameter recipients: by message.
  private static func shard(
    _ recipients: [UInt32], _ segments: [Segment], recipientCount: Int
  ) -> ShardSnapshot {
    let column = recipients.withUnsafeBufferPointer { EncodedColumn(encoding: $0) }
    return ShardSnapshot(
      recipients: StorageSamples.keys((0..<recipientCount).map { "r\($0)" }),
      recipientDomains: .empty, recipientAttributes: [],
      messages: [column, column],
      sentTimes: SentTimes(of: segments, messageCount: recipients.count),
      counts: MessageCounts(), segments: segments,
      splits: segments.map { AudienceSplit($0, machineMarks: EngagementSamples.machineMarks) })
  }

  private static func plain(
    _ recipient: UInt32, _ recipients: [UInt32], _ segments: [Segment]
  ) -> (messages: [UInt32], rows: [[UInt32]]) {
    let rows = segments.map { segment in
      var (rows, number): ([UInt32], UInt32) = ([], 0)
      segment.forEachRow { row in
        if recipients[Int(row.message)] == recipient { rows.append(number) }
        number += 1
      }
      return rows
    }
    return (recipients.indices.filter { recipients[$0] == recipient }.map { UInt32($0) }, rows)
  }
}
