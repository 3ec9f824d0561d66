import Base
import Columnar
import TestSupport
import Testing

@Suite("Counts by campaign and hour")
struct HourCountsTests {
  @Test(
    "counts are those of the rows, however they came: in segments, as rows, sealed later, removed")
  func counts() {
    forAll(count: 60) { random, seed in
      let messageCount = 1 + random.below(9000)
      let campaigns = HourCountsTests.campaigns(&random, messageCount)
      var counts = HourCounts()
      let segments = EngagementSamples.arrive(&random, messageCount) { change, seen in
        counts.add(cells(change, campaigns))
        check(counts, seen, campaigns, seed)
      }
      counts.add(cells(EventChange(removed: segments, added: [], rows: nil), campaigns))
      check(counts, [], campaigns, seed)
    }
  }

  @Test("an hour in which every campaign is opened and clicked, by people and by machines")
  func fullHour() {
    forAll(count: 20) { random, seed in
      let campaigns = (0...UInt32(random.below(200))).map { $0 }
      var rows: [EventRow] = []
      for message in campaigns {
        for kind in [EventKind.opened, .clicked] {
          for agent: UInt32 in [1, 2] {
            var row = EventRow()
            (row.kind, row.message, row.userAgent) = (kind.rawValue, message, agent)
            row.time = Int64(random.below(3_600_000))
            // Twice, so that one comes when every counter is touched already.
            rows += [row, row]
          }
        }
      }
      var builder = SegmentBuilder(rowCountMax: rows.count)
      for row in rows { builder.append(row) }
      var counts = HourCounts()
      counts.add(cells(EventChange(removed: [], added: [builder.seal()], rows: nil), campaigns))
      check(counts, rows, campaigns, seed)
    }
  }

  @Test("many cells are taken into the columns, where they take a few bytes")
  func growth() {
    var random = PRNG(seed: 7)
    let messageCount = 20_000
    let campaigns = HourCountsTests.campaigns(&random, messageCount)
    var builder = SegmentBuilder(rowCountMax: 200_000)
    var rows: [EventRow] = []
    for var row in EngagementSamples.rows(&random, messageCount, count: 100_000) {
      row.time *= 20
      builder.append(row)
      rows.append(row)
    }
    var counts = HourCounts()
    counts.add(cells(EventChange(removed: [], added: [builder.seal()], rows: nil), campaigns))
    check(counts, rows, campaigns, "")
    // Less than half of what a plain cell takes, although these are as good as random.
    #expect(counts.byteCount < 8 * counts.cellCount)
  }

  @Test("two sums are one sum, and what adds up to nothing is gone")
  func sums() {
    forAll(count: 100) { random, seed in
      let lists = (0..<2).map { _ in
        HourCounts.sum(
          (0..<random.below(50)).map { _ in
            HourCounts.Cell(
              random.pick(EngagementPart.allCases), campaign: UInt32(random.below(3)),
              hour: Int32(random.below(5)) - 2, count: Int64(random.below(5)) - 2)
          })
      }
      let sum = HourCounts.sum(lists[0], lists[1])
      #expect(sum == HourCounts.sum(lists[0] + lists[1]), "\(seed)")
      #expect(!sum.contains { $0.count == 0 }, "\(seed)")
    }
  }

  @Test("hours far apart and before 1970, and counts of any size, come back as they are")
  func extremes() {
    forAll(count: 60) { random, seed in
      var naive: [Place: Int64] = [:]
      var counts = HourCounts()
      for size in [20, 6000, 300, 9000] {
        let places = (0..<size).map { _ in
          (
            Place(
              part: random.pick(EngagementPart.allCases), campaign: UInt32(random.below(40)),
              hour: Int64(
                random.pick([0, 490_000, Int32.min, .max]) &+ Int32(random.below(200)) &- 100)),
            Int64(random.below(200) - 100) << Int64(random.below(50))
          )
        }
        for (place, count) in places { naive[place, default: 0] += count }
        counts.add(
          HourCounts.sum(
            places.map { place, count in
              HourCounts.Cell(
                place.part, campaign: place.campaign, hour: Int32(place.hour), count: count)
            }))
        naive = naive.filter { $0.value != 0 }
        #expect(found(counts, campaignCount: 41) == naive, "\(seed)")
      }
    }
  }

  private func cells(_ change: EventChange, _ campaigns: [UInt32]) -> [HourCounts.Cell] {
    let column = campaigns.withUnsafeBufferPointer { EncodedColumn(encoding: $0) }
    return HourFold(campaigns: column, machineMarks: EngagementSamples.machineMarks).cells(
      of: change)
  }

  private struct Place: Hashable {
    var part: EngagementPart
    var campaign: UInt32
    var hour: Int64
  }

  private func check(
    _ counts: HourCounts, _ rows: [EventRow], _ campaigns: [UInt32], _ seed: String
  ) {
    var naive: [Place: Int64] = [:]
    for row in rows {
      guard let part = EngagementSamples.part(of: row) else { continue }
      let hour = (row.time - (row.time % 3_600_000 + 3_600_000) % 3_600_000) / 3_600_000
      naive[Place(part: part, campaign: campaigns[Int(row.message)], hour: hour), default: 0] += 1
    }
    let found = found(counts, campaignCount: Int(campaigns.max() ?? 0) + 2)
    #expect(found == naive, "\(seed)")
  }

  /// What is not 0.
  private func found(_ counts: HourCounts, campaignCount: Int) -> [Place: Int64] {
    var found: [Place: Int64] = [:]
    for part in EngagementPart.allCases {
      for campaign in 0..<UInt32(campaignCount) {
        counts.forEach(part, campaign: campaign) { hour, count in
          found[Place(part: part, campaign: campaign, hour: hour), default: 0] += count
        }
      }
    }
    return found.filter { $0.value != 0 }
  }

  private static func campaigns(_ random: inout PRNG, _ messageCount: Int) -> [UInt32] {
    (0..<messageCount).map { _ in UInt32(random.below(6)) }
  }
}
