// `beacon-bench run`, the command that is meant when none is named: measures, or compares what was measured.

internal import ArgumentParser
internal import Foundation

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Run the benchmarks, or compare two runs.",
    discussion: "Every benchmark checks its answer; a wrong one ends the run with exit code 1.")

  @Flag(help: "A few thousand lines, once: whether every answer is right.")
  var smoke = false

  @Flag(help: "Five million lines.")
  var full = false

  @Option(help: "Access-log lines to generate.")
  var events: Int?

  @Option(help: "Thread counts to measure, such as 1,2.")
  var threads: String?

  @Option(help: "Timed rounds, at least 5 for figures that are to be believed.")
  var rounds: Int?

  @Option(help: "Only benchmarks whose names contain this; a suite's name runs that suite.")
  var filter: String?

  @Option(help: "Write all repetitions to a file.")
  var json: String?

  @Option(help: "Where to put generated files and data directories meanwhile.")
  var folder: String?

  @Option(parsing: .upToNextOption, help: "Two files that --json wrote: before and after.")
  var compare: [String] = []

  @Option(help: "With --compare: a second run of what the first file measured.")
  var again: String?

  func validate() throws {
    if !compare.isEmpty, compare.count != 2 {
      throw ValidationError("--compare takes two files: before and after.")
    }
    if again != nil, compare.isEmpty { throw ValidationError("--again goes with --compare.") }
    if smoke, full { throw ValidationError("Say either --smoke or --full.") }
    if let events, events < 1000 { throw ValidationError("--events is at least 1000.") }
    if let rounds, rounds < 1 { throw ValidationError("--rounds is at least 1.") }
    if threads != nil, threadCounts == nil {
      throw ValidationError("--threads is a list of different numbers, such as 1,2.")
    }
  }

  func run() throws {
    if compare.count == 2 {
      let comparison = try Comparison(
        before: try Report.read(compare[0]), after: try Report.read(compare[1]),
        again: try again.map { try Report.read($0) })
      print(comparison.text, terminator: "")
      return
    }
    if let json { try ReportFile.check(json) }
    let workspace = try Workspace(in: folder ?? NSTemporaryDirectory())
    let progress = Progress()
    let runner = Runner(fixture: Fixture(options, workspace), filter: filter) { progress.show($0) }
    let report = try runner.run(Suite.all)
    progress.clear()
    if report.measurements.isEmpty { throw BenchFailure("no benchmark is called \(filter ?? "")") }
    print("\(report.machine), \(report.date), \(report.lineCount) log lines\n")
    print(ReportText(report).text, terminator: "")
    if let json { try report.write(to: json) }
  }

  private var threadCounts: [Int]? {
    guard let threads else { return nil }
    let counts = threads.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
    let valid = counts.compactMap { $0 }.filter { (1...64).contains($0) }
    return Set(valid).count == counts.count ? valid : nil
  }

  private var options: RunOptions {
    var options: RunOptions = smoke ? .smoke : full ? .full : .usual
    if let events { options.lineCount = events }
    if let rounds { options.repetitionCount = rounds }
    if let threadCounts { options.threadCounts = threadCounts }
    return options
  }
}
