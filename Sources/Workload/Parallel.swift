// Runs independent pieces of work on a few threads. The work must not care who does it, nor in which order.

internal import Glibc
internal import Synchronization

enum Parallel {
  private final class Share: Sendable {
    let next = Atomic<Int>(0)
    let count: Int
    let body: @Sendable (Int) -> Void

    init(count: Int, body: @escaping @Sendable (Int) -> Void) {
      self.count = count
      self.body = body
    }

    func work() {
      while true {
        let index = next.add(1, ordering: .relaxed).oldValue
        guard index < count else { return }
        body(index)
      }
    }
  }

  /// Calls `body` with every index below `count` and returns when all calls have returned.
  static func forEach(
    count: Int, threadCount: Int, _ body: @escaping @Sendable (Int) -> Void
  ) {
    let share = Share(count: count, body: body)
    var threads: [pthread_t] = []
    for _ in 1..<threadCount {
      var thread = pthread_t()
      let context = Unmanaged.passRetained(share).toOpaque()
      // SAFETY: the thread takes over the reference that was retained for it.
      let code = pthread_create(
        &thread, nil,
        { context in
          if let context { Unmanaged<Share>.fromOpaque(context).takeRetainedValue().work() }
          return nil
        }, context)
      if code == 0 {
        threads.append(thread)
      } else {
        Unmanaged<Share>.fromOpaque(context).release()
      }
    }
    share.work()
    for thread in threads { pthread_join(thread, nil) }
  }
}
