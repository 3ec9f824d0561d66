// Loads files on all cores. Each worker asks the monitor what to do next: read and parse the next chunk of an open
// file, or prepare another file, or stop. Files are open side by side, chunks of one file are parsed side by side, and
// order never matters because events carry everything they need.

package import Base
internal import Columnar

/// How files are read.
package struct IngestOptions: Sendable {
  package var routes: Routes
  /// The format of every file; nil to tell each by its name and beginning.
  package var kind: FileKind?
  package var addressPolicy: AddressPolicy
  package var threadCount: Int
  /// Events that a worker collects before its shards take them; tests use one. Nil for what is best.
  package var batchEventCount: Int?
  /// Chunks of 4 MiB of one file that are kept from its first reading to its second; tests keep none.
  package var keptChunkCountMax = 16

  package init(
    routes: Routes = .standard, kind: FileKind? = nil, addressPolicy: AddressPolicy = .prefix,
    threadCount: Int = 1
  ) {
    self.routes = routes
    self.kind = kind
    self.addressPolicy = addressPolicy
    self.threadCount = threadCount
  }
}

/// What became of one file.
package enum FileOutcome: Equatable, Sendable {
  case loaded(ContentDigest, byteCount: Int64)
  /// The same content was loaded before, under this name.
  case repeated(of: String)
  /// There is nothing in it.
  case empty
  /// No log, event file or attribute file that Beacon knows; where a format was forced, nothing in it has that format.
  case unrecognised
  /// Nothing of it was loaded, and why.
  case failed(String)
}

/// How far loading has come.
package struct IngestProgress: Sendable {
  /// Bytes on disk that are done, roughly for files still being read.
  package var diskByteCount = 0.0
  /// Bytes of content, uncompressed.
  package var contentByteCount: Int64 = 0
}

