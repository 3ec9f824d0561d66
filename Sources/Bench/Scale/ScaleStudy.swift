// One size of a scale run: generate, load, ask, delete. Every answer is checked against plain loops.

internal import Base
internal import Engine
internal import Foundation
internal import Ingest
internal import Workload

struct ScaleStudy {
  let lineCount: Int
  let threadCounts: [Int]
  let workspace: Workspace
  let onProgress: (String) -> Void

  private static let queryCount = 5
  /// Larger loads are made once.
  private static let repeatedLoadLineCountMax = 5_000_000

  func run() throws -> [ScalePoint] {
    onProgress("\(lineCount) lines: generating")
    defer { for name in ["set", "data"] { workspace.remove(name) } }
    let set = try LogSet(WorkloadSpec(lineCount: lineCount), in: workspace["set"])
    // Or the system writes what was generated while it is loaded.
    sync()
    var questions: [Question]?
    return try threadCounts.map { threadCount in
      // As `beacon ingest` and `beacon query` do, each for itself.
      FreedMemory.keep(for: .loading)
      let load = try measureLoad(set, threadCount)
      FreedMemory.keep(for: .answering)
      var point = ScalePoint(
        lineCount: set.truth.logLines, eventCount: set.eventCount, threadCount: threadCount,
        load: load, open: 0)
      onProgress("\(lineCount) lines, \(threadCount) threads: opening and asking")
      let residence = try Residence.measure(["--data", workspace["data"]])
      point.residentByteCount = Double(residence.byteCount)
      point.open = try median(3) { try open(threadCount).0 }
      let engine = try open(threadCount).1
      let asked = questions ?? Questions(PlainAnswers(engine.snapshot)).all
      questions = asked
      for question in asked { point.queries[question.name] = try ask(question, engine) }
      point.diskByteCount = Double(engine.status.fileByteCount)
      return point
    }
  }

  /// Loads everything into a fresh directory, which stays.
  private func measureLoad(_ set: LogSet, _ threadCount: Int) throws -> Double {
    let count = lineCount <= ScaleStudy.repeatedLoadLineCountMax ? 3 : 1
    return try median(count) {
      onProgress("\(lineCount) lines, \(threadCount) threads: loading")
      workspace.remove("data")
      let start = MonotonicClock.now()
      let engine = try Engine.openForWriting(
        workspace["data"], configuration: Engine.Configuration(threadCount: threadCount))
      let report = try engine.load(
        set.logs + set.others, options: IngestOptions(threadCount: threadCount))
      let duration = MonotonicClock.now() - start
      try BenchFailure.unless(report.tally.shards.added, is: set.eventCount, "events")
      return Double(duration) / 1e6
    }
  }

  private func open(_ threadCount: Int) throws -> (Double, Engine) {
    let start = MonotonicClock.now()
    let engine = try Engine.open(
      workspace["data"], configuration: Engine.Configuration(threadCount: threadCount))
    _ = engine.snapshot
    return (Double(MonotonicClock.now() - start) / 1e6, engine)
  }

  /// Milliseconds; the first answer is not timed.
  private func ask(_ question: Question, _ engine: Engine) throws -> Double {
    try question.check(try engine.query(question.text))
    return try median(ScaleStudy.queryCount) {
      let start = MonotonicClock.now()
      let table = try engine.query(question.text)
      let duration = MonotonicClock.now() - start
      try question.check(table)
      return Double(duration) / 1e6
    }
  }

  private func median(_ count: Int, _ body: () throws -> Double) rethrows -> Double {
    var values: [Double] = []
    for _ in 0..<count { values.append(try body()) }
    return Statistics.median(values)
  }
}
