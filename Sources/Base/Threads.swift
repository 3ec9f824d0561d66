// Runs a body on several threads and waits for all of them; the calling thread takes a share. Or on one thread that
// goes on beside the calling one until it is joined.
//
// SAFETY: the boxed body outlives the threads, which are joined before it goes away.

internal import Glibc

package enum Threads {
  /// How many processors there are for this process.
  package static var processorCount: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

  private final class Body: Sendable {
    let run: @Sendable () -> Void

    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  /// Runs `body` on `count` threads at once and returns when all have ended.
  package static func run(_ count: Int, _ body: @escaping @Sendable () -> Void) {
    let boxed = Body(body)
    var threads: [pthread_t] = []
    for _ in 1..<max(count, 1) {
      var thread = pthread_t()
      let argument = Unmanaged.passRetained(boxed).toOpaque()
      let status = pthread_create(&thread, nil, Threads.enter, argument)
      if status == 0 {
        threads.append(thread)
      } else {
        // Fewer threads do the same work.
        Unmanaged<Body>.fromOpaque(argument).release()
      }
    }
    body()
    for thread in threads { pthread_join(thread, nil) }
  }

  /// Runs `body` for each index below `count`, on at most `threadCount` threads.
  package static func forEach(
    _ count: Int, threadCount: Int, _ body: @escaping @Sendable (Int) -> Void
  ) {
    let next = Monitor(0)
    run(min(threadCount, count)) {
      while true {
        let index = next.update { value in
          value += 1
          return value - 1
        }
        guard index < count else { return }
        body(index)
      }
    }
  }

  /// What `body` makes of each element, in their order, on at most `threadCount` threads.
  package static func map<Element: Sendable, Value: Sendable>(
    _ elements: [Element], threadCount: Int, _ body: @escaping @Sendable (Element) -> Value
  ) -> [Value] {
    let values = Monitor([Value?](repeating: nil, count: elements.count))
    forEach(elements.count, threadCount: threadCount) { index in
      let value = body(elements[index])
      values.update { $0[index] = value }
    }
    return values.update { $0.compactMap { $0 } }
  }

  /// Starts a thread; nil when there can be no further one.
  package static func start(_ body: @escaping @Sendable () -> Void) -> RunningThread? {
    var thread = pthread_t()
    let argument = Unmanaged.passRetained(Body(body)).toOpaque()
    guard pthread_create(&thread, nil, Threads.enter, argument) == 0 else {
      Unmanaged<Body>.fromOpaque(argument).release()
      return nil
    }
    return RunningThread(thread)
  }

  private static let enter: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? =
    {
      argument in
      guard let argument else { return nil }
      Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
      return nil
    }
}

/// A thread that was started and must be joined once.
package struct RunningThread: Sendable {
  private let thread: pthread_t

  fileprivate init(_ thread: pthread_t) { self.thread = thread }

  /// Waits for its end.
  package func join() { pthread_join(thread, nil) }
}
