// Where states are made: the store, the live shards, and what was frozen of them last. One thread at a time works at
// it.

internal import Base
internal import Columnar
internal import Durability
internal import Ingest

/// The shards that take events, and what they share. Replaced as a whole when a load went wrong.
final class LiveShards: Sendable {
  let shared: SharedState
  /// Empty until somebody wants to write.
  let shards: [Shard]
  /// By which streams fill them.
  let sinks: SinkPool

  init(shared: SharedState, shards: [Shard] = []) {
    self.shared = shared
    self.shards = shards
    sinks = SinkPool(shared: shared, shards: shards)
  }
}

struct Desk: ~Copyable {
  let store: Store
  let configuration: Engine.Configuration
  private(set) var live: LiveShards
  private(set) var shards: [FrozenShard]
  /// What the frozen shards share.
  private(set) var shared: SharedImage
  /// The shards that changed since the state was last saved.
  private var unsaved = Set<Int>()
  /// Whether anything changed since then, in shards or in what they share.
  private var isUnsaved = false
  /// The last record of the log whose events are in the frozen state.
  private(set) var logThrough: UInt64
  /// Why the live shards may hold what nobody was promised, so that nothing of them may be shown or saved; nil when all
  /// is well.
  private var failure: String?
  /// What streams write to before anything else; nil when the directory was opened for queries.
  private(set) var journal: EngineJournal?
  /// What the log held when the directory was opened.
  private(set) var recovery = Recovery()

  init(_ store: Store, _ configuration: Engine.Configuration) throws(EngineError) {
    self.store = store
    self.configuration = configuration
    let stored: [StoredShard]
    (shared, stored) = try store.load(threadCount: configuration.threadCount)
    logThrough = store.manifest.logStart - 1
    live = LiveShards(shared: SharedState(shared))
    shards = stored.map { FrozenShard($0, configuration.shard) }
  }

  /// Takes over what is in the log and not in the files, and goes on with the log.
  mutating func recover() throws(EngineError) {
    let content = try readLog()
    if recovery.recordCount > 0 {
      _ = freeze(isQuiet: true, threadCount: configuration.threadCount)
    }
    logThrough = content.next - 1
    guard store.isWriter else { return }
    do throws(LogError) {
      journal = EngineJournal(
        try Log(store.folder, after: content), live.shared, configuration.durability)
    } catch {
      throw EngineError(error, in: store.folder.path)
    }
  }

  private mutating func readLog() throws(EngineError) -> LogContent {
    var replay: Replay?
    var failure: EngineError?
    let result: Result<LogContent, EngineError>
    do throws(LogError) {
      let content = try LogRecovery.read(store.folder, from: store.manifest.logStart) {
        _, record throws(RecordFault) in
        if failure != nil { return }
        if replay == nil {
          do throws(EngineError) {
            try enliven()
          } catch {
            failure = error
            return
          }
          replay = Replay(
            shared: live.shared, shards: live.shards, threadCount: configuration.threadCount)
        }
        if let fault = replay?.take(record) { throw RecordFault(fault) }
      }
      replay?.apply()
      recovery = Recovery(content, replay?.counts ?? ShardCounts())
      result = .success(content)
    } catch {
      result = .failure(EngineError(error, in: store.folder.path))
    }
    if let failure { throw failure }
    return try result.get()
  }

  /// The content that was loaded before.
  var knownContent: [KnownContent] {
    shared.loadedFiles.map { file in
      KnownContent(
        digest: ContentDigest(high: file.contentHigh, low: file.contentLow),
        byteCount: Int64(clamping: file.byteCount), name: file.name)
    }
  }

  /// Makes the shards ready to take events.
  ///
  /// - Throws: when a cold column cannot be read; then they are as they were.
  mutating func enliven() throws(EngineError) {
    try check()
    guard live.shards.isEmpty else { return }
    let stored = shards.map(\.stored)
    let configuration = configuration
    let made = try store.cold.checking {
      Threads.map(stored, threadCount: configuration.threadCount) { stored in
        Shard(ShardState(stored, configuration.shard))
      }
    }
    live = LiveShards(shared: live.shared, shards: made)
  }

  /// Whether what is live may be shown.
  var isSound: Bool { failure == nil }

  /// - Throws: when what is live may not be used.
  func check() throws(EngineError) {
    if let failure { throw .readOnly(failure) }
  }

  // MARK: Freezing

  /// Freezes the live state: all shards at one moment, between two batches.
  ///
  /// - Parameters:
  ///   - files: whose events are in it now.
  ///   - isQuiet: nobody changes anything while this runs.
  /// - Returns: what changed, by shard; nil where nothing did.
  mutating func freeze(
    adding files: [LoadedFile] = [], isQuiet: Bool = false, threadCount: Int
  ) -> [ShardChange?] {
    let (shards, shared) = (live.shards, live.shared)
    let (captures, attributes, notes) = shared.gate.close {
      // Whoever is behind the gate has kept and applied its batch, so the log's last record is in the shards.
      logThrough = journal?.last ?? logThrough
      return (
        shards.map { $0.withState { $0.capture(isQuiet: isQuiet) } },
        shared.sharedAttributes, shared.sourceNotes
      )
    }
    var changes = [ShardChange?](repeating: nil, count: self.shards.count)
    if captures.contains(where: { $0 != nil }) {
      changes = update(captures, threadCount: threadCount)
    }
    for index in changes.indices where changes[index] != nil { unsaved.insert(index) }
    isUnsaved = true
    self.shared = SharedImage(
      shared, attributes, notes: notes, loadedFiles: self.shared.loadedFiles + files)
    return changes
  }

