// `beacon status`: what is there, what is safe, and what the disk says.

internal import ArgumentParser
internal import Prompt
internal import Query
internal import Server

struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Tell how a server is, or what opening a data directory finds.",
    discussion: """
      Names of items stay as they are from version to version; docs/OPERATING.md says what they mean.

      beacon status --connect 127.0.0.1:4747
      beacon status DIR
      """)

  @OptionGroup var source: SourceOptions

  @Option(help: "table, csv, tsv, json or ndjson; by default a table on a terminal, tsv elsewhere.")
  var format: String?

  @Argument(help: "The data directory, instead of --data.")
  var directory: String?

  func validate() throws {
    if directory != nil, source.data != nil {
      throw ValidationError("Name one data directory, as DIR or as --data DIR.")
    }
    _ = try OptionValue.format(format)
    try whole.requireOne()
  }

  /// Who answers, wherever the data directory was named.
  private var whole: SourceOptions {
    var whole = source
    if let directory { whole.data = directory }
    return whole
  }

  func run() throws {
    let display = AnswerDisplay(format: try OptionValue.format(format), tellsTime: false)
    let source = try whole.makeSource()
    let answer: TimedAnswer
    do throws(SourceFailure) {
      answer = try source.status()
    } catch {
      display.show(error, of: StatementText(""))
      throw ExitCode(1)
    }
    try display.show(answer)
  }
}
