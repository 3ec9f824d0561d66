// `beacon ingest`: files, folders, patterns or standard input into a data directory.

internal import ArgumentParser
internal import Base
internal import Engine
internal import Glibc
internal import Ingest

struct IngestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ingest",
    abstract: "Load access logs, event files and attribute files into a data directory.",
    discussion: """
      A folder stands for all files in it and its folders, without those that begin with a dot; each \
      folder counts once, whatever links lead to it. \
      Each file is told by its name and beginning; gzip, zstd and lz4 are read as they are. A file \
      is loaded whole or not at all, and the same content is never loaded twice.

      beacon ingest --data DIR logs/ sends.ndjson outcomes.ndjson recipients.csv
      """)

  @Option(help: "The data directory; made in a folder that is missing or empty.")
  var data: String

  @Option(help: "auto, or the format of all files: \(FormatName.list).")
  var format = "auto"

  @Option(help: "Which requests are opens, clicks and so on; see docs/formats/access-logs.md.")
  var routes: String?

  @Option(help: "What to keep of client addresses: prefix (/24, /48), raw or none.")
  var ip = "prefix"

  @Option(help: "Threads to use; by default one per processor.")
  var threads: String?

  @Argument(help: "Files, folders and patterns; - is standard input.")
  var paths: [String]

  func validate() throws {
    if format != "auto", FormatName.kind(format) == nil {
      throw ValidationError("--format is one of auto, \(FormatName.list), not '\(format)'.")
    }
    if AddressPolicy(rawValue: ip) == nil {
      throw ValidationError("--ip is one of prefix, raw, none, not '\(ip)'.")
    }
    _ = try OptionValue.threadCount(threads)
    if paths.isEmpty { throw ValidationError("There is nothing to load: name files or folders.") }
  }

  func run() throws {
    FreedMemory.keep(for: .loading)
    let locations = try expandPaths()
    let options = try makeOptions()
    let engine = try Console.reporting { () throws(EngineError) in
      try Engine.openForWriting(data)
    }
    let spool = try locations.contains(.standardInput) ? spoolInput() : nil
    let files = locations.map { file($0, spool?.path ?? "") }
    let progress = IngestDisplay(files)
    let start = ContinuousClock.now
    let report = try Console.reporting { () throws(EngineError) in
      try engine.load(files, options: options) { progress.show($0) }
    }
    progress.clear()
    let summary = IngestSummary(
      report: report, duration: ContinuousClock.now - start, holdings: engine.holdings,
      explicitPaths: Set(paths), forcedFormat: format == "auto" ? nil : format)
    Console.say(summary.text)
    if summary.hasFailures { throw ExitCode(1) }
  }

  private func expandPaths() throws -> [SourceLocation] {
    do throws(SourceError) {
      return try SourceList.expand(paths)
    } catch {
      Console.say("beacon: \(error)")
      throw ExitCode(1)
    }
  }

  private func spoolInput() throws -> InputSpool {
    do throws(SourceError) {
      return try InputSpool(copying: STDIN_FILENO, folder: data)
    } catch {
      Console.say("beacon: \(error)")
      throw ExitCode(1)
    }
  }

  private func file(_ location: SourceLocation, _ spoolPath: String) -> InputFile {
    switch location {
    case .standardInput: return InputFile(path: spoolPath, name: location.name, byteCount: 0)
    case .file(let path):
      var status = stat()
      let byteCount = stat(path, &status) == 0 ? Int64(status.st_size) : 0
      return InputFile(path: path, name: path, byteCount: byteCount)
    }
  }

  private func makeOptions() throws -> IngestOptions {
    IngestOptions(
      routes: try RoutesFile.read(routes), kind: FormatName.kind(format),
      addressPolicy: AddressPolicy(rawValue: ip) ?? .prefix,
      threadCount: try OptionValue.threadCount(threads) ?? Threads.processorCount)
  }
}
