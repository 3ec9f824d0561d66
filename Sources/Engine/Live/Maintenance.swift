// The thread that looks after a directory while it takes events: synchronizes the log, and saves to files what has been
// in it long enough.

internal import Base

final class Maintenance: Sendable {
  private let publisher: Publisher
  private let logByteCountMax: Int
  private let isStopping = Monitor(false)
  private let thread = Monitor<RunningThread?>(nil)

  /// Nanoseconds from one look to the next: what `everysec` promises.
  private static let pause: Int64 = 1_000_000_000
  /// Looks that are skipped after a save that failed, so that a full disk is not asked all the time.
  private static let patience = 10

  init(_ publisher: Publisher, _ configuration: Engine.Configuration) {
    self.publisher = publisher
    logByteCountMax = configuration.logByteCountMax
  }

  /// Starts the thread, unless it runs.
  func start() {
    thread.update { thread in
      if thread == nil { thread = Threads.start { [self] in run() } }
    }
  }

  /// Ends the thread.
  func stop() {
    isStopping.update { $0 = true }
    thread.update { $0.take() }?.join()
  }

  private func run() {
    var rest = 0
    while isStopping.wait(atMost: Maintenance.pause, { $0 ? true : nil }) == nil {
      publisher.journal?.tick()
      rest = max(0, rest - 1)
      guard rest == 0, let journal = publisher.journal, journal.byteCount > logByteCountMax
      else { continue }
      // What cannot be saved now stays in the log.
      if (try? publisher.save()) == nil { rest = Maintenance.patience }
    }
  }
}
