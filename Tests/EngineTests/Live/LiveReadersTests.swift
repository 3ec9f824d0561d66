import Base
import Engine
import Glibc
import Ingest
import Query
import TestSupport
import Testing

@Suite("Queries beside streams")
struct LiveReadersTests {
  private static let lineCount = Cases.count(4000)

  @Test("readers see growing prefixes of every stream, and no message torn")
  func prefixes() throws {
    let folder = TemporaryFolder()
    let engine = try EngineSetup(name: "live", segmentRowCountMax: 128).open(in: folder)
    let isDone = Monitor(0)
    let seen = Monitor(Set<Int>())
    var jobs = Jobs()
    jobs.add {
      defer { isDone.update { $0 += 1 } }
      let stream = try engine.stream(batchEventCount: 64)
      for start in stride(from: 1, through: LiveReadersTests.lineCount, by: 50) {
        let numbers = start..<start + 50
        try stream.append(numbers.map { LiveData.numbered($0) }.joined())
        // Somebody meets the stream on its way.
        while start > 1000, !seen.update({ $0.contains { $0 > 0 } }) { usleep(1000) }
      }
      #expect(try stream.finish().shards.added == LiveReadersTests.lineCount)
    }
    jobs.add {
      defer { isDone.update { $0 += 1 } }
      let stream = try engine.stream()
      for start in stride(from: 0, to: LiveReadersTests.lineCount / 4, by: 20) {
        try stream.append((start..<start + 20).map { LiveData.whole($0) }.joined())
      }
      _ = try stream.finish()
    }
    jobs.add {
      while isDone.update({ $0 }) < 2 { engine.publish() }
    }
    for reader in 0..<4 {
      jobs.add {
        var before = [0, 0]
        while isDone.update({ $0 }) < 2 {
          let counts = try LiveReadersTests.check(engine, isThorough: reader == 0)
          #expect(zip(before, counts).allSatisfy { $0 <= $1 }, "\(before) then \(counts)")
          before = counts
          seen.update { [counts] in _ = $0.insert(counts[0]) }
        }
      }
    }
    #expect(jobs.run() == [])
    #expect(
      try LiveReadersTests.check(engine, isThorough: true)
        == [LiveReadersTests.lineCount, LiveReadersTests.lineCount / 4])
    #expect(engine.verify() == [])
  }

  /// How far both streams have come; what was seen is a prefix, and whole.
  private static func check(_ engine: Engine, isThorough: Bool) throws -> [Int] {
    let numbers = try LiveData.integers(
      "SELECT conversions, revenue FROM events WHERE campaign = 'numbers'", engine)
    #expect(numbers[1] == numbers[0] * (numbers[0] + 1) / 2 * 1_000_000, "\(numbers)")
    if isThorough {
      let table = try engine.query(
        "SELECT link, conversions FROM events WHERE campaign = 'numbers' GROUP BY link")
      let links = Set((0..<table.rowCount).map { LiveData.text(table, $0) })
      #expect(table.rowCount >= numbers[0])
      #expect(links == Set((0..<table.rowCount).map { "n\($0 + 1)" }))
    }
    let whole = try LiveData.integers(
      "SELECT sent, delivered, unique_opens, unique_clicks, opens, clicks "
        + "FROM events WHERE campaign = 'whole'", engine)
    #expect(Set(whole).count == 1, "\(whole)")
    return [numbers[0], whole[0]]
  }

  @Test("what is appended becomes visible without anybody asking for it")
  func visibility() throws {
    let folder = TemporaryFolder()
    let engine = try EngineSetup(name: "live").open(in: folder)
    let stream = try engine.stream()
    for number in 1...3 {
      try stream.append(LiveData.numbered(number))
      let query = "SELECT conversions FROM events"
      while try LiveData.integers(query, engine)[0] < number { usleep(1000) }
    }
    let reader = try Engine.open(folder.path + "/data")
    #expect(try LiveData.integers("SELECT conversions FROM events", reader) == [3])
    _ = try stream.finish()
    let other = try Engine.open(folder.path + "/data")
    #expect(try LiveData.integers("SELECT conversions FROM events", other) == [3])
  }

  @Test("an id counts once, whichever of two streams brings it")
  func repeatedIdentities() throws {
    let folder = TemporaryFolder()
    let engine = try EngineSetup(name: "live").open(in: folder)
    let added = Monitor(0)
    var jobs = Jobs()
    for _ in 0..<2 {
      jobs.add {
        let stream = try engine.stream(batchEventCount: 16)
        for start in stride(from: 0, to: 1000, by: 25) {
          let lines = (start..<start + 25).map { number in
            LiveData.numbered(number).dropLast(2) + ",\"id\":\"i\(number)\"}\n"
          }
          try stream.append(lines.joined())
        }
        let tally = try stream.finish()
        #expect(tally.eventCount == 1000)
        #expect(tally.shards.added + tally.shards.repeated == 1000)
        added.update { $0 += tally.shards.added }
      }
    }
    #expect(jobs.run() == [])
    #expect(added.update { $0 } == 1000)
    #expect(try LiveData.integers("SELECT conversions FROM events", engine) == [1000])
    #expect(engine.verify() == [])
  }
}
