// The composition root: opens a data directory, takes files and streams of lines into it, and answers queries about it,
// all at the same time and from any thread.

package import Base
package import Columnar
package import Ingest
package import Query
package import Durability

package final class Engine: Sendable {
  /// How an engine works; the defaults are right except in tests.
  package struct Configuration: Sendable {
    package var shard = ShardConfiguration()
    package var threadCount: Int
    /// Whether zone maps may skip blocks.
    package var prunes = true
    /// How many events a shard has that a listing reads on two threads.
    package var partedRowCountMin = Executor.partedRowCountMin
    /// When what streams bring is on disk.
    package var durability = Durability.always
    /// Bytes of log after which its events are saved to files and it begins anew.
    package var logByteCountMax = 256 << 20
    /// Bytes of the disk that streams leave free; nil for a gigabyte, or a twentieth of a small disk.
    package var freeByteCountMin: Int?
    /// Bytes of memory the engine tries to keep within, by leaving the oldest segments on disk; nil for no such limit.
    package var memoryByteCountMax: Int?

    package init(threadCount: Int = Threads.processorCount) { self.threadCount = threadCount }

    fileprivate var memory: MemoryBudget? {
      memoryByteCountMax.map { MemoryBudget(byteCountMax: $0) }
    }
  }

  private let configuration: Configuration
  private let isWriter: Bool
  let store: Store
  let publisher: Publisher
  private let thread: PublishingThread
  private let housekeeping: Housekeeping
  private let memory: MemoryWatch

  init(_ store: Store, _ configuration: Configuration) throws(EngineError) {
    var configuration = configuration
    if let memory = store.memory {
      configuration.shard.segmentRowCountMax = memory.segmentRowCountMax(
        configuration.shard.segmentRowCountMax)
    }
    self.configuration = configuration
    isWriter = store.isWriter
    publisher = try Publisher(store, configuration)
    thread = PublishingThread(publisher)
    memory = MemoryWatch(publisher, store)
    housekeeping = Housekeeping(publisher, memory, store.folder, configuration)
    self.store = store
    memory.enforce()
  }

  deinit {
    housekeeping.stop()
    thread.stop()
  }

  /// Writes what streams have brought to files; until then it is in the log. Everything else goes on beside it.
  ///
  /// - Throws: when the disk refused; then it stays in the log.
  package func save() throws(EngineError) {
    try publisher.save()
    memory.enforce()
  }

  /// Ends housekeeping and saves, so that the next start has nothing to recover. Without it nothing is lost that was
  /// acknowledged.
  package func close() throws(EngineError) {
    housekeeping.stop()
    if isWriter { try save() }
  }

  /// Opens a data directory for queries.
  ///
  /// - Throws: `failed` when it is not there, `damaged` when a file is not what was written.
  package static func open(
    _ path: String, configuration: Configuration = Configuration()
  ) throws(EngineError) -> Engine {
    try Engine(
      try Store(path: path, isWriter: false, memory: configuration.memory), configuration)
  }

  /// Opens a data directory for loading, and keeps other writers out.
  ///
  /// - Parameters:
  ///   - creates: whether to make it where there is nothing yet: in a folder that is missing or empty.
  ///   - system: the way to the disk; tests have others.
  package static func openForWriting(
    _ path: String, creates: Bool = true, configuration: Configuration = Configuration(),
    system: any FileSystem = SystemCalls()
  ) throws(EngineError) -> Engine {
    try Engine(
      try Store(
        path: path, isWriter: true, creates: creates, memory: configuration.memory, system: system),
      configuration)
  }

  // MARK: Queries

  /// What queries see now. It never changes; the first one is made when it is first asked for, later ones when
  /// something was added.
  package var snapshot: Snapshot { publisher.publication.snapshot }

  /// Answers a query, from what was last published. It waits for nobody, unless a file it needs is gone because
  /// another process is publishing: then it is answered from what that one publishes.
  ///
  /// - Parameter cancellation: stops the work; the error then says so.
  /// - Throws: also when a cold column cannot be read (`damaged`); never is there an answer without it.
  package func query(
    _ text: [UInt8], settings: QuerySettings = QuerySettings(),
    cancellation: Cancellation = Cancellation()
  ) throws(QueryError) -> ResultTable {
    for _ in 1..<Engine.attemptCountMax {
      let failureCount = store.cold.failureCount
      let answer = Result { () throws(QueryError) in
        try attempt(text, settings, cancellation)
      }
      if store.cold.failure(since: failureCount) == nil { return try answer.get() }
      try Engine.refusing { () throws(EngineError) in try publisher.catchUp() }
    }
    return try Engine.refusing { () throws(EngineError) in
      try store.cold.checking {
        Result { () throws(QueryError) in try attempt(text, settings, cancellation) }
      }
    }.get()
  }

  /// The same for a query held as text.
  package func query(
    _ text: String, settings: QuerySettings = QuerySettings(),
    cancellation: Cancellation = Cancellation()
  ) throws(QueryError) -> ResultTable {
    try query(Array(text.utf8), settings: settings, cancellation: cancellation)
  }

  /// How often a query is tried whose files go away under it.
  private static let attemptCountMax = 3

  /// Says as an answer to a query what is wrong with the directory.
  private static func refusing<Value>(
    _ body: () throws(EngineError) -> Value
  ) throws(QueryError) -> Value {
    do throws(EngineError) {
      return try body()
    } catch {
      throw QueryError(error.sentence, at: 0..<0, kind: .damaged)
    }
  }

  private func attempt(
    _ text: [UInt8], _ settings: QuerySettings, _ cancellation: Cancellation
  ) throws(QueryError) -> ResultTable {
    let threadCount = configuration.threadCount
    let publication = publisher.publication
    defer { publication.settle() }
    let executor = Executor(
      publication.snapshot, prunes: configuration.prunes,
      partedRowCountMin: configuration.partedRowCountMin
    ) { count, body in
      Threads.forEach(count, threadCount: threadCount, body)
    }
    return try executor.answer(text, settings: settings, cancellation: cancellation)
  }

  /// Which files' content is in the directory.
  package var loadedFiles: [LoadedFile] { publisher.publication.shared.loadedFiles }

  var manifest: Manifest { publisher.publication.manifest }

  /// How the engine is.
  package var status: EngineStatus {
    EngineStatus(
      publisher.publication, recovery: publisher.recovery, publisher.journal, store.folder,
      memory.usage)
  }

  // MARK: Streams

  /// Begins a stream of lines. Any number of streams may run, beside queries.
  ///
  /// - Parameters:
  ///   - kind: what the lines are.
  ///   - name: what rejected lines are said to be from.
  /// - Throws: `failed` when the directory was opened for queries.
  package func beginIngest(
    _ kind: FileKind, name: String = "-", options: IngestOptions
  ) throws(EngineError) -> IngestStream {
    try checkWriter()
    // From the first time on, publishing keeps the snapshot up to date.
    _ = snapshot
    try publisher.enliven()
    memory.enforce()
    thread.start()
    housekeeping.start()
    guard let journal = publisher.journal else { throw .failed("there is no log to write to") }
    let worker = StreamWorker(kind, name: name, options: options, journal: journal)
    return IngestStream(self, worker, isJournaled: !kind.isAttributes)
  }

  /// Lets queries see what streams have appended; without it they see it a little later.
  package func publish() { publisher.publish() }

  func append<Failure>(_ body: (LiveShards) throws(Failure) -> Void) throws(Failure) {
    try publisher.append(body)
  }

  /// Returns when everything that was appended before is on disk, or as safe as `Configuration.durability` asks.
  package func acknowledge() throws(EngineError) { try publisher.journal?.acknowledge() }

  /// When what streams bring is on disk.
  package var durability: Durability { configuration.durability }

  /// What sources wanted remembered with the lines they appended last, by their keys.
  package var sourceNotes: [UInt64: [UInt8]] { publisher.publication.shared.sourceNotes }

  func rewrite(
    clears: Bool, _ body: (borrowing Desk) -> [Int: StoredShard]
  ) throws(EngineError) {
    try checkWriter()
    try publisher.rewrite(clears: clears, body)
    memory.enforce()
  }

  private func checkWriter() throws(EngineError) {
    guard isWriter else { throw .failed("the data directory was opened for queries") }
  }

  // MARK: Files

  /// Loads files and makes the result durable: all of what could be loaded, or nothing at all.
  ///
  /// Loads take turns with each other and with streams: what streams have brought is saved first, and their next lines
  /// wait until the load is over. Queries go on with the state before.
  /// - Parameter onProgress: called from several threads.
  /// - Throws: `failed` when a file changed while it was read or the disk refused; the directory is as before.
  package func load(
    _ files: [InputFile], options: IngestOptions,
    onProgress: @escaping @Sendable (IngestProgress) -> Void = { _ in }
  ) throws(EngineError) -> LoadReport {
    try checkWriter()
    defer { memory.enforce() }
    return try publisher.load { live, known throws(EngineError) in
      let pipeline = Pipeline(
        files, options: options, shared: live.shared, shards: live.shards, known: known,
        onProgress: onProgress)
      Threads.run(options.threadCount) { pipeline.work() }
      switch pipeline.result() {
      case .spoilt(let reason): throw .failed("\(reason); nothing was loaded")
      case .finished(let outcomes, let tally):
        let report = LoadReport(files: files, outcomes: outcomes, tally: tally)
        return (report.loadedFiles, report)
      }
    }
  }
}

/// What loading came to.
package struct LoadReport: Sendable {
  package let files: [InputFile]
  /// By file.
  package let outcomes: [FileOutcome]
  package let tally: LineTally

  fileprivate var loadedFiles: [LoadedFile] {
    zip(files, outcomes).compactMap { file, outcome in
      guard case .loaded(let digest, let byteCount) = outcome else { return nil }
      return LoadedFile(
        contentHigh: digest.high, contentLow: digest.low, byteCount: UInt64(byteCount),
        name: file.name)
    }
  }
}
