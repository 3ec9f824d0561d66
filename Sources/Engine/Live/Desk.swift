// Where states are made: the store, the live shards, and what was frozen of them last. One thread at a time works at
// it.

internal import Base
internal import Columnar
internal import Ingest

/// The shards that take events, and what they share. Replaced as a whole when a load went wrong.
final class LiveShards: Sendable {
  let shared: SharedState
  /// Empty until somebody wants to write.
  let shards: [Shard]

  init(shared: SharedState, shards: [Shard] = []) {
    self.shared = shared
    self.shards = shards
  }
}

struct Desk: ~Copyable {
  let store: Store
  private let configuration: Engine.Configuration
  private(set) var live: LiveShards
  private(set) var shards: [FrozenShard]
  /// What the frozen shards share.
  private(set) var shared: SharedImage
  /// The shards that changed since the state was last saved.
  private var unsaved = Set<Int>()
  /// Whether anything changed since then, in shards or in what they share.
  private var isUnsaved = false

  init(_ store: Store, _ configuration: Engine.Configuration) throws(EngineError) {
    self.store = store
    self.configuration = configuration
    let stored: [StoredShard]
    (shared, stored) = try store.load()
    live = LiveShards(shared: SharedState(shared))
    shards = stored.map { FrozenShard($0, configuration.shard) }
  }

  /// The content that was loaded before, and its name.
  var knownContent: [ContentDigest: String] {
    var known: [ContentDigest: String] = [:]
    for file in shared.loadedFiles {
      known[ContentDigest(high: file.contentHigh, low: file.contentLow)] = file.name
    }
    return known
  }

  /// Makes the shards ready to take events.
  mutating func enliven() {
    guard live.shards.isEmpty else { return }
    let stored = shards.map(\.stored)
    let made = Monitor([Shard?](repeating: nil, count: stored.count))
    let configuration = configuration
    Threads.forEach(stored.count, threadCount: configuration.threadCount) { index in
      let shard = Shard(ShardState(stored[index], configuration.shard))
      made.update { $0[index] = shard }
    }
    live = LiveShards(shared: live.shared, shards: made.update { $0.compactMap { $0 } })
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
    let shards = live.shards
    let (captures, attributes) = live.shared.gate.close {
      (
        shards.map { $0.withState { $0.capture(isQuiet: isQuiet) } },
        live.shared.sharedAttributes
      )
    }
    var changes = [ShardChange?](repeating: nil, count: self.shards.count)
    if captures.contains(where: { $0 != nil }) {
      changes = update(captures, threadCount: threadCount)
    }
    for index in changes.indices where changes[index] != nil { unsaved.insert(index) }
    isUnsaved = true
    shared = SharedImage(live.shared, attributes, loadedFiles: shared.loadedFiles + files)
    return changes
  }

  private mutating func update(
    _ captures: [ShardCapture?], threadCount: Int
  ) -> [ShardChange?] {
    let frozen = Monitor(shards)
    shards = []
    let changes = Monitor([ShardChange?](repeating: nil, count: captures.count))
    Threads.forEach(captures.count, threadCount: threadCount) { index in
      guard let capture = captures[index] else { return }
      var shard = frozen.update { $0[index] }
      let change = shard.update(capture)
      frozen.update { [shard] in $0[index] = shard }
      changes.update { $0[index] = change }
    }
    shards = frozen.update { $0 }
    return changes.update { $0 }
  }

  // MARK: Saving

  /// Makes the frozen state durable, unless it is.
  mutating func save() throws(EngineError) {
    guard isUnsaved else { return }
    var changed: [Int: StoredShard] = [:]
    for index in unsaved { changed[index] = shards[index].stored }
    try store.publish(shared: shared, shards: changed)
    isUnsaved = false
    unsaved = []
  }

  /// Goes back to what is on disk. Live shards have added to the very dictionaries that the state before is made of, so
  /// everything is read again.
  mutating func restore() throws(EngineError) {
    let stored: [StoredShard]
    (shared, stored) = try store.load()
    live = LiveShards(shared: SharedState(shared))
    let configuration = configuration.shard
    shards = stored.map { FrozenShard($0, configuration) }
    unsaved = []
    isUnsaved = false
    enliven()
  }
}
