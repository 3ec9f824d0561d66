// Statements from the command line or standard input, where nobody types them.

internal import ArgumentParser
internal import Prompt
internal import Query

struct ScriptSession {
  private var source: any QuerySource
  private var display: AnswerDisplay
  /// What a wrong statement makes of the end; those behind it are answered all the same.
  private var failure: ExitCode?

  init(_ source: any QuerySource, _ display: AnswerDisplay) {
    self.source = source
    self.display = display
  }

  /// Answers one query.
  mutating func run(_ sql: [UInt8]) throws {
    try act(on: [.query(StatementText(sql))])
    if let failure { throw failure }
  }

  /// Answers what standard input holds.
  mutating func runInput() throws {
    var lines = InputLines()
    var reader = StatementReader()
    while let line = lines.next() {
      guard try act(on: reader.add(line)) else { break }
      if lines.isMoreThere { continue }
      guard try act(on: reader.pause()) else { break }
    }
    try act(on: reader.finish())
    if let failure { throw failure }
  }

  /// False when it is enough.
  @discardableResult private mutating func act(on entries: [StatementReader.Entry]) throws -> Bool {
    for entry in entries {
      switch entry {
      case .query(let statement):
        try attempt(statement) { (source) throws(SourceFailure) in
          try source.answer(statement.bytes)
        }
      case .settings(let settings):
        try attempt(settings) { (source) throws(SourceFailure) in
          try source.set(settings.bytes)
          return nil
        }
      case .format(let name): if !display.setFormat(name) { failure = ExitCode(2) }
      case .help: Console.say(PromptSession.help)
      case .quit: return false
      }
    }
    return true
  }

  /// A query that is wrong ends with 2 later on, a source that does not answer with 1 at once.
  private mutating func attempt(
    _ statement: StatementText,
    _ body: (inout any QuerySource) throws(SourceFailure) -> TimedAnswer?
  ) throws {
    let answer: TimedAnswer?
    do throws(SourceFailure) {
      answer = try body(&source)
    } catch {
      display.show(error, of: statement)
      guard case .query = error else { throw ExitCode(1) }
      failure = ExitCode(2)
      return
    }
    if let answer { try display.show(answer) }
  }
}
