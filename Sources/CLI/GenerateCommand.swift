// `beacon generate`: a seeded workload of logs, sends and outcomes with the truth about it.

internal import ArgumentParser
internal import Glibc
internal import Workload

struct GenerateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: "Write a seeded workload: access logs, sends, outcomes and the truth about them.",
    discussion: "The same options give the same bytes. The directory must be new or empty.")

  @Option(help: "Directory to write into.")
  var out: String

  @Option(help: "Access-log lines to write, approximately; half as many messages are sent.")
  var events: Int

  @Option(help: "Another seed gives another workload.")
  var seed: UInt64 = 1

  @Option(help: "How many campaigns; by default as many as suit the number of events.")
  var campaigns: Int?

  @Option(help: "How many recipients; by default a tenth of the events.")
  var recipients: Int?

  @Option(help: "Layout of the access logs: \(formatNames).")
  var format = "combined"

  private static var formatNames: String {
    LogDialect.allCases.map(\.rawValue).joined(separator: ", ")
  }

  func validate() throws {
    if LogDialect(rawValue: format) == nil {
      throw ValidationError("--format is one of \(Self.formatNames), not '\(format)'.")
    }
    do {
      try specification.validate()
    } catch {
      throw ValidationError(error.description)
    }
  }

  func run() throws {
    let display = GenerateProgress(isTerminal: isatty(STDERR_FILENO) == 1)
    do {
      let generator = try Generator(specification, directory: out) { display.show($0) }
      let truth = try generator.run()
      display.finish(summary(truth))
    } catch {
      display.finish("beacon: \(error)")
      throw ExitCode(1)
    }
  }

  private var specification: WorkloadSpec {
    var specification = WorkloadSpec(lineCount: events, seed: seed)
    specification.format = LogDialect(rawValue: format) ?? .combined
    if let campaigns { specification.campaignCount = campaigns }
    if let recipients { specification.recipientCount = recipients }
    return specification
  }

  private func summary(_ truth: Truth) -> String {
    """
    wrote \(truth.logLines.grouped) log lines in \(truth.logFileCount.grouped) files, \
    \(truth.logBytes.byteCountText) before compression
      sends      \(truth.sent.grouped), delivered \(truth.delivered.grouped), \
    bounced \(truth.bounced.grouped)
      people     opens \(truth.human.opens.grouped), clicks \(truth.human.clicks.grouped)
      machines   opens \(truth.machine.opens.grouped), clicks \(truth.machine.clicks.grouped)
      broken     \(truth.rejected.grouped) lines that must be rejected
      truth      \(out)/truth.json
    """
  }
}
