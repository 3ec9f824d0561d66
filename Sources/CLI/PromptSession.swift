// The prompt: `beacon query` on a terminal without SQL.

internal import Prompt
internal import Query

struct PromptSession {
  private var source: any QuerySource
  private var display: AnswerDisplay
  private let terminal: Terminal

  init(_ source: any QuerySource, _ display: AnswerDisplay, _ terminal: Terminal) {
    self.source = source
    self.display = display
    self.terminal = terminal
    self.display.tellsTime = false
  }

  /// Answers until the person has enough; false when the source is lost before.
  mutating func run() throws(Output.Failure) -> Bool {
    let file = HistoryFile.ofUser
    var editor = LineEditor(
      history: History(file?.read() ?? []), vocabulary: Vocabulary(dimensions: source.dimensions))
    var reader = StatementReader()
    Console.say("Beacon. \\h for help, \\q to leave.")
    while true {
      switch terminal.readLine(&editor, prompt: reader.isBegun ? "   ...> " : "beacon> ") {
      case .entered(let line):
        for entry in reader.add(line) + reader.pause() {
          if entry == .quit { return true }
          if let statement = PromptSession.remembered(entry), editor.history.add(statement) {
            file?.append(statement)
          }
          guard try act(on: entry) else { return false }
        }
      case .ended: return true
      default: reader.reset()
      }
    }
  }

  /// What to keep of an entry: one line that means the same.
  private static func remembered(_ entry: StatementReader.Entry) -> String? {
    switch entry {
    case .query(let query): query.oneLine
    case .settings(let settings): "SET \(settings.text)"
    case .format(let name): "FORMAT \(name)"
    case .help, .quit: nil
    }
  }

  /// False when the source is lost.
  private mutating func act(on entry: StatementReader.Entry) throws(Output.Failure) -> Bool {
    switch entry {
    case .query(let query):
      return try attempt(query) { (source) throws(SourceFailure) in
        try source.answer(query.bytes)
      }
    case .settings(let settings):
      return try attempt(settings) { (source) throws(SourceFailure) in
        try source.set(settings.bytes)
        return nil
      }
    case .format(let name): _ = display.setFormat(name)
    case .help: Console.say(PromptSession.help)
    case .quit: break
    }
    return true
  }

  private mutating func attempt(
    _ statement: StatementText,
    _ body: (inout any QuerySource) throws(SourceFailure) -> TimedAnswer?
  ) throws(Output.Failure) -> Bool {
    let answer: TimedAnswer?
    do throws(SourceFailure) {
      answer = try body(&source)
    } catch {
      // At a prompt nobody counts lines: places are those within the statement.
      display.show(error, of: StatementText(statement.bytes))
      if case .lost = error { return false }
      return true
    }
    guard let answer else { return true }
    try display.show(answer)
    Console.say(answer.time)
    return true
  }

  static let help = """
    SELECT campaign, sent, open_rate, ctr FROM events GROUP BY campaign ORDER BY sent DESC LIMIT 10
    A statement ends with the line that completes it, with ';' or with an empty line.

    SET audience = all     holds for the queries after it (see docs/QUERY.md, "Settings")
    FORMAT csv             table, csv, tsv, json or ndjson
    \\h                     this
    \\q                     leaves, as Ctrl-D does

    Arrow keys call back what was typed before; Tab completes words; Ctrl-C drops the line.
    """
}
