// Buckets by the clocks of a zone, against counting by hand: the engine keeps small codes, its twin here looks at every
// event's clock.

import Base
import Engine
import Query
import TestSupport
import Testing

struct ZoneBucketTests {
  private static let zones = [
    "Europe/Vienna", "America/New_York", "America/St_Johns", "Asia/Kolkata", "Asia/Kathmandu",
    "Australia/Lord_Howe", "Pacific/Chatham", "Pacific/Apia", "Etc/GMT+12", "UTC",
  ]

  /// Moments around which clocks change somewhere, and one at the beginning of 1970.
  private static let moments: [Int64] = [
    1_774_746_000_000, 1_792_890_000_000, 1_775_314_800_000, 1_791_041_400_000, 1_793_511_000_000,
    1_325_239_200_000, 1_798_761_600_000, 0,
  ]

  @Test("every bucket of every zone holds the events whose clocks say so")
  func buckets() throws {
    try forAll(count: Cases.count(3), seed: 80_001) { random, seed in
      var times: [Int64] = []
      for _ in 0..<(2 + random.below(60)) {
        let span = Int64(random.pick([7_200_000, 86_400_000 * 3, 86_400_000 * 40]))
        times.append(
          random.pick(ZoneBucketTests.moments) - span + Int64(random.below(Int(span) * 2)))
      }
      let folder = TemporaryFolder()
      let engine = try random.pick(EngineSetup.all).engine(
        [ZoneBucketTests.file(times)], in: folder)
      for name in ZoneBucketTests.zones.shuffled(using: &random).prefix(5) {
        let rules = try #require(TimeZoneRules.named(name))
        for bucket in ZoneBucketTests.buckets {
          let expected = ZoneBucketTests.count(times.map { bucket.value($0, rules) })
          for query in [
            "SELECT \(bucket.name), opens FROM events GROUP BY \(bucket.name)",
            "SELECT \(bucket.name), count(*) FROM events GROUP BY \(bucket.name)",
          ] {
            let table = try engine.query("\(query) SETTINGS time_zone = '\(name)', audience = all")
            let rows = (0..<table.rowCount).map {
              [table.columns[0].integer($0), table.columns[1].integer($0)]
            }
            #expect(rows == expected, "\(seed) \(name) \(query) of \(times)")
          }
        }
      }
    }
  }

  private static func file(_ times: [Int64]) -> RenderedFile {
    let lines = times.map { "\(CivilTime.format($0)),opened,a,r\(abs($0) % 7)\n" }
    return RenderedFile(
      name: "events.csv", bytes: Array(("time,kind,campaign,recipient\n" + lines.joined()).utf8))
  }

  /// Values with how often each occurs, in their order.
  private static func count(_ values: [Int64]) -> [[Int64]] {
    Dictionary(grouping: values) { $0 }.map { [$0.key, Int64($0.value.count)] }
      .sorted { $0[0] < $1[0] }
  }

  // MARK: The twin

  private struct Bucket: Sendable {
    let name: String
    let value: @Sendable (Int64, TimeZoneRules) -> Int64
  }

  private static let day: Int64 = 86_400_000
  private static let hour: Int64 = 3_600_000

  private static func floor(_ time: Int64, _ width: Int64) -> Int64 {
    time - ((time % width) + width) % width
  }

  private static let buckets = [
    Bucket(name: "hour") { time, rules in
      // Back, minute by minute, for as long as the clocks show this hour and were not set.
      let label = { (time: Int64) -> [Int64] in
        let offset = rules.offset(at: time)
        return [offset, floor(time + offset, hour)]
      }
      var start = floor(time, 60_000)
      while label(start - 60_000) == label(time) { start -= 60_000 }
      return start
    },
    Bucket(name: "day") { time, rules in floor(time + rules.offset(at: time), day) },
    Bucket(name: "week") { time, rules in
      // 1970-01-05 was a Monday.
      floor(time + rules.offset(at: time) - 4 * day, 7 * day) + 4 * day
    },
    Bucket(name: "month") { time, rules in
      var first = floor(time + rules.offset(at: time), day)
      while CivilDate(daysSinceEpoch: Int(first / day)).day != 1 { first -= day }
      return first
    },
    Bucket(name: "hour_of_day") { time, rules in
      let clock = time + rules.offset(at: time)
      return (clock - floor(clock, day)) / hour
    },
    Bucket(name: "weekday") { time, rules in
      let clock = time + rules.offset(at: time) - 4 * day
      return (clock - floor(clock, 7 * day)) / day + 1
    },
  ]
}
