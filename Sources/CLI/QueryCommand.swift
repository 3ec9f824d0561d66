// `beacon query`: one query from the command line, a prompt, or statements from standard input.

internal import ArgumentParser
internal import Prompt
internal import Query

struct QueryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "query",
    abstract: "Answer a query about a data directory, or have a server answer it.",
    discussion: """
      Without SQL, there is a prompt on a terminal; elsewhere statements are read from standard \
      input. One ends with ';', an empty line, or the line that completes it.

      beacon query --data DIR "SELECT campaign, sent, open_rate, ctr FROM events GROUP BY campaign"
      """)

  @OptionGroup var source: SourceOptions

  @Option(help: "table, csv, tsv, json or ndjson; by default a table on a terminal, tsv elsewhere.")
  var format: String?

  @Flag(help: "Say how long each query took, on standard error.")
  var timing = false

  @Argument(help: "The query.")
  var sql: String?

  /// The arguments, with a query that begins with a comment behind `--`: it would be taken for an option.
  static func keepingComments(in arguments: [String]) -> [String] {
    guard arguments.first == configuration.commandName else { return arguments }
    let end = arguments.firstIndex(of: "--") ?? arguments.count
    let comments = arguments[..<end].filter(isComment)
    guard !comments.isEmpty else { return arguments }
    let options = arguments[..<end].filter { !isComment($0) }
    return options + ["--"] + comments + arguments[end...].dropFirst()
  }

  /// No option has a blank or a line end in its name.
  private static func isComment(_ text: String) -> Bool {
    text.hasPrefix("--") && text.prefix { $0 != "=" }.contains(where: \.isWhitespace)
  }

  func validate() throws {
    _ = try OptionValue.format(format)
    try source.requireOne()
  }

  func run() throws {
    let source = try source.makeSource()
    let display = AnswerDisplay(format: try OptionValue.format(format), tellsTime: timing)
    if let sql {
      var session = ScriptSession(source, display)
      try session.run(ArgumentBytes.given(for: [sql]).first ?? [])
    } else if let terminal = Terminal() {
      var session = PromptSession(source, display, terminal)
      if try !session.run() { throw ExitCode(1) }
    } else {
      var session = ScriptSession(source, display)
      try session.runInput()
    }
  }
}
