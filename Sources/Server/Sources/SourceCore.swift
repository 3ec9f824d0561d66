// What all sources of a server share: the engine, the workers before it, the list of feeds, and the clock by which what
// was appended is made durable.

internal import NIOCore

/// Lives on its event loop.
final class SourceCore {
  /// Lines are durable at most so long after they were appended, and a disk that refused is tried again as often.
  private static let interval = TimeAmount.seconds(1)

  let eventLoop: any EventLoop
  let limits: ServerLimits
  /// Whether something was appended that is not yet durable.
  var isDirty = false
  /// Whether what was appended cannot be made durable at the moment.
  private(set) var isRefused = false
  private(set) var isStopping = false
  private let backend: any Backend
  private let pool: WorkerPool
  private let ledgers: [SourceLedger]
  private var feeds: [ObjectIdentifier: LineFeed] = [:]
  /// The feeds of connections, also of those that are gone while their lines still wait: lines are what takes memory.
  private var connections: Set<ObjectIdentifier> = []
  private var isSynchronizing = false
  private var onTick: [() -> Void] = []

  init(
    _ backend: any Backend, _ pool: WorkerPool, _ ledgers: [SourceLedger], limits: ServerLimits,
    eventLoop: any EventLoop
  ) {
    self.backend = backend
    self.pool = pool
    self.ledgers = ledgers
    self.limits = limits
    self.eventLoop = eventLoop
    scheduleTick()
  }

  /// Whether all feeds are over.
  var isIdle: Bool { feeds.isEmpty && !isSynchronizing }

  func add(_ feed: LineFeed) { feeds[ObjectIdentifier(feed)] = feed }

  /// Adds the feed of a connection; false when there are too many, or the server stops.
  func admit(_ feed: LineFeed) -> Bool {
    guard !isStopping, connections.count < limits.sourceConnectionCountMax else { return false }
    connections.insert(ObjectIdentifier(feed))
    add(feed)
    return true
  }

  func remove(_ feed: LineFeed) {
    feeds[ObjectIdentifier(feed)] = nil
    connections.remove(ObjectIdentifier(feed))
  }

  /// Calls `body` about once a second.
  func eachSecond(_ body: @escaping () -> Void) { onTick.append(body) }

  /// Runs `body` on a worker, where it may block, and `whenDone` on the event loop.
  func work<Outcome: Sendable>(
    _ body: @escaping @Sendable (any Backend) -> Outcome,
    whenDone: @escaping @Sendable (Outcome) -> Void
  ) {
    let backend = backend
    let eventLoop = eventLoop
    _ = pool.submit {
      let outcome = body(backend)
      eventLoop.execute { whenDone(outcome) }
    }
  }

  func schedule(after delay: TimeAmount, _ body: @escaping () -> Void) -> Scheduled<Void> {
    eventLoop.assumeIsolated().scheduleTask(in: delay, body)
  }

  /// Ends all feeds; nobody is let in any more.
  func stop() {
    isStopping = true
    onTick.forEach { $0() }
    for feed in Array(feeds.values) { feed.end() }
  }

  /// Gives up what is not delivered.
  func abandon() { for feed in Array(feeds.values) { feed.abandon() } }
}

// MARK: - durability

extension SourceCore {
  private func scheduleTick() {
    _ = schedule(after: SourceCore.interval) { [weak self] in self?.tick() }
  }

  private func tick() {
    scheduleTick()
    onTick.forEach { $0() }
    guard isDirty, !isSynchronizing else { return }
    isDirty = false
    isSynchronizing = true
    let bound = NIOLoopBound(self, eventLoop: eventLoop)
    work { backend -> IngestError? in
      do throws(IngestError) { try backend.synchronize() } catch { return error }
      return nil
    } whenDone: { error in
      bound.value.synchronized(error)
    }
  }

  private func synchronized(_ error: IngestError?) {
    isSynchronizing = false
    let wasRefused = isRefused
    isRefused = error != nil
    if isRefused { isDirty = true }
    guard isRefused || wasRefused else { return }
    for ledger in ledgers { ledger.update { $0.refusal = error?.reason } }
    if !isRefused { for feed in Array(feeds.values) { feed.resume() } }
  }
}
