// What is going on, in one line of a terminal that is written over; elsewhere nothing.

internal import Glibc

struct Progress {
  private let isTerminal = isatty(STDERR_FILENO) == 1

  func show(_ text: String) { write("\r\u{1B}[K\(text)") }

  func clear() { write("\r\u{1B}[K") }

  private func write(_ text: String) {
    guard isTerminal else { return }
    var text = text
    // What cannot be shown is no reason to stop.
    text.withUTF8 { _ = Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}
