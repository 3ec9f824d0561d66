// Threads for work that blocks, and a bounded queue before them.

internal import NIOPosix
internal import Synchronization

final class WorkerPool: Sendable {
  private let threads: NIOThreadPool
  /// Pieces of work that wait or run.
  private let insideCount = Atomic(0)
  private let insideCountMax: Int

  /// - Parameter waitingCountMax: pieces of work that may wait while all threads are busy.
  init(threadCount: Int, waitingCountMax: Int) {
    threads = NIOThreadPool(numberOfThreads: threadCount)
    let (sum, isLost) = threadCount.addingReportingOverflow(waitingCountMax)
    insideCountMax = isLost ? .max : sum
    threads.start()
  }

  /// Whether nothing waits or runs.
  var isIdle: Bool { insideCount.load(ordering: .sequentiallyConsistent) == 0 }

  /// Runs `body` on one of the threads; false when the queue is full.
  func submit(_ body: @escaping @Sendable () -> Void) -> Bool {
    let count = insideCount.add(1, ordering: .sequentiallyConsistent).newValue
    guard count <= insideCountMax else {
      leave()
      return false
    }
    threads.submit { _ in
      body()
      self.leave()
    }
    return true
  }

  /// Ends the threads, after what waits and runs.
  func stop() { try? threads.syncShutdownGracefully() }

  private func leave() { insideCount.subtract(1, ordering: .sequentiallyConsistent) }
}
