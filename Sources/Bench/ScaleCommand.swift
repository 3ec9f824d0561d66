// `beacon-bench scale`: how load, queries, memory and opening grow with the number of events.

internal import ArgumentParser
internal import Foundation

struct ScaleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scale",
    abstract: "Measure 1, 5 and 20 million log lines and draw how everything grows.",
    discussion: "Writes scale.json and scale.svg. Generated files are deleted as soon as possible.")

  @Option(help: "Where scale.json and scale.svg go; made when it is missing.")
  var out: String

  @Flag(help: "100 million lines too: by estimate 40 GB of disk for a while.")
  var full = false

  @Option(help: "Sizes to measure instead, in log lines: 1000000,5000000.")
  var events: String?

  @Option(help: "Where to put generated files and data directories meanwhile.")
  var folder: String?

  @Option(help: "A scale.json to draw again, without measuring.")
  var draw: String?

  func validate() throws {
    if events != nil, lineCounts.contains(where: { $0 < 1000 }) {
      throw ValidationError("--events is a list of numbers of at least 1000.")
    }
  }

  func run() throws {
    // A folder that cannot be made cannot be written to.
    try? FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: true)
    for path in [figures, drawing] { try ReportFile.check(path) }
    if let draw { return try write(try ReportFile.read(draw)) }
    let workspace = try Workspace(in: folder ?? NSTemporaryDirectory())
    let progress = Progress()
    var report = ScaleReport(machine: Machine.description, date: Machine.date)
    for lineCount in lineCounts {
      let study = ScaleStudy(lineCount: lineCount, threadCounts: [1, 2], workspace: workspace) {
        progress.show($0)
      }
      report.points += try study.run()
      progress.clear()
      // What is there already is kept if a larger size fails.
      try write(report)
    }
    print(table(report).text, terminator: "")
  }

  private var lineCounts: [Int] {
    if let events {
      return events.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
    }
    return [1_000_000, 5_000_000, 20_000_000] + (full ? [100_000_000] : [])
  }

  private var figures: String { "\(out)/scale.json" }

  private var drawing: String { "\(out)/scale.svg" }

  private func write(_ report: ScaleReport) throws {
    try ReportFile.write(json: report, to: figures)
    try ReportFile.write(Data(ScalePlot.document(report).utf8), to: drawing)
  }

  private func table(_ report: ScaleReport) -> Table {
    let names = Set(report.points.flatMap(\.queries.keys)).sorted()
    var table = Table(
      ["events", "threads", "load", "open", "resident", "disk"] + names)
    for point in report.points {
      table.append(
        [
          "\(point.eventCount)", "\(point.threadCount)", QuantityText.time(point.load * 1e6),
          QuantityText.time(point.open * 1e6), QuantityText.bytes(point.residentByteCount),
          QuantityText.bytes(point.diskByteCount),
        ] + names.map { QuantityText.time((point.queries[$0] ?? 0) * 1e6) })
    }
    return table
  }
}
