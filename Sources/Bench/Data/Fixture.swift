// What several suites need, made when it is first asked for: generated files, a loaded data directory, and what plain
// loops say about it.

internal import Engine
internal import Ingest
internal import Workload

final class Fixture {
  let options: RunOptions
  let workspace: Workspace
  private var made: LogSet?
  private var loadedPath: String?
  private var opened: [Int: Engine] = [:]
  private var plain: PlainAnswers?

  init(_ options: RunOptions, _ workspace: Workspace) {
    self.options = options
    self.workspace = workspace
  }

  /// The files of the run.
  func logSet() throws -> LogSet {
    if let made { return made }
    let set = try LogSet(WorkloadSpec(lineCount: options.lineCount), in: workspace["set"])
    made = set
    return set
  }

  /// A data directory with all files of the run. Nobody may write to it.
  func dataDirectory() throws -> String {
    if let loadedPath { return loadedPath }
    let path = workspace["data"]
    let set = try logSet()
    let engine = try Engine.openForWriting(path)
    let report = try engine.load(
      set.logs + set.others, options: IngestOptions(threadCount: options.threadCountMax))
    try BenchFailure.unless(
      report.tally.shards.added, is: set.eventCount, "events of all files")
    try engine.close()
    loadedPath = path
    return path
  }

  /// An engine over the loaded directory.
  func engine(threadCount: Int) throws -> Engine {
    if let engine = opened[threadCount] { return engine }
    let engine = try Engine.open(
      try dataDirectory(), configuration: Engine.Configuration(threadCount: threadCount))
    opened[threadCount] = engine
    return engine
  }

  /// What plain loops over the events say.
  func plainAnswers() throws -> PlainAnswers {
    if let plain { return plain }
    let answers = PlainAnswers(try engine(threadCount: 1).snapshot)
    plain = answers
    return answers
  }
}