package final class Pipeline: Sendable {
  private let files: [InputFile]
  private let options: IngestOptions
  private let shared: SharedState
  private let shards: [Shard]
  private let pool = ChunkPool()
  private let state: Monitor<State>
  private let onProgress: @Sendable (IngestProgress) -> Void

  private struct State {
    var nextFile = 0
    var preparingCount = 0
    var readers: [FileReader] = []
    var seen: [ContentDigest: String]
    var lengths: ContentLengths
    /// Files that are to be looked at again when their length is no longer claimed.
    var deferred: [(index: Int, byteCount: Int64)] = []
    var outcomes: [FileOutcome?]
    /// What became of each file's lines.
    var fates: [LineFate]
    var progress = IngestProgress()
    var tally = LineTally()
    /// A file that could be read the first time and not the second: the state in memory is spoilt.
    var fatal: String?
  }

  private enum Work {
    case read(FileReader)
    case prepare(Int)
    case stop
  }

  /// - Parameter known: content that was loaded before.
  package init(
    _ files: [InputFile], options: IngestOptions, shared: SharedState, shards: [Shard],
    known: [KnownContent], onProgress: @escaping @Sendable (IngestProgress) -> Void
  ) {
    self.files = files
    self.options = options
    self.shared = shared
    self.shards = shards
    self.onProgress = onProgress
    state = Monitor(
      State(
        seen: Dictionary(known.map { ($0.digest, $0.name) }, uniquingKeysWith: { $1 }),
        lengths: ContentLengths(taken: known.map(\.byteCount)),
        outcomes: [FileOutcome?](repeating: nil, count: files.count),
        fates: [LineFate](repeating: LineFate(), count: files.count)))
  }

  /// The files' outcomes and what was in them, or a message when memory no longer holds whole files.
  package enum Result: Sendable {
    case finished([FileOutcome], LineTally)
    case spoilt(String)
  }

  /// Does one thread's share of the work; the caller runs it on `options.threadCount` threads.
  package func work() {
    let worker = PipelineWorker(shared: shared, shards: shards, options: options)
    while true {
      switch nextWork() {
      case .stop:
        worker.sink.flush()
        state.update { $0.tally.add(worker.sink.tally) }
        return
      case .prepare(let index): prepare(index, worker)
      case .read(let reader): read(reader, worker)
      }
    }
  }

  /// What came of it, once all threads are done.
  package func result() -> Result {
    state.update { state in
      if let fatal = state.fatal { return .spoilt(fatal) }
      let outcomes = zip(state.outcomes, state.fates).compactMap { outcome, fate -> FileOutcome? in
        guard case .loaded? = outcome, options.kind != nil, fate.isRejected else { return outcome }
        // If it counted as loaded, it could not be loaded in the right format later.
        return .unrecognised
      }
      return .finished(outcomes, state.tally)
    }
  }

  private func nextWork() -> Work {
    state.wait { state in
      if state.fatal != nil { return .stop }
      if let reader = state.readers.first(where: { !$0.isBusy }) {
        reader.isBusy = true
        return .read(reader)
      }
      if let place = state.deferred.firstIndex(where: { state.lengths.isFree($0.byteCount) }) {
        state.preparingCount += 1
        return .prepare(state.deferred.remove(at: place).index)
      }
      if state.nextFile < files.count,
        state.preparingCount + state.readers.count < options.threadCount * 2
      {
        state.preparingCount += 1
        state.nextFile += 1
        return .prepare(state.nextFile - 1)
      }
      return state.preparingCount + state.readers.count == 0 ? .stop : nil
    }
  }

  // MARK: Preparing

  private func prepare(_ index: Int, _ worker: PipelineWorker) {
    let preparer = FilePreparer(
      forcedKind: options.kind, pool: pool, keptChunkCountMax: options.keptChunkCountMax
    ) { byteCount in
      self.state.update { $0.lengths.claim(byteCount) }
    }
    switch preparer.prepare(files[index]) {
    case .refused(let outcome): finish(index, outcome)
    case .unread(let prepared, let source):
      begin(FileReader(index, files[index], prepared, unread: source))
    case .ready(let prepared):
      guard let digest = prepared.digest else { preconditionFailure("nobody read it through") }
      switch admit(index, digest, prepared.contentByteCount) {
      case .new: open(index, prepared, digest, worker)
      case .waits: pool.give(prepared.kept ?? [])
      case .repeated(let name):
        pool.give(prepared.kept ?? [])
        finish(index, .repeated(of: name))
      }
    }
  }

  private enum Admission {
    case new
    case repeated(of: String)
    /// It may be the content of a file that is still being read.
    case waits
  }

  private func admit(_ index: Int, _ digest: ContentDigest, _ byteCount: Int64) -> Admission {
    state.update { state in
      if let name = state.seen[digest] { return .repeated(of: name) }
      guard state.lengths.take(byteCount) else {
        state.preparingCount -= 1
        state.deferred.append((index, byteCount))
        return .waits
      }
      state.seen[digest] = files[index].name
      return .new
    }
  }

  private func open(
    _ index: Int, _ prepared: PreparedFile, _ digest: ContentDigest, _ worker: PipelineWorker
  ) {
    let outcome = FileOutcome.loaded(digest, byteCount: prepared.contentByteCount)
    do throws(SourceError) {
      let reader = try FileReader(index, files[index], prepared)
      guard !prepared.kind.isLines else { return begin(reader, outcome) }
      let before = worker.sink.tally.fate
      let failure = try worker.load(reader)
      reader.release(to: pool)
      advance(reader, Int(prepared.contentByteCount), worker.sink.tally.fate - before)
      if failure != nil { state.update { $0.seen[digest] = nil } }
      finish(index, failure.map { .failed($0) } ?? outcome)
    } catch {
      spoil(error)
    }
  }

  /// Lets all threads read a file of lines.
  ///
  /// - Parameter outcome: nil while its content is not known.
  private func begin(_ reader: FileReader, _ outcome: FileOutcome? = nil) {
    state.update { state in
      state.preparingCount -= 1
      state.outcomes[reader.index] = outcome
      state.readers.append(reader)
    }
  }

  private func finish(_ index: Int, _ outcome: FileOutcome) {
    let progress = state.update { state in
      state.preparingCount -= 1
      state.outcomes[index] = outcome
      if case .loaded = outcome { return state.progress }
      state.progress.diskByteCount += Double(files[index].byteCount)
      return state.progress
    }
    onProgress(progress)
  }

  // MARK: Reading

  private func read(_ reader: FileReader, _ worker: PipelineWorker) {
    do throws(SourceError) {
      let hasLines = try reader.chunks.read(into: worker.chunk)
      state.update { state in
        reader.isBusy = false
        if !hasLines { end(reader, &state) }
      }
      let before = worker.sink.tally.fate
      guard hasLines else {
        worker.sink.countTooLong(reader.chunks.tooLongCount, file: reader.name)
        reader.release(to: pool)
        advance(reader, 0, worker.sink.tally.fate - before)
        return
      }
      let byteCount = worker.chunk.lines.count
      worker.parse(reader)
      advance(reader, byteCount, worker.sink.tally.fate - before)
    } catch {
      spoil(error)
    }
  }

  /// All of a file was read. What was read for the first time is known from now on.
  private func end(_ reader: FileReader, _ state: inout State) {
    state.readers.removeAll { $0 === reader }
    guard let byteCount = reader.claimedByteCount, let digest = reader.chunks.digest else { return }
    state.lengths.settle(byteCount)
    state.seen[digest] = reader.name
    state.outcomes[reader.index] = .loaded(digest, byteCount: byteCount)
  }

  private func advance(_ reader: FileReader, _ byteCount: Int, _ fate: LineFate) {
    let progress = state.update { state in
      state.fates[reader.index] += fate
      state.progress.contentByteCount += Int64(byteCount)
      state.progress.diskByteCount += Double(byteCount) * reader.diskRatio
      return state.progress
    }
    onProgress(progress)
  }

  private func spoil(_ error: SourceError) {
    state.update { $0.fatal = "\(error)" }
  }
}