  private mutating func update(
    _ captures: [ShardCapture?], threadCount: Int
  ) -> [ShardChange?] {
    let frozen = Monitor(shards)
    shards = []
    let changes = Monitor([ShardChange?](repeating: nil, count: captures.count))
    let machineMarks = live.shared.machineMarks()
    Threads.forEach(captures.count, threadCount: threadCount) { index in
      guard let capture = captures[index] else { return }
      var shard = frozen.update { $0[index] }
      let change = shard.update(capture, machineMarks: machineMarks)
      frozen.update { [shard] in $0[index] = shard }
      changes.update { $0[index] = change }
    }
    shards = frozen.update { $0 }
    return changes.update { $0 }
  }

  // MARK: Replacing

  /// Makes a state with other shards durable, and goes on with them. When the disk refuses, nothing changes here.
  ///
  /// What is frozen was saved, and nobody has appended since; so whatever is in the log is in the frozen state.
  mutating func replace(_ rewritten: [Int: StoredShard]) throws(EngineError) {
    let through = journal?.last ?? logThrough
    try journal?.synchronize(through: through)
    try store.publish(
      UnsavedState(shared: shared, shards: rewritten, logThrough: through), or: journal)
    logThrough = through
    var alive = live.shards
    let failureCount = store.cold.failureCount
    for (index, stored) in rewritten {
      shards[index] = FrozenShard(stored, configuration.shard)
      guard !alive.isEmpty else { continue }
      alive[index] = Shard(ShardState(stored, configuration.shard))
    }
    if let failure = store.cold.failure(since: failureCount) { throw failure }
    live = LiveShards(shared: live.shared, shards: alive)
  }

  // MARK: Ordering

  /// Numbers messages anew in shards where a load has left them far from the order in which they were sent. Nobody
  /// changes anything while this runs.
  ///
  /// - Parameters:
  ///   - changes: by shard, what the load has changed.
  ///   - staysLive: somebody goes on with the live shards; otherwise there are none afterwards.
  /// - Returns: the shards that are new.
  mutating func orderMessages(
    _ changes: [ShardChange?], staysLive: Bool, threadCount: Int
  ) -> [Int] {
    // With a memory budget there may be no room for the rows of whole shards.
    guard store.memory == nil else { return [] }
    let (before, configuration) = (shards, configuration.shard)
    let machineMarks = live.shared.machineMarks()
    let ordered = Threads.map(Array(before.indices), threadCount: threadCount) { index in
      changes[index]?.bringsSends == true
        ? before[index].inOrderOfSends(configuration, machineMarks: machineMarks) : nil
    }
    let renewed = ordered.indices.filter { ordered[$0] != nil }
    guard !renewed.isEmpty else { return [] }
    for index in shards.indices {
      shards[index] = ordered[index] ?? FrozenShard(shards[index].stored, configuration)
    }
    let alive = shards.map(\.stored)
    let made = staysLive ? alive.map { Shard(ShardState($0, configuration)) } : []
    live = LiveShards(shared: live.shared, shards: made)
    return renewed
  }

  // MARK: Saving

  /// The frozen state, if it is not on disk; from now on it counts as saved.
  mutating func takeUnsaved() -> UnsavedState? {
    guard isUnsaved else { return nil }
    var changed: [Int: StoredShard] = [:]
    for index in unsaved { changed[index] = shards[index].stored }
    isUnsaved = false
    unsaved = []
    return UnsavedState(shared: shared, shards: changed, logThrough: logThrough)
  }

  /// Takes back what could not be saved.
  mutating func putBack(_ state: UnsavedState) {
    isUnsaved = true
    unsaved.formUnion(state.shards.keys)
  }

  /// Goes back to what is on disk. Live shards have added to the very dictionaries that the state before is made of, so
  /// everything is read again.
  ///
  /// - Throws: when it cannot be read. Nothing is taken, shown or saved any more then: the live shards hold half of
  ///   what failed.
  mutating func restore() throws(EngineError) {
    do throws(EngineError) {
      try readAgain()
    } catch {
      let reason =
        "a load or a removal failed, and what was before cannot be read (\(error.sentence)); "
        + "nothing is taken until a restart, and nothing acknowledged is lost"
      failure = reason
      journal?.fail(reason)
      throw .readOnly(reason)
    }
  }

  private mutating func readAgain() throws(EngineError) {
    let stored: [StoredShard]
    (shared, stored) = try store.load(threadCount: configuration.threadCount)
    logThrough = store.manifest.logStart - 1
    live = LiveShards(shared: SharedState(shared))
    let configuration = configuration.shard
    shards = stored.map { FrozenShard($0, configuration) }
    unsaved = []
    isUnsaved = false
    try enliven()
  }
}
