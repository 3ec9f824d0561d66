// Publishes states of the engine, each one whole: to memory, where queries find the last one, and to disk.
//
// Locks, from the outside in: the turn (loads against appends), saving (one at a time), the desk (one state is made
// at a time), the gate of the live shards (a state against batches), a shard. Queries take none of them.

internal import Base
internal import Columnar
internal import Ingest

final class Publisher: Sendable {
  private let threadCount: Int
  private let configuration: Engine.Configuration
  private let current: Monitor<Publication>
  private let desk: Monitor<Desk>
  /// What streams write to: the desk's live shards.
  private let writable: Monitor<LiveShards>
  /// Appends are inside; a load closes it.
  private let turn = Gate()
  /// Whether something was appended that no state holds yet.
  private let isDirty = Monitor(false)
  /// Held by whoever saves.
  private let saving = Monitor(())
  private let store: Store
  /// What streams write to before anything else; nil when the directory was opened for queries.
  let journal: EngineJournal?
  /// What the log held when the directory was opened.
  let recovery: Recovery

  init(_ store: Store, _ configuration: Engine.Configuration) throws(EngineError) {
    threadCount = configuration.threadCount
    self.configuration = configuration
    self.store = store
    let desk = try Publisher.open(store, configuration)
    (journal, recovery) = (desk.journal, desk.recovery)
    current = Monitor(Publication(desk, threadCount: configuration.threadCount))
    writable = Monitor(desk.live)
    self.desk = Monitor(desk)
  }

  private static func open(
    _ store: Store, _ configuration: Engine.Configuration
  ) throws(EngineError) -> Desk {
    while true {
      do throws(EngineError) {
        var desk = try Desk(store, configuration)
        try desk.recover()
        return desk
      } catch {
        if store.isWriter { throw error }
        guard try store.hasChanged() else { throw error }
      }
    }
  }

  /// Waits for the state that whoever removed files is about to publish; takes it from disk where another process did.
  ///
  /// For queries that found a file gone.
  func catchUp() throws(EngineError) {
    try desk.update { desk throws(EngineError) in
      guard !store.isWriter, try store.hasChanged() else { return }
      desk = try Publisher.open(store, configuration)
      let next = Publication(desk, threadCount: threadCount)
      current.update { $0 = next }
    }
  }

  /// Bytes that taking events needs besides what queries see.
  var liveByteCount: Int {
    writable.update { $0 }.shards.reduce(0) { $0 + $1.withState { $0.byteCount } }
  }

  /// The last state.
  var publication: Publication { current.update { $0 } }

  // MARK: Streams

  /// Makes the shards ready to take events.
  ///
  /// - Throws: when a cold column cannot be read.
  func enliven() throws(EngineError) {
    try desk.update { desk throws(EngineError) in
      try desk.enliven()
      setWritable(desk)
    }
  }

  @discardableResult private func setWritable(_ desk: borrowing Desk) -> LiveShards {
    let live = desk.live
    writable.update { $0 = live }
    return live
  }

  /// Runs `body` with the live shards, while no load runs.
  func append<Failure>(_ body: (LiveShards) throws(Failure) -> Void) throws(Failure) {
    try turn.enter { () throws(Failure) in
      // Before the turn may close: whoever closes it takes all of this for published once nothing is dirty.
      defer { isDirty.update { $0 = true } }
      try body(writable.update { $0 })
    }
  }

  // MARK: Publishing

  /// Waits until there is something to publish, or until `body` says that there never will be.
  func waitForChange(_ isOver: () -> Bool) {
    isDirty.wait { $0 || isOver() ? () : nil }
  }

  /// Wakes whoever waits.
  func wake() { isDirty.update { _ in } }

  /// Lets queries see what was appended.
  func publish() {
    desk.update { publishIfDirty(&$0, threadCount: 1) }
  }

  // MARK: Saving

  /// Lets queries see what was appended, and writes all of it to files; the log begins anew.
  ///
  /// Streams, queries and publishing go on beside it.
  /// - Throws: when the disk refused. Queries see it all the same, it is still in the log, and the next call tries
  ///   again.
  func save() throws(EngineError) {
    try saving.update { _ throws(EngineError) in try saveAlone() }
  }

  private func saveAlone() throws(EngineError) {
    try desk.update { desk throws(EngineError) in try desk.check() }
    // From here on records go to a new file, so that the old ones can be removed.
    try journal?.rotate()
    let unsaved = desk.update { desk in
      publishIfDirty(&desk, threadCount: threadCount)
      return desk.takeUnsaved()
    }
    guard let unsaved else {
      // What an earlier save could not let go of, because no new file could be begun then.
      journal?.forget(through: store.manifest.logStart - 1)
      return
    }
    do throws(EngineError) {
      try write(unsaved)
    } catch {
      desk.update { $0.putBack(unsaved) }
      throw error
    }
  }

  private func write(_ unsaved: UnsavedState) throws(EngineError) {
    // The manifest must not name a record that a power failure could take.
    try journal?.synchronize(through: unsaved.logThrough)
    try store.publish(unsaved, or: journal)
    journal?.forget(through: unsaved.logThrough)
  }

