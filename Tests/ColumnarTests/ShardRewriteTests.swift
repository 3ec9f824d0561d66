// Rewriting a shard, against arrays and loops: large enough for segments of many blocks.

import Base
import Columnar
import TestSupport
import Testing

/// A shard as plain rows. What is numbered in a shard is a text here.
private struct PlainShard {
  struct Row: Hashable {
    var message: String
    var kind: UInt8
    var time: Int64
    var value: UInt64
    var identity: UInt64
  }

  /// By message: its campaign and flags.
  var messages: [String: [UInt32]] = [:]
  /// By recipient: domain and attributes.
  var recipients: [String: [UInt32]] = [:]
  var rows: [Row] = []

  init(_ image: ShardImage, _ segments: [Segment]) {
    let recipientColumns = [image.statedDomains] + image.attributes
    let codes = recipientColumns.map { $0.decodedCodes() }
    let keys = (0..<UInt32(image.recipients.count)).map { image.recipients[$0].text }
    for (recipient, key) in keys.enumerated() {
      recipients[key] = codes.map { recipient < $0.count ? $0[recipient] : 0 }
    }
    let columns = image.messages.map { $0.decodedCodes() }
    let names = columns[0].indices.map { "\(columns[0][$0]) \(keys[Int(columns[1][$0])])" }
    for (message, name) in names.enumerated() {
      messages[name] = columns.enumerated().filter { $0.offset != 1 }.map { $0.element[message] }
    }
    for segment in segments {
      segment.forEachRow { row in
        rows.append(
          Row(
            message: names[Int(row.message)], kind: row.kind, time: row.time, value: row.value,
            identity: row.identity))
      }
    }
  }

  mutating func remove(before cutoffs: [EventKind: Int64], _ gone: Set<String>) {
    rows.removeAll { row in
      gone.contains(PlainShard.recipient(row.message))
        || EventKind(rawValue: row.kind).flatMap { cutoffs[$0] }.map { row.time < $0 } ?? false
    }
    let named = Set(rows.map(\.message))
    messages = messages.filter { named.contains($0.key) }
    let living = Set(named.map(PlainShard.recipient))
    recipients = recipients.filter { key, codes in
      !gone.contains(key) && (living.contains(key) || codes.dropFirst().contains { $0 != 0 })
    }
  }

  private static func recipient(_ message: String) -> String {
    String(message.split(separator: " ")[1])
  }
}

@Suite("Rewriting a shard")
struct ShardRewriteTests {
  private struct Sample {
    let image: ShardImage
    let segments: [Segment]

    init(_ random: inout PRNG) {
      let recipientCount = 1 + random.below(300)
      let keys = StorageSamples.keys((0..<recipientCount).map { "r\($0)" })
      let table = MessageTable(messageCountMax: 100_000)
      for _ in 0..<(1 + random.below(6000)) {
        // The last recipients have no message.
        _ = table.intern(
          MessageKey(
            campaign: UInt32(1 + random.below(40)),
            recipient: UInt32(random.below((recipientCount + 1) / 2)), send: 0))
      }
      segments = Sample.segments(&random, messageCount: table.count)
      image = ShardImage(
        recipients: keys,
        statedDomains: Sample.column(recipientCount, &random),
        attributes: [
          Sample.column(recipientCount, &random), Sample.column(recipientCount / 2, &random),
        ],
        messages: MessageTable.storedColumns.map { StorageSamples.column(table[$0]) })
    }

    private static func column(_ count: Int, _ random: inout PRNG) -> EncodedColumn {
      (0..<count).map { _ in UInt32(random.below(3)) }
        .withUnsafeBufferPointer { EncodedColumn(encoding: $0) }
    }

    /// Every message has a row; segments span different times, so that some are behind a cutoff as a whole.
    private static func segments(
      _ random: inout PRNG, messageCount: Int
    ) -> [Segment] {
      var segments: [Segment] = []
      var next = 0
      while next < messageCount || random.isHit(0.6) {
        let start = Int64(random.below(6)) * 1000
        let rows = (0..<1 + random.below(random.pick([60, 9000]))).map { _ in
          var row = EventRow()
          row.message = UInt32(next < messageCount ? next : random.below(messageCount))
          next += 1
          row.kind = random.pick([1, 1, 2, 4, 6, 6, 6, 7])
          row.time = start + Int64(random.below(3000))
          row.value = UInt64(random.below(50))
          row.identity = random.isHit(0.3) ? UInt64.random(in: 1...(.max), using: &random) : 0
          return row
        }
        segments.append(
          rows.withUnsafeBufferPointer {
            SegmentBuilder.segment(of: $0, machineMarks: [], forcing: nil)
          })
      }
      return segments
    }
  }

