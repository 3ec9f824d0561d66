import Base
import Engine
import Glibc
import Ingest
import TestSupport
import Testing

@Suite("Many open streams")
struct OpenStreamTests {
  private let folder = TemporaryFolder()

  @Test("a stream that waits for lines holds hardly anything")
  func mappings() throws {
    let engine = try EngineSetup(name: "live").open(in: folder)
    let before = try OpenStreamTests.mappingCount
    let streams = try (0..<500).map { number in
      let stream = try engine.stream()
      try stream.append(LiveData.numbered(number))
      return stream
    }
    // Tests beside this one have some of their own.
    #expect(try OpenStreamTests.mappingCount - before < 10 * streams.count)
    for stream in streams { #expect(try stream.finish().eventCount == 1) }
    #expect(try LiveData.integers("SELECT conversions FROM events", engine) == [streams.count])
  }

  @Test("streams side by side keep their lines and their counts apart")
  func counts() throws {
    let engine = try EngineSetup(name: "live").open(in: folder)
    var jobs = Jobs()
    for number in 0..<6 {
      jobs.add {
        let stream = try engine.stream(batchEventCount: 4)
        for index in 0..<50 {
          let damaged = String(repeating: "nonsense\n", count: number)
          try stream.append(damaged + LiveData.numbered(index, campaign: "c\(number)"))
        }
        let tally = try stream.finish()
        #expect(tally.eventCount == 50 && tally.rejectedCount == 50 * number)
        #expect(tally.shards.added == 50)
      }
    }
    jobs.add {
      let stream = try engine.stream(.events(.csv))
      let row = "2026-03-14T09:00:00Z,converted,c,\"r@example.org\"\n"
      let table = "time,kind,campaign,recipient\n" + String(repeating: row, count: 50)
      for start in stride(from: 0, to: table.utf8.count, by: 7) {
        try stream.append(Array(table.utf8.dropFirst(start).prefix(7)))
      }
      let tally = try stream.finish()
      #expect(tally.eventCount == 50 && tally.rejectedCount == 0)
    }
    #expect(jobs.run() == [])
    #expect(try LiveData.integers("SELECT conversions FROM events", engine) == [350])
  }

  /// How many pieces of address space the process has.
  private static var mappingCount: Int {
    get throws {
      let file = open("/proc/self/maps", O_RDONLY | O_CLOEXEC)
      try #require(file >= 0)
      defer { close(file) }
      var chunk = [UInt8](repeating: 0, count: 65_536)
      var count = 0
      while true {
        let byteCount = read(file, &chunk, chunk.count)
        guard byteCount > 0 else { return count }
        count += chunk[..<byteCount].count { $0 == ASCII.newline }
      }
    }
  }
}