  private func publishIfDirty(_ desk: inout Desk, threadCount: Int) {
    guard desk.isSound else { return }
    let wasDirty = isDirty.update { isDirty in
      defer { isDirty = false }
      return isDirty
    }
    guard wasDirty else { return }
    let changes = desk.freeze(threadCount: threadCount)
    show(desk, changes, threadCount: threadCount)
  }

  /// Makes a state of the desk the one that queries see. What was derived before is brought up to date.
  ///
  /// - Parameter renewed: the shards that were replaced.
  private func show(
    _ desk: borrowing Desk, _ changes: [ShardChange?], renewing renewed: [Int] = [],
    threadCount: Int
  ) {
    var derivation = publication.takeDerivation()
    let failureCount = store.cold.failureCount
    derivation?.forget(renewed)
    derivation?.update(
      desk.shards.map(\.stored), changes, desk.shared, desk.live.shared, threadCount: threadCount)
    // What was derived from columns that could not be read is derived anew.
    if store.cold.failure(since: failureCount) != nil { derivation = nil }
    let next = Publication(desk, derivation, threadCount: self.threadCount)
    current.update { $0 = next }
  }

  // MARK: Loading

  /// Loads into the live shards and makes the result durable: all of it, or nothing at all.
  ///
  /// What streams have appended is saved first, and they wait until the load is over; so going back to what is on disk
  /// loses nothing of theirs.
  /// - Parameter body: fills the shards, and returns the files whose events it added. When it throws, the shards may
  ///   hold anything.
  func load<Value>(
    _ body: (LiveShards, [KnownContent]) throws(EngineError) -> ([LoadedFile], Value)
  ) throws(EngineError) -> Value {
    try turn.close { () throws(EngineError) in
      try saving.update { _ throws(EngineError) in
        try saveAlone()
        return try desk.update { desk throws(EngineError) in
          let wasLive = !desk.live.shards.isEmpty
          try desk.enliven()
          return try load(&desk, setWritable(desk), staysLive: wasLive, body)
        }
      }
    }
  }

  private func load<Value>(
    _ desk: inout Desk, _ live: LiveShards, staysLive: Bool,
    _ body: (LiveShards, [KnownContent]) throws(EngineError) -> ([LoadedFile], Value)
  ) throws(EngineError) -> Value {
    do throws(EngineError) {
      let (files, value) = try body(live, desk.knownContent)
      if files.isEmpty { return value }
      var changes = desk.freeze(adding: files, isQuiet: true, threadCount: threadCount)
      let renewed = desk.orderMessages(changes, staysLive: staysLive, threadCount: threadCount)
      for index in renewed { changes[index] = ShardChange(desk.shards[index].stored) }
      if let unsaved = desk.takeUnsaved() { try write(unsaved) }
      setWritable(desk)
      show(desk, changes, renewing: renewed, threadCount: threadCount)
      return value
    } catch {
      try restore(&desk)
      throw error
    }
  }

  /// Goes back to what is on disk.
  private func restore(_ desk: inout Desk) throws(EngineError) {
    try desk.restore()
    setWritable(desk)
    let isShown = publication.takeDerivation() != nil
    let restored = Publication(desk, threadCount: threadCount)
    if isShown { _ = restored.snapshot }
    current.update { $0 = restored }
  }

  // MARK: Rewriting

  /// Replaces shards by what `rewrite` makes of them, in memory and on disk: all of them, or none. Nothing of them is
  /// left in files or in the log then.
  ///
  /// As with a load, what streams have appended is saved first, and they wait until it is over.
  /// - Parameter clears: whether files of before are removed even when nothing is rewritten.
  /// - Throws: when the disk refused. The state is the one before, unless the message says that something could not be
  ///   removed.
  func rewrite(
    clears: Bool, _ rewrite: (borrowing Desk) -> [Int: StoredShard]
  ) throws(EngineError) {
    try turn.close { () throws(EngineError) in
      try saving.update { _ throws(EngineError) in
        try saveAlone()
        try desk.update { desk throws(EngineError) in
          let rewritten = try store.cold.checking { rewrite(desk) }
          guard clears || !rewritten.isEmpty else { return }
          try journal?.rotateSurely()
          try replace(&desk, rewritten)
          try removeFormerFiles(journal?.forget(through: desk.logThrough) ?? true)
        }
      }
    }
  }

  private func replace(
    _ desk: inout Desk, _ rewritten: [Int: StoredShard]
  ) throws(EngineError) {
    do throws(EngineError) {
      try desk.replace(rewritten)
    } catch {
      try restore(&desk)
      throw error
    }
    setWritable(desk)
    showRewritten(desk, Array(rewritten.keys))
  }

  private func removeFormerFiles(_ isLogClear: Bool) throws(EngineError) {
    let left = "what was to be removed is no longer used, but still on disk"
    do throws(EngineError) {
      try store.removeFormerFiles()
    } catch {
      throw .failed("\(left): \(error.sentence)")
    }
    if !isLogClear { throw .failed("\(left): a file of the log cannot be removed") }
  }

  private func showRewritten(_ desk: borrowing Desk, _ indices: [Int]) {
    var changes = [ShardChange?](repeating: nil, count: desk.shards.count)
    for index in indices { changes[index] = ShardChange(desk.shards[index].stored) }
    show(desk, changes, renewing: indices, threadCount: threadCount)
  }
}
