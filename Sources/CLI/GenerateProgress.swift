// How far a generation is, on standard error: a bar on a terminal, a line per stage elsewhere.

internal import Glibc
internal import Synchronization
internal import Workload

final class GenerateProgress: Sendable {
  private let isTerminal: Bool
  private let lastShown = Mutex("")

  init(isTerminal: Bool) { self.isTerminal = isTerminal }

  /// Shows `progress` unless that would show nothing new.
  func show(_ progress: GeneratorProgress) {
    let share = progress.total == 0 ? 100 : progress.done * 100 / progress.total
    let text = isTerminal ? bar(progress.stage, share) : "writing \(progress.stage)\n"
    lastShown.withLock { last in
      if last != text { write(text) }
      last = text
    }
  }

  /// Ends the display with a last line.
  func finish(_ text: String) {
    write(isTerminal ? "\r\u{1B}[K\(text)\n" : "\(text)\n")
  }

  private func bar(_ stage: StaticString, _ share: Int) -> String {
    let filled = String(repeating: "#", count: share / 4)
    let rest = String(repeating: ".", count: 25 - share / 4)
    return "\r\u{1B}[K[\(filled)\(rest)] \(share) % \(stage)"
  }

  private func write(_ text: String) {
    var text = text
    // A display that cannot be written is no reason to stop the work.
    text.withUTF8 { _ = Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}
