// Time zones: changes that history knows, an outside witness for both directions, names that are refused, and files
// that are damaged.

import Base
import Glibc
import TestSupport
import Testing

struct TimeZoneTests {
  @Test(
    "clocks change when history says",
    arguments: [
      // Zone, the last moment before, hours ahead then, hours ahead a second later.
      ("Europe/Vienna", "2026-03-29T00:59:59Z", 1.0, 2.0),
      ("Europe/Vienna", "2026-10-25T00:59:59Z", 2.0, 1.0),
      ("America/New_York", "2026-03-08T06:59:59Z", -5.0, -4.0),
      ("America/New_York", "2026-11-01T05:59:59Z", -4.0, -5.0),
      ("America/St_Johns", "2026-11-01T04:29:59Z", -2.5, -3.5),
      ("Australia/Lord_Howe", "2026-04-04T14:59:59Z", 11.0, 10.5),
      ("Australia/Lord_Howe", "2026-10-03T15:29:59Z", 10.5, 11.0),
      ("Asia/Kolkata", "2026-03-29T00:59:59Z", 5.5, 5.5),
      ("Asia/Kathmandu", "2026-03-29T00:59:59Z", 5.75, 5.75),
      // Behind every change that is listed, by the rule: the last Sundays of March and October.
      ("Europe/Vienna", "2120-03-31T00:59:59Z", 1.0, 2.0),
      ("Europe/Vienna", "2120-10-27T00:59:59Z", 2.0, 1.0),
      ("America/New_York", "2120-03-10T06:59:59Z", -5.0, -4.0),
      // Samoa skipped a day.
      ("Pacific/Apia", "2011-12-30T09:59:59Z", -10.0, 14.0),
    ])
  func changes(zone: String, last: String, before: Double, after: Double) throws {
    let rules = try #require(TimeZoneRules.named(zone))
    let time = TimeZoneTests.time(last)
    #expect(rules.name == zone)
    #expect(rules.offset(at: time) == Int64(before * 3_600_000))
    #expect(rules.offset(at: time + 999) == Int64(before * 3_600_000))
    #expect(rules.offset(at: time + 1000) == Int64(after * 3_600_000))
    #expect(rules.local(time) == time + Int64(before * 3_600_000))
  }

  @Test("what clocks show twice is the earlier time, what they skip the time without the change")
  func repeatedAndSkipped() throws {
    let vienna = try #require(TimeZoneRules.named("Europe/Vienna"))
    let time = TimeZoneTests.time
    #expect(vienna.time(ofLocal: time("2026-10-25T02:30:00Z")) == time("2026-10-25T00:30:00Z"))
    #expect(vienna.time(ofLocal: time("2026-10-25T03:00:00Z")) == time("2026-10-25T02:00:00Z"))
    #expect(vienna.time(ofLocal: time("2026-03-29T02:30:00Z")) == time("2026-03-29T01:30:00Z"))
    #expect(vienna.time(ofLocal: time("2026-03-29T03:00:00Z")) == time("2026-03-29T01:00:00Z"))
  }

