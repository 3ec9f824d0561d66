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

  /// The arguments, with a blank before a query that begins with a comment: it would be taken for an option.
  static func keepingComments(in arguments: [String]) -> [String] {
    guard arguments.first == configuration.commandName else { return arguments }
    let end = arguments.firstIndex(of: "--") ?? arguments.count
    return arguments.indices.map { index in
      let text = arguments[index]
      let isComment = text.hasPrefix("--") && text.dropFirst(2).first?.isWhitespace == true
      return isComment && index < end ? " " + text : text
    }
  }

  func validate() throws {
    if let format, ResultFormat(rawValue: format) == nil {
      let names = ResultFormat.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("--format is one of \(names), not '\(format)'.")
    }
    try source.requireOne()
  }

  func run() throws {
    let source = try source.makeSource()
    let display = AnswerDisplay(
      format: format.flatMap { ResultFormat(rawValue: $0) }, tellsTime: timing)
    if let sql {
      var session = ScriptSession(source, display)
      try session.run(sql)
    } else if let terminal = Terminal() {
      var session = PromptSession(source, display, terminal)
      if try !session.run() { throw ExitCode(1) }
    } else {
      var session = ScriptSession(source, display)
      try session.runInput()
    }
  }
}