  @Test("what is left is what a loop over the rows leaves")
  func againstLoops() {
    forAll(count: Cases.count(12), seed: 7001) { random, seed in
      let sample = Sample(&random)
      var expected = PlainShard(sample.image, sample.segments)
      var removal = ShardRewrite.Removal()
      var times: [EventKind: Int64] = [:]
      // Often one for all kinds, so that whole segments are behind it or halfway.
      let common = random.isHit(0.5) ? Int64(random.below(9000)) : nil
      for kind in [EventKind.sent, .delivered, .bounced, .opened, .clicked]
      where common != nil || random.isHit(0.7) {
        times[kind] = common ?? Int64(random.below(9000))
        removal.cutoffs.keep(kind, from: times[kind] ?? 0)
      }
      if random.isHit(0.5) {
        removal.recipients = (0..<random.below(4)).map { _ in
          UInt32(random.below(sample.image.recipients.count))
        }
      }
      let gone = Set(removal.recipients.map { sample.image.recipients[$0].text })
      let before = expected
      expected.remove(before: times, gone)
      let rowCountMax = random.pick([500, 5000, 131_072])
      let rewrite = ShardRewrite(
        sample.image, sample.segments, removing: removal, segmentRowCountMax: rowCountMax)
      guard let rewrite else {
        #expect(gone.isEmpty && expected.rows.count == before.rows.count, "\(seed)")
        return
      }
      let left = PlainShard(rewrite.image, rewrite.segments)
      #expect(Counts.of(left.rows) == Counts.of(expected.rows), "\(seed)")
      #expect(left.messages == expected.messages, "\(seed)")
      #expect(left.recipients == expected.recipients, "\(seed)")
      let sizes = rewrite.segments.map(\.rowCount)
      #expect(sizes.dropLast().allSatisfy { $0 == rowCountMax }, "\(seed)")
      let order = left.rows.map { [Int64($0.kind), $0.time] }
      #expect(zip(order, order.dropFirst()).allSatisfy { !$1.lexicographicallyPrecedes($0) })
      let again = ShardRewrite(
        rewrite.image, rewrite.segments,
        removing: ShardRewrite.Removal(cutoffs: removal.cutoffs))
      let isRewrittenAgain = again != nil
      #expect(!isRewrittenAgain, "\(seed)")
    }
  }

  @Test("messages are numbered by when they were sent, and nothing else changes")
  func orderOfSends() {
    forAll(count: Cases.count(12), seed: 7101) { random, seed in
      let sample = Sample(&random)
      let before = sendTimes(sample.image, sample.segments)
      let rowCountMax = random.pick([500, 5000, 131_072])
      guard
        let rewrite = ShardRewrite(
          inOrderOfSends: sample.image, sample.segments, segmentRowCountMax: rowCountMax)
      else {
        let descentCount = zip(before, before.dropFirst()).count { $0 > $1 }
        #expect(descentCount == 0 || descentCount * 8 < before.count, "\(seed)")
        return
      }
      let expected = PlainShard(sample.image, sample.segments)
      let left = PlainShard(rewrite.image, rewrite.segments)
      #expect(Counts.of(left.rows) == Counts.of(expected.rows), "\(seed)")
      #expect(left.messages == expected.messages, "\(seed)")
      #expect(left.recipients == expected.recipients, "\(seed)")
      #expect(sendTimes(rewrite.image, rewrite.segments) == before.sorted(), "\(seed)")
      #expect(rewrite.segments.dropLast().allSatisfy { $0.rowCount == rowCountMax }, "\(seed)")
    }
  }

  @Test("a few sends out of order are left, many are not", arguments: [(20, false), (6, true)])
  func brokenOrder(distance: Int, isRewritten: Bool) {
    let table = MessageTable(messageCountMax: 1000)
    let keys = StorageSamples.keys(["r"])
    let rows = (0..<960).map { index in
      var row = EventRow()
      row.message =
        table.intern(
          MessageKey(campaign: UInt32(index + 1), recipient: 0, send: 0)) ?? 0
      row.kind = EventKind.sent.rawValue
      row.time = Int64(index % distance == 1 ? index - 2 : index)
      return row
    }
    let segment = rows.withUnsafeBufferPointer {
      SegmentBuilder.segment(of: $0, machineMarks: [], forcing: nil)
    }
    let empty = EncodedColumn([0] as [UInt32])
    let image = ShardImage(
      recipients: keys, statedDomains: empty, attributes: [],
      messages: MessageTable.storedColumns.map { StorageSamples.column(table[$0]) })
    let rewrite = ShardRewrite(inOrderOfSends: image, [segment])
    #expect((rewrite != nil) == isRewritten)
  }

  /// By message: when it was first sent; the end of time where it was not.
  private func sendTimes(_ image: ShardImage, _ segments: [Segment]) -> [Int64] {
    var times = [Int64](repeating: .max, count: image.messages[0].rowCount)
    for segment in segments {
      segment.forEachRow { row in
        guard row.kind == EventKind.sent.rawValue else { return }
        times[Int(row.message)] = min(times[Int(row.message)], row.time)
      }
    }
    return times
  }

  private enum Counts {
    static func of<Element: Hashable>(_ elements: [Element]) -> [Element: Int] {
      elements.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }
  }
}