  @Test("UTC is known by any spelling, and no other zone is it")
  func utc() throws {
    for name in ["UTC", "utc", "Utc"] { #expect(TimeZoneRules.named(name) == .utc) }
    #expect(TimeZoneRules.utc.isUTC)
    #expect(TimeZoneRules.utc.time(ofLocal: 5) == 5)
    #expect(try #require(TimeZoneRules.named("Etc/UTC")).isUTC)
    #expect(try !#require(TimeZoneRules.named("Europe/Lisbon")).isUTC)
  }

  @Test(
    "names that are none, or lead elsewhere, are refused",
    arguments: [
      "", "Nowhere/City", "../etc/passwd", "/etc/passwd", "Europe/../../../../etc/passwd", ".",
      "..",
      "Europe", "Europe/", "Europe/Vienna\u{0}", "Europe/Vienna ", "tzdata.zi", "zone.tab",
      "Europe/Vienna;", String(repeating: "a", count: 5000), "Österreich/Wien",
    ])
  func refusedNames(name: String) { #expect(TimeZoneRules.named(name) == nil) }

  @Test("an outside witness agrees, in both directions")
  func witness() throws {
    var zones: [String: TimeZoneRules] = [:]
    var count = 0
    for line in TimeZoneTests.witnessLines where !line.hasPrefix("#") {
      let words = line.split(separator: " ").map(String.init)
      let name = words[1]
      let rules = try #require(zones[name] ?? TimeZoneRules.named(name), "\(name)")
      zones[name] = rules
      let (asked, answer) = (Int64(words[2])! * 1000, Int64(words[3])! * 1000)
      switch words[0] {
      case "at": #expect(rules.offset(at: asked) == answer, "\(line)")
      default: #expect(rules.time(ofLocal: asked) == answer, "\(line)")
      }
      count += 1
    }
    #expect(zones.count == 15 && count > 500)
  }

  @Test("every time comes back from what clocks show, except in an hour that is shown twice")
  func thereAndBack() throws {
    try forAll(count: Cases.count(200), seed: 70_001) { random, seed in
      let rules = try #require(TimeZoneRules.named(random.pick(TimeZoneTests.zones)))
      // 1970 to 2150.
      let time = Int64(random.below(180 * 365)) * 86_400_000 + Int64(random.below(86_400_000))
      let back = rules.time(ofLocal: rules.local(time))
      #expect(back <= time && rules.local(back) == rules.local(time), "\(seed) \(rules.name)")
    }
  }

  // MARK: Damage

  @Test("a file cut anywhere has no zone or one without its rule, and never crashes")
  func truncated() throws {
    for name in ["Europe/Vienna", "Asia/Kolkata", "Australia/Lord_Howe"] {
      let bytes = TemporaryFolder.read("/usr/share/zoneinfo/" + name)
      let whole = try #require(TimeZoneRules(name: name, file: bytes))
      #expect(whole == TimeZoneRules.named(name))
      let footer = bytes.dropLast().lastIndex(of: 0x0A) ?? 0
      for count in 0..<bytes.count {
        let rules = TimeZoneRules(name: name, file: Array(bytes[..<count]))
        if count < footer { #expect(rules == nil, "\(name) \(count)") }
        if let rules { TimeZoneTests.use(rules) }
      }
    }
  }

  @Test("a file with changed bytes has no zone or one that can be used, and never crashes")
  func flipped() throws {
    let files = ["Europe/Vienna", "America/New_York", "Asia/Kathmandu"].map {
      TemporaryFolder.read("/usr/share/zoneinfo/" + $0)
    }
    var acceptedCount = 0
    let count = Cases.count(4000)
    forAll(count: count, seed: 71_001) { random, _ in
      var bytes = random.pick(files)
      for _ in 0...random.below(3) {
        // Headers, the footer, and what lies between.
        let places = [
          random.below(min(bytes.count, 100)), bytes.count - 1 - random.below(30),
          random.below(bytes.count),
        ]
        let place = random.pick(places)
        if random.isHit(0.5) {
          bytes[place] ^= 1 << UInt8(random.below(8))
        } else {
          bytes[place] = random.pick([0, 0x7F, 0x80, 0xFF, 0x2F, 0x2C, 0x2D, 0x39, 0x4D, 0x0A])
        }
      }
      guard let rules = TimeZoneRules(name: "x", file: bytes) else { return }
      TimeZoneTests.use(rules)
      acceptedCount += 1
    }
    #expect(acceptedCount * 10 > count || acceptedCount < 2)
  }

  @Test(
    "rules in the footer that are none are left out",
    arguments: [
      "", "/", ",,", "CET", "CET-1CEST", "CET-1CEST,/,/", "CET-1CEST,M3.5.0", "CET-1CEST,M3.5.0,/2",
      "CET-1CEST,M13.5.0,M10.5.0", "CET-1CEST,M3.6.0,M10.5.0", "CET-1CEST,M3.5.7,M10.5.0",
      "CET-9223372036854775808CEST,M3.5.0,M10.5.0",
      "CET--5:-9223372036854775808CEST,M3.5.0,M10.5.0",
      "CET-1CEST,M3.5.0/-9223372036854775808,M10.5.0", "CET-1CEST,M3.5.0/99999,M10.5.0",
      "CET-1CEST,J60,J300", "<CET", "1", "-",
    ])
  func brokenRules(text: String) throws {
    let bytes = TemporaryFolder.read("/usr/share/zoneinfo/Europe/Vienna")
    let end = try #require(bytes.dropLast().lastIndex(of: 0x0A))
    let file = Array(bytes[...end]) + Array(text.utf8) + [0x0A]
    let rules = try #require(TimeZoneRules(name: "x", file: file))
    TimeZoneTests.use(rules)
    #expect(rules.offset(at: TimeZoneTests.time("2120-07-01T00:00:00Z")) == 3_600_000)
  }

  /// UTC milliseconds of `2026-03-14T09:12:01Z`.
  private static func time(_ text: String) -> Int64 {
    let numbers = text.split { !$0.isNumber }.map { Int($0)! }
    return CivilTime.milliseconds(
      CivilDate(year: numbers[0], month: numbers[1], day: numbers[2]), hour: numbers[3],
      minute: numbers[4], second: numbers[5])
  }

  /// Asks about times far and near.
  private static func use(_ rules: TimeZoneRules) {
    for time in [Int64.min, -62_135_596_800_000, 0, 1_780_000_000_000, 253_402_300_799_999, .max] {
      _ = rules.offset(at: time)
      _ = rules.local(time)
      _ = rules.time(ofLocal: time)
    }
  }

  private static let witnessLines: [Substring] = {
    let tests = "/" + "\(#filePath)".split(separator: "/").dropLast(2).joined(separator: "/")
    let text = String(
      decoding: TemporaryFolder.read(tests + "/Golden/zones/witness.txt"), as: UTF8.self)
    return text.split(separator: "\n")
  }()

  private static let zones = Array(
    Set(
      witnessLines.filter { !$0.hasPrefix("#") }
        .map { String($0.split(separator: " ")[1]) })
  ).sorted()
}
