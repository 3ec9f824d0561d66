// Parsing alone: each format of access logs, in memory, on one thread.

internal import Base
internal import CAllocations
internal import Ingest
internal import Workload

extension Suite {
  static let parse = Suite(name: "parse", use: .loading) { fixture in
    try LogDialect.allCases.flatMap { try ParseSuite.benchmarks($0, fixture) }
  }
}

private enum ParseSuite {
  /// Of the lines of a run this share is parsed per format; there are eight.
  private static let share = 5

  static func benchmarks(_ dialect: LogDialect, _ fixture: Fixture) throws -> [Benchmark] {
    var specification = WorkloadSpec(lineCount: fixture.options.lineCount / share)
    specification.format = dialect
    let folder = "parse-\(dialect.rawValue)"
    let set = try LogSet(specification, in: fixture.workspace[folder])
    let bytes = try set.logBytes()
    fixture.workspace.remove(folder)
    let format = try format(dialect)
    let name = "parse/\(dialect.rawValue)"
    let work = Work(set.truth.logLines, "lines", byteCount: bytes.count)
    let expected = LineLoop.Counts(
      lines: set.truth.logLines, events: set.hitCount, ignored: set.truth.ignored.total,
      rejected: set.truth.rejected)
    let floor = ByteFloor()
    return [
      Benchmark("\(name)/floor", work: work) { recorder in
        let count = recorder.time { bytes.withUnsafeBytes { floor.countLines($0) } }
        try BenchFailure.unless(count, is: expected.lines, "lines")
      },
      Benchmark(name, work: work, floor: "\(name)/floor") { recorder in
        let parser = format.makeParser(routes: .standard)
        let before = beacon_allocation_count()
        let counts = recorder.time {
          bytes.withUnsafeBufferPointer { LineLoop.run(ByteSlice($0), parser) }
        }
        recorder.note("allocations", Double(beacon_allocation_count() - before))
        try BenchFailure.unless(counts, is: expected, "outcomes")
      },
    ]
  }

  private static func format(_ dialect: LogDialect) throws(BenchFailure) -> AccessLogFormat {
    let found = dialect.rawValue.utf8.withContiguousStorageIfAvailable {
      AccessLogFormat(name: ByteSlice($0))
    }
    guard let format = found.flatMap({ $0 }) else {
      throw BenchFailure("no format reads \(dialect.rawValue)")
    }
    return format
  }
}
