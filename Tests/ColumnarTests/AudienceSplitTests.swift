import Base
import Columnar
import TestSupport
import Testing

@Suite("People before machines")
struct AudienceSplitTests {
  @Test("sealing puts people's opens and clicks before those of machines, and the split says where")
  func split() {
    forAll(count: 40) { random, seed in
      let rows = EngagementSamples.rows(&random, 50, count: random.pick([0, 1, 30, 5000, 9000]))
      let segment = seal(rows)
      let split = AudienceSplit(segment, machineMarks: marks)
      for (kind, human, machine) in kinds {
        let found = split.firstMachine(of: kind)
        let parts = parts(segment, kind)
        #expect(
          found == segment.rows(ofKind: kind.rawValue).lowerBound + parts.count { $0 == human },
          "\(seed)")
        #expect(parts == parts.filter { $0 == human } + parts.filter { $0 == machine }, "\(seed)")
      }
      #expect(split.firstMachine(of: .sent) == nil)
    }
  }

  @Test("where the order does not tell people from machines, the split says so")
  func mixed() {
    forAll(count: 60) { random, seed in
      let rows = EngagementSamples.rows(&random, 50, count: random.below(12))
      var builder = SegmentBuilder(rowCountMax: 12)
      for row in rows { builder.append(row) }
      // By time alone.
      let segment = builder.seal()
      let split = AudienceSplit(segment, machineMarks: marks)
      for (kind, human, _) in kinds {
        let parts = parts(segment, kind)
        let people = parts.prefix { $0 == human }.count
        let isApart = !parts[people...].contains(human)
        let first = segment.rows(ofKind: kind.rawValue).lowerBound + people
        #expect(split.firstMachine(of: kind) == (isApart ? first : nil), "\(seed)")
      }
    }
  }

  @Test(
    "marks are those of a loop: the first of its message on its link, or in its hour",
    arguments: [FirstMarks.Scope.link, .hour])
  func firsts(_ scope: FirstMarks.Scope) {
    forAll(count: 25) { random, seed in
      let segments = (0..<1 + random.below(3)).map { _ in
        seal(EngagementSamples.rows(&random, 1 + random.below(60), count: random.below(6000)))
      }
      let shard = shard(segments)
      for (kind, _, _) in kinds {
        for isMachine in [false, true] {
          #expect(
            shard.firsts.marks(kind, isMachine: isMachine, scope, of: shard) == nil, "\(seed)")
          for _ in 0..<2 {
            let found = shard.firsts.marks(kind, isMachine: isMachine, scope, of: shard)
            #expect(found.map { rows($0) } == plain(shard, kind, isMachine, scope), "\(seed)")
          }
        }
      }
    }
  }

  @Test("nothing is marked where people and machines are mixed")
  func unmarked() {
    var builder = SegmentBuilder(rowCountMax: 3)
    for (index, agent) in [UInt32(1), 2, 1].enumerated() {
      var row = EventRow()
      (row.kind, row.userAgent, row.time) = (EventKind.opened.rawValue, agent, Int64(index))
      builder.append(row)
    }
    let shard = shard([builder.seal()])
    for _ in 0..<2 {
      #expect(shard.firsts.marks(.opened, isMachine: false, .hour, of: shard) == nil)
    }
  }

  private let marks = EngagementSamples.machineMarks
  private let kinds: [(EventKind, EngagementPart, EngagementPart)] = [
    (.opened, .humanOpens, .machineOpens), (.clicked, .humanClicks, .machineClicks),
  ]

  private func seal(_ rows: [EventRow]) -> Segment {
    var builder = SegmentBuilder(rowCountMax: max(rows.count, 1))
    for row in rows { builder.append(row) }
    return builder.seal(machineMarks: marks)
  }

  private func shard(_ segments: [Segment]) -> ShardSnapshot {
    return ShardSnapshot(
      recipients: KeyDictionary(countMax: 1).prefix, recipientDomains: .empty,
      recipientAttributes: [], messages: [.empty],
      sentTimes: SentTimes(of: segments, messageCount: 0), counts: MessageCounts(),
      segments: segments,
      splits: segments.map { AudienceSplit($0, machineMarks: marks) })
  }

  /// The rows of a kind, in the segment's order.
  private func rows(_ segment: Segment, _ kind: EventKind) -> [EventRow] {
    var rows: [EventRow] = []
    segment.forEachRow { rows.append($0) }
    return Array(rows[segment.rows(ofKind: kind.rawValue)])
  }

  private func parts(_ segment: Segment, _ kind: EventKind) -> [EngagementPart] {
    rows(segment, kind).compactMap { EngagementSamples.part(of: $0) }
  }

  /// The rows that are marked.
  private func rows(_ marks: [RowMarks]) -> [[Int]] {
    marks.map { marks in
      var rows: [Int] = []
      marks.bits.forEach { rows.append(marks.start + $0) }
      return rows
    }
  }

  private struct Place: Hashable {
    var message: UInt32
    var within: Int64
  }

  private func plain(
    _ shard: ShardSnapshot, _ kind: EventKind, _ isMachine: Bool, _ scope: FirstMarks.Scope
  ) -> [[Int]] {
    var seen: Set<Place> = []
    return shard.segments.map { segment in
      let start = segment.rows(ofKind: kind.rawValue).lowerBound
      return rows(segment, kind).enumerated().compactMap { index, row in
        let part = EngagementSamples.part(of: row)
        guard (part == .machineOpens || part == .machineClicks) == isMachine else { return nil }
        let hour = Int64((Double(row.time) / 3_600_000).rounded(.down))
        let place = Place(message: row.message, within: scope == .link ? Int64(row.link) : hour)
        return seen.insert(place).inserted ? start + index : nil
      }
    }
  }
}
