// How far loading is, on standard error: a bar on a terminal, a line every few seconds elsewhere.

internal import Base
internal import Glibc
internal import Ingest
internal import Synchronization

final class IngestDisplay: Sendable {
  private let isTerminal = Console.isTerminal(STDERR_FILENO)
  private let total: Double
  private let start = ContinuousClock.now
  private let lastShown: Mutex<ContinuousClock.Instant>

  init(_ files: [InputFile]) {
    total = files.reduce(0) { $0 + Double($1.byteCount) }
    lastShown = Mutex(ContinuousClock.now)
  }

  /// Shows progress, at most ten times a second on a terminal and every five seconds elsewhere.
  func show(_ progress: IngestProgress) {
    let now = ContinuousClock.now
    let pause: Duration = isTerminal ? .milliseconds(100) : .seconds(5)
    let isDue = lastShown.withLock { last in
      guard now - last >= pause else { return false }
      last = now
      return true
    }
    guard isDue else { return }
    let share = total == 0 ? 0 : min(1, progress.diskByteCount / total)
    let seconds = max((now - start).seconds, 0.001)
    let rate = Int(Double(progress.contentByteCount) / seconds)
    let text =
      "\(Int(share * 100)) %, \(progress.contentByteCount.byteCountText), \(rate.byteCountText)/s"
    if isTerminal { write(bar(share) + text) } else { Console.say("loading: \(text)") }
  }

  /// Takes the bar away.
  func clear() { if isTerminal { write("\r\u{1B}[K") } }

  private func bar(_ share: Double) -> String {
    let filled = Int(share * 30)
    return "\r\u{1B}[K[" + String(repeating: "#", count: filled)
      + String(repeating: ".", count: 30 - filled) + "] "
  }

  private func write(_ text: String) {
    var text = text
    text.withUTF8 { _ = Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}

extension Duration {
  /// As a number of seconds.
  var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) / 1e18
  }
}
