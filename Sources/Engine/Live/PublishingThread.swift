// The thread that lets queries see what streams append, at a bounded rate: often enough to look live, seldom enough to
// leave the processor to queries and streams.

internal import Base

final class PublishingThread: Sendable {
  private let publisher: Publisher
  private let isStopping = Monitor(false)
  private let thread = Monitor<RunningThread?>(nil)

  /// Nanoseconds from one publication to the next, at the least: what people take for "at once".
  private static let pauseMin: Int64 = 50_000_000
  /// Pause at least so many times as long as the last publication took: a quarter of one processor at most.
  private static let pauseRatio: Int64 = 3

  init(_ publisher: Publisher) { self.publisher = publisher }

  /// Starts the thread, unless it runs.
  func start() {
    thread.update { thread in
      if thread == nil { thread = Threads.start { [self] in run() } }
    }
  }

  /// Ends the thread.
  func stop() {
    isStopping.update { $0 = true }
    publisher.wake()
    thread.update { $0.take() }?.join()
  }

  private func run() {
    while true {
      publisher.waitForChange { isStopping.update { $0 } }
      if isStopping.update({ $0 }) { return }
      let start = MonotonicClock.now()
      publisher.publish()
      let duration = MonotonicClock.now() - start
      let pause = max(PublishingThread.pauseMin, duration * PublishingThread.pauseRatio)
      if isStopping.wait(atMost: pause, { $0 ? true : nil }) != nil { return }
    }
  }
}
