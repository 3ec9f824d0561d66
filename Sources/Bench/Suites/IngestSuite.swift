// Files to queryable: access logs, and everything else with them, into a fresh data directory.

internal import Base
internal import Engine
internal import Ingest
internal import Workload

extension Suite {
  static let ingest = Suite(name: "ingest", use: .loading) { fixture in
    let set = try fixture.logSet()
    let paths = set.logs.map(\.path)
    let work = Work(set.truth.logLines, "lines", byteCount: set.logByteCount)
    let floor = ByteFloor()
    var benchmarks = [
      Benchmark("ingest/floor", work: work) { recorder in
        let count = try recorder.time { try floor.countLines(paths) }
        try BenchFailure.unless(count, is: set.truth.logLines, "lines")
      }
    ]
    for count in fixture.options.threadCounts {
      benchmarks.append(
        Benchmark("ingest/logs/\(count)", work: work, floor: "ingest/floor") { recorder in
          let load = FreshLoad(set.logs, threadCount: count, eventCount: set.hitCount)
          try load.run(in: fixture.workspace, recorder)
        })
      benchmarks.append(
        Benchmark("ingest/everything/\(count)", work: Work(set.eventCount, "events")) {
          let load = FreshLoad(
            set.logs + set.others, threadCount: count, eventCount: set.eventCount)
          try load.run(in: fixture.workspace, $0)
        })
    }
    return benchmarks
  }
}

/// A load into a data directory of its own, which goes away afterwards.
struct FreshLoad {
  private static let name = "fresh"
  let files: [InputFile]
  let threadCount: Int
  /// Events that must be there afterwards.
  let eventCount: Int

  init(_ files: [InputFile], threadCount: Int, eventCount: Int) {
    self.files = files
    self.threadCount = threadCount
    self.eventCount = eventCount
  }

  /// Times the load up to the answer of a first query.
  func run(in workspace: Workspace, _ recorder: Recorder) throws {
    defer { workspace.remove(FreshLoad.name) }
    let path = workspace[FreshLoad.name]
    let answer = try recorder.time {
      let engine = try Engine.openForWriting(
        path, configuration: Engine.Configuration(threadCount: threadCount))
      _ = try engine.load(files, options: IngestOptions(threadCount: threadCount))
      return try engine.query("SELECT count(*) FROM events SETTINGS audience = all")
    }
    try BenchFailure.unless(AnswerText.rows(answer), is: ["\(eventCount)"], "events")
  }
}
