// `beacon query`: one query from the command line, a prompt, or one query per line from standard input.

internal import ArgumentParser
internal import Prompt
internal import Query

struct QueryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "query",
    abstract: "Answer a query about a data directory, or have a server answer it.",
    discussion: """
      Without SQL, there is a prompt on a terminal; elsewhere queries are read from standard input, \
      one a line.

      beacon query --data DIR "SELECT campaign, sent, open_rate, ctr FROM events GROUP BY campaign"
      """)

  @OptionGroup var source: SourceOptions

  @Option(help: "table, csv, tsv, json or ndjson; by default a table on a terminal, tsv elsewhere.")
  var format: String?

  @Flag(help: "Say how long each query took, on standard error.")
  var timing = false

  @Argument(help: "The query.")
  var sql: String?

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
      try answer(sql, source, display)
    } else if let terminal = Terminal() {
      var session = PromptSession(source, display, terminal)
      if try !session.run() { throw ExitCode(1) }
    } else {
      try answerLines(source, display)
    }
  }

  private func answerLines(_ source: any QuerySource, _ display: AnswerDisplay) throws {
    var failure: ExitCode?
    while let line = readLine() {
      if line.allSatisfy(\.isWhitespace) { continue }
      do {
        try answer(line, source, display)
      } catch let code as ExitCode {
        if code == ExitCode(1) { throw code }
        failure = code
      }
    }
    if let failure { throw failure }
  }

  /// Answers on standard output; a query that is wrong ends with 2, a server that is not there with 1.
  private func answer(
    _ sql: String, _ source: any QuerySource, _ display: AnswerDisplay
  ) throws {
    let text = Array(sql.utf8)
    let answer: TimedAnswer
    do throws(SourceFailure) {
      answer = try source.answer(text)
    } catch {
      display.show(error, of: text)
      if case .query = error { throw ExitCode(2) }
      throw ExitCode(1)
    }
    try display.show(answer)
  }
}
