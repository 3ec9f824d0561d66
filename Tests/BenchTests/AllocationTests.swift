// What the hot paths ask of the allocator must not grow with the number of lines and rows: memory is asked for once and
// used again.

import Base
import Bench
import CAllocations
import Engine
import Ingest
import Query
import TestSupport
import Testing
import Workload

@Suite struct AllocationTests {
  /// Code that is not optimised puts on the heap what the optimiser keeps out of it.
  static let isOptimised = {
    var isDebug = false
    assert(
      {
        isDebug = true
        return true
      }())
    return !isDebug
  }()

  /// Allocations of this thread while `body` runs.
  private func count(_ body: () throws -> Void) rethrows -> Int {
    let before = beacon_allocation_count()
    try body()
    return Int(beacon_allocation_count() - before)
  }

  /// A generated set with its logs unpacked into one text.
  private func logs(_ lineCount: Int, _ dialect: LogDialect, _ folder: TemporaryFolder) throws
    -> [UInt8]
  {
    var specification = WorkloadSpec(lineCount: lineCount)
    specification.format = dialect
    let name = "\(dialect.rawValue)-\(lineCount)"
    _ = try Generator(specification, directory: folder.file(name)).run()
    return try folder.names(in: "\(name)/logs").flatMap {
      try LogContent.read(folder.file("\(name)/logs/\($0)"))
    }
  }

  /// The directives at the head of a file, which may allocate, and the lines of all files.
  private func divided(_ text: [UInt8]) -> ([UInt8], [UInt8]) {
    let lines = text.split(separator: ASCII.newline).map { Array($0) + [ASCII.newline] }
    let directives = lines.prefix { $0[0] == ASCII.hash }
    return (Array(directives.joined()), lines.filter { $0[0] != ASCII.hash }.flatMap { $0 })
  }

  @Test("the counter sees what is allocated, on this thread")
  func counter() {
    #expect(count {} == 0)
    let counted = count {
      let memory = UnsafeMutablePointer<UInt64>.allocate(capacity: 100)
      memory.deallocate()
    }
    #expect(counted == 1)
    // What the optimiser cannot see through is counted one by one.
    var arrays: [[Int]] = []
    arrays.reserveCapacity(1000)
    #expect(count { for index in 0..<1000 { arrays.append([index]) } } == 1000)
    #expect(arrays.count == 1000)
  }

  /// Loads a set of so many lines and counts what each query asks of the allocator, once it was asked before.
  private func countByQuery(_ lineCount: Int, _ folder: TemporaryFolder) throws -> [String: Int] {
    let path = folder.file("set-\(lineCount)")
    var specification = WorkloadSpec(lineCount: lineCount)
    // The same groups at every size.
    (specification.campaignCount, specification.sendDayCount) = (6, 3)
    specification.tailDayCount = 4
    _ = try Generator(specification, directory: path).run()
    let engine = try Engine.openForWriting(
      folder.file("data-\(lineCount)"), configuration: Engine.Configuration(threadCount: 1))
    let files = try SourceList.expand([path]).map {
      InputFile(path: $0.name, name: $0.name, byteCount: 0)
    }
    _ = try engine.load(files, options: IngestOptions())
    var counts: [String: Int] = [:]
    for question in Questions(PlainAnswers(engine.snapshot)).all {
      try question.check(try engine.query(question.text))
      counts[question.name] = try count { _ = try engine.query(question.text) }
    }
    return counts
  }

  /// What a block of 4,096 events may cost: scratch that is too large for the stack.
  private static let perBlockMax = 8
  /// What growing arrays and tables further may cost: each of 16 shards doubles a few of them a few times.
  private static let growthMax = 16 * 16

  @Test(
    "a query allocates a few times per block of events, and never per row",
    .enabled(if: AllocationTests.isOptimised))
  func queries() throws {
    let folder = TemporaryFolder()
    let (few, many) = (try countByQuery(20_000, folder), try countByQuery(200_000, folder))
    // Two events per line; half as many messages and a tenth as many recipients have blocks too.
    let blockCount = (200_000 - 20_000) * 2 / 4096
    for (name, count) in many {
      let before = few[name] ?? 0
      let most = before + AllocationTests.perBlockMax * blockCount + AllocationTests.growthMax
      #expect(count <= most, "\(name): \(before) allocations, then \(count)")
    }
  }

  /// Questions that read every block of opens or clicks, or of messages, and have the same groups at every size.
  private static let families = ["campaigns", "links", "hours"]
  /// What one shard may need for rare things that a small set does not hold.
  private static let rareMax = 4

  @Test(
    "the families allocate as often whether there are ten blocks of events or a hundred",
    .enabled(if: AllocationTests.isOptimised))
  func families() throws {
    let folder = TemporaryFolder()
    let (few, many) = (try countByQuery(100_000, folder), try countByQuery(1_000_000, folder))
    for name in AllocationTests.families {
      let (before, count) = (try #require(few[name]), try #require(many[name]))
      let most = before + AllocationTests.rareMax * 16
      #expect(count <= most, "\(name): \(before) allocations, then \(count)")
    }
  }

  @Test(
    "parsing ten times the lines allocates no more", .enabled(if: AllocationTests.isOptimised),
    arguments: LogDialect.allCases)
  func parsing(_ dialect: LogDialect) throws {
    let folder = TemporaryFolder()
    let (directives, lines) = divided(try logs(4000, dialect, folder))
    let format = try #require(
      AccessLogFormat.allCases.first { "\($0.name)" == dialect.rawValue })
    let counts = [1, 10].map { times in
      let repeated = directives + [UInt8](repeatElement(lines, count: times).joined())
      let parser = format.makeParser(routes: .standard)
      return count {
        let counts = repeated.withUnsafeBufferPointer { LineLoop.run(ByteSlice($0), parser) }
        #expect(counts.events > 1000 * times)
      }
    }
    #expect(counts[1] == counts[0], "\(dialect): \(counts)")
  }
}
