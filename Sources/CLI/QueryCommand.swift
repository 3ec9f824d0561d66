// `beacon query`: one query from the command line, or one per line from standard input.

internal import ArgumentParser
internal import Engine
internal import Glibc
internal import Query

struct QueryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "query",
    abstract: "Answer a query about a data directory.",
    discussion: """
      Without SQL, queries are read from standard input, one a line.

      beacon query --data DIR "SELECT campaign, sent, open_rate, ctr FROM events GROUP BY campaign"
      """)

  @Option(help: "The data directory that `beacon ingest` wrote.")
  var data: String

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
  }

  func run() throws {
    var configuration = Engine.Configuration()
    if let threads { configuration.threadCount = max(1, threads) }
    let engine = try Console.reporting { () throws(EngineError) in
      try Engine.open(data, configuration: configuration)
    }
    // Made now, so that --timing tells about queries alone.
    _ = engine.snapshot
    if let sql {
      guard answer(sql, engine) else { throw ExitCode(2) }
      return
    }
    var areAllAnswered = true
    while let line = readLine() {
      if line.allSatisfy(\.isWhitespace) { continue }
      areAllAnswered = answer(line, engine) && areAllAnswered
    }
    if !areAllAnswered { throw ExitCode(2) }
  }

  private func answer(_ sql: String, _ engine: Engine) -> Bool {
    do throws(QueryError) {
      let start = ContinuousClock.now
      let table = try engine.query(sql)
      if timing { tell(ContinuousClock.now - start) }
      let output = Console.isTerminal(STDOUT_FILENO) ? ResultFormat.table : .tsv
      let writer = ResultWriter(
        format.flatMap { ResultFormat(rawValue: $0) } ?? output,
        terminalWidth: Console.outputWidth)
      var bytes: [UInt8] = []
      writer.write(table, into: &bytes)
      put(bytes)
      return true
    } catch {
      Console.say(error.rendered(in: Array(sql.utf8)))
      return false
    }
  }

  private func tell(_ duration: Duration) {
    let microseconds = Int(duration.seconds * 1e6)
    Console.say("\(microseconds / 1000).\(microseconds / 100 % 10) ms")
  }

  private func put(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      // The reader has gone: `| head` is no failure.
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }
}
