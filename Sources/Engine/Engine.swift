// The composition root: opens a data directory, loads files into it, and answers queries about it.

package import Base
package import Columnar
package import Ingest
package import Query
internal import Durability

package final class Engine {
  /// How an engine works; the defaults are right except in tests.
  package struct Configuration: Sendable {
    package var shard = ShardConfiguration()
    package var threadCount: Int
    /// Whether zone maps may skip blocks.
    package var prunes = true

    package init(threadCount: Int = Threads.processorCount) { self.threadCount = threadCount }
  }

  private let store: Store
  private let configuration: Configuration
  private var shared: SharedImage
  private var stored: [StoredShard]
  private var cachedSnapshot: Snapshot?

  private init(_ store: Store, _ configuration: Configuration) throws(EngineError) {
    self.store = store
    self.configuration = configuration
    (shared, stored) = try store.load()
  }

  /// Opens a data directory for queries.
  ///
  /// - Throws: `failed` when it is not there, `damaged` when a file is not what was written.
  package static func open(
    _ path: String, configuration: Configuration = Configuration()
  ) throws(EngineError) -> Engine {
    try Engine(try Store(path: path, isWriter: false), configuration)
  }

  /// Opens a data directory for loading, creates it when it is missing, and keeps other writers out.
  package static func openForWriting(
    _ path: String, configuration: Configuration = Configuration()
  ) throws(EngineError) -> Engine {
    try Engine(try Store(path: path, isWriter: true), configuration)
  }

  /// What queries see now; made when it is first asked for.
  package var snapshot: Snapshot {
    if let cachedSnapshot { return cachedSnapshot }
    let maker = SnapshotMaker(shared: shared, threadCount: configuration.threadCount)
    let snapshot = maker.make(stored)
    cachedSnapshot = snapshot
    return snapshot
  }

  /// Answers a query.
  ///
  /// - Parameter cancellation: stops the work; the error then says so.
  package func query(
    _ text: String, settings: QuerySettings = QuerySettings(),
    cancellation: Cancellation = Cancellation()
  ) throws(QueryError) -> ResultTable {
    let threadCount = configuration.threadCount
    let executor = Executor(snapshot, prunes: configuration.prunes) { count, body in
      Threads.forEach(count, threadCount: threadCount, body)
    }
    return try executor.answer(
      Array(text.utf8), settings: settings, cancellation: cancellation)
  }

  var manifest: Manifest { store.manifest }

  /// Which files' content is in the directory.
  package var loadedFiles: [LoadedFile] { shared.loadedFiles }

  /// Loads files and makes the result durable: all of what could be loaded, or nothing at all.
  ///
  /// - Parameter onProgress: called from several threads.
  /// - Throws: `failed` when a file changed while it was read or the disk refused; the directory is as before.
  package func load(
    _ files: [InputFile], options: IngestOptions,
    onProgress: @escaping @Sendable (IngestProgress) -> Void = { _ in }
  ) throws(EngineError) -> LoadReport {
    let live = SharedState(
      dictionaries: shared.dictionaries, campaign: shared.campaignAttributes,
      link: shared.linkAttributes, recipientNames: shared.recipientAttributeNames)
    let shards = stored.map { Shard(ShardState($0, configuration.shard)) }
    let pipeline = Pipeline(
      files, options: options, shared: live, shards: shards, known: knownContent,
      onProgress: onProgress)
    Threads.run(options.threadCount) { pipeline.work() }
    switch pipeline.result() {
    case .spoilt(let reason):
      try restore()
      throw .failed("\(reason); nothing was loaded")
    case .finished(let outcomes, let tally):
      try commit(files, outcomes, live, shards)
      return LoadReport(files: files, outcomes: outcomes, tally: tally)
    }
  }

  private var knownContent: [ContentDigest: String] {
    var known: [ContentDigest: String] = [:]
    for file in shared.loadedFiles {
      known[ContentDigest(high: file.contentHigh, low: file.contentLow)] = file.name
    }
    return known
  }

  private func commit(
    _ files: [InputFile], _ outcomes: [FileOutcome], _ live: SharedState, _ shards: [Shard]
  ) throws(EngineError) {
    var loaded = shared.loadedFiles
    for (file, outcome) in zip(files, outcomes) {
      guard case .loaded(let digest, let byteCount) = outcome else { continue }
      loaded.append(
        LoadedFile(
          contentHigh: digest.high, contentLow: digest.low, byteCount: UInt64(byteCount),
          name: file.name))
    }
    guard loaded.count > shared.loadedFiles.count else { return }
    let next = SharedImage(live, loadedFiles: loaded)
    var changed: [Int: StoredShard] = [:]
    for (index, state) in seal(shards).enumerated() {
      if let state { changed[index] = state }
    }
    do throws(EngineError) {
      try store.publish(shared: next, shards: changed)
    } catch {
      try restore()
      throw error
    }
    shared = next
    for (index, state) in changed { stored[index] = state }
    cachedSnapshot = nil
  }

  /// Goes back to what is on disk. Live shards add to the very dictionaries that the state before them is made of.
  private func restore() throws(EngineError) {
    cachedSnapshot = nil
    (shared, stored) = try store.load()
  }

  /// The shards that changed, at rest.
  private func seal(_ shards: [Shard]) -> [StoredShard?] {
    let sealed = Monitor([StoredShard?](repeating: nil, count: shards.count))
    let forcing = configuration.shard.forcing
    Threads.forEach(shards.count, threadCount: configuration.threadCount) { index in
      let shard = shards[index].withState { state -> StoredShard? in
        guard state.isChanged else { return nil }
        state.seal()
        return StoredShard(state, forcing: forcing)
      }
      sealed.update { $0[index] = shard }
    }
    return sealed.update { $0 }
  }
}

/// What loading came to.
package struct LoadReport: Sendable {
  package let files: [InputFile]
  /// By file.
  package let outcomes: [FileOutcome]
  package let tally: LineTally
}
