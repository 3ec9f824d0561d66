// Answers on standard output, everything about them on standard error.

internal import Base
internal import Glibc
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

  func show(_ answer: TimedAnswer) {
    if tellsTime { Console.say(answer.time) }
    ResultWriter(format, terminalWidth: Console.outputWidth).write(answer.table) { chunk in
      AnswerDisplay.put(chunk)
    }
  }

  func show(_ failure: SourceFailure, of text: [UInt8]) {
    switch failure {
    case .query(let error): Console.say(error.rendered(in: text))
    case .refused(let reason), .lost(let reason): Console.say("beacon: \(reason)")
    }
  }

  /// Writes to standard output.
  static func put(_ bytes: ByteSlice) {
    var rest = bytes
    while !rest.isEmpty {
      let count = write(STDOUT_FILENO, rest.buffer.baseAddress, rest.count)
      if count < 0, errno == EINTR { continue }
      // The reader has gone: `| head` is no failure.
      guard count > 0 else { return }
      rest = rest.suffix(from: count)
    }
  }
}
