// `beacon query`: one query from the command line, a prompt, or one query per line from standard input.

internal import ArgumentParser
internal import Engine
internal import Prompt
internal import Query
internal import Server

struct QueryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "query",
    abstract: "Answer a query about a data directory, or have a server answer it.",
    discussion: """
      Without SQL, there is a prompt on a terminal; elsewhere queries are read from standard input, \
      one a line.

      beacon query --data DIR "SELECT campaign, sent, open_rate, ctr FROM events GROUP BY campaign"
      """)

  @Option(help: "The data directory that `beacon ingest` wrote.")
  var data: String?

  @Option(help: "HOST:PORT of a server to ask instead.")
  var connect: String?

  @Option(help: "A file whose first line is the server's token.")
  var tokenFile: String?

  @Option(help: "table, csv, tsv, json or ndjson; by default a table on a terminal, tsv elsewhere.")
  var format: String?

  @Flag(help: "Say how long each query took, on standard error.")
  var timing = false

  @Option(help: "Threads to use; by default one per processor.")
  var threads: Int?

  @Argument(help: "The query.")
  var sql: String?

  func validate() throws {
    if let format, ResultFormat(rawValue: format) == nil {
      let names = ResultFormat.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("--format is one of \(names), not '\(format)'.")
    }
    if (data == nil) == (connect == nil) {
      throw ValidationError("Say what to ask: either --data or --connect.")
    }
    if let connect, ListenAddress(connect) == nil {
      throw ValidationError("--connect is HOST:PORT, not '\(connect)'.")
    }
  }

  func run() throws {
    let source = try makeSource()
    let display = AnswerDisplay(
      format: format.flatMap { ResultFormat(rawValue: $0) }, tellsTime: timing)
    if let sql {
      try answer(sql, source, display)
    } else if let terminal = Terminal() {
      var session = PromptSession(source, display, terminal)
      if !session.run() { throw ExitCode(1) }
    } else {
      try answerLines(source, display)
    }
  }

  private func makeSource() throws -> any QuerySource {
    if let connect, let address = ListenAddress(connect) {
      return RemoteSource(client: try makeClient(address))
    }
    var configuration = Engine.Configuration()
    if let threads { configuration.threadCount = max(1, threads) }
    let engine = try Console.reporting { () throws(EngineError) in
      try Engine.open(data ?? "", configuration: configuration)
    }
    // Made now, so that --timing tells about queries alone.
    _ = engine.snapshot
    return LocalSource(engine)
  }

  private func makeClient(_ address: ListenAddress) throws -> Client {
    let token = try tokenFile.map { try TokenFile.read($0) }
    do throws(ClientError) {
      return try Client(address, token: token)
    } catch {
      Console.say("beacon: \(error)")
      throw ExitCode(1)
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
    do throws(SourceFailure) {
      display.show(try source.answer(text))
    } catch {
      display.show(error, of: text)
      if case .query = error { throw ExitCode(2) }
      throw ExitCode(1)
    }
  }
}
