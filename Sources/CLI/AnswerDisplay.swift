// Answers on standard output, everything about them on standard error.

internal import Base
internal import Glibc
internal import Prompt
internal import Query

struct AnswerDisplay {
  var format: ResultFormat
  /// Whether to say how long each answer took.
  var tellsTime: Bool

  /// - Parameter format: as asked for; nil for a table on a terminal and tab-separated values elsewhere.
  init(format: ResultFormat?, tellsTime: Bool) {
    self.format = format ?? (Console.isTerminal(STDOUT_FILENO) ? .table : .tsv)
    self.tellsTime = tellsTime
  }

  /// Changes the format; false, and said, when there is none of this name.
  mutating func setFormat(_ name: String) -> Bool {
    if let format = ResultFormat(rawValue: name) {
      self.format = format
      return true
    }
    Console.say("FORMAT is one of \(OptionValue.formatNames)")
    return false
  }

  func show(_ answer: TimedAnswer) throws(Output.Failure) {
    if tellsTime { Console.say(answer.time) }
    let writer = ResultWriter(format, terminalWidth: Console.outputWidth)
    try writer.write(answer.table) { (chunk) throws(Output.Failure) in try Output.write(chunk) }
  }

  func show(_ failure: SourceFailure, of statement: StatementText) {
    switch failure {
    case .query(let error):
      Console.say(
        error.rendered(in: statement.bytes, line: statement.line, column: statement.column))
    case .refused(let reason), .lost(let reason): Console.say("beacon: \(reason)")
    }
  }
}
