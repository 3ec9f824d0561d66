// The way of one stream of lines from an event loop to the engine: a bounded queue, batches, one piece of work at a
// time on a worker, and patience while the engine takes nothing.

internal import Base
internal import Ingest
internal import NIOCore

/// Lives on its event loop.
final class LineFeed {
  /// How long lines wait for others, so that a busy stream is appended in large batches.
  private static let delay = TimeAmount.milliseconds(50)
  /// How long the first lines wait for others when they have to tell what they are.
  private static let detectionDelay = TimeAmount.seconds(1)
  private static let retryDelay = TimeAmount.seconds(1)
  /// Lines that are enough to tell what they are.
  private static let detectionLineCount = 64

  /// Called when there may be room again, and when the feed is over.
  var onChange: () -> Void = {}
  /// Whether everything is delivered or given up, and nothing can be added.
  private(set) var isOver = false

  private let core: SourceCore
  private let ledger: SourceLedger
  private let transport: SourceConfiguration.Transport
  private let byteCountMax: Int
  private var kind: FileKind?
  private var stream: (any HitStream)?
  private var waiting = LineQueue()
  /// Whether the engine did not take what is now the first of what waits.
  private var isReturned = false
  private var workingByteCount = 0
  private var isWorking = false
  private var isEnding = false
  private var timer: Scheduled<Void>?

  /// - Parameter byteCountMax: bytes of lines that may wait or be worked on.
  init(_ core: SourceCore, _ source: SourceListener, byteCountMax: Int) {
    self.core = core
    ledger = source.ledger
    transport = source.configuration.transport
    kind = source.configuration.kind
    self.byteCountMax = byteCountMax
  }

  /// Whether the engine takes nothing at the moment.
  var isRefused: Bool { core.isRefused || isReturned }

  /// Whether more should be read.
  var hasRoom: Bool { !isEnding && !isRefused && queuedByteCount < byteCountMax }

  private var queuedByteCount: Int { waiting.byteCount + workingByteCount }

  /// Whether a line fits into the queue.
  func fits(_ line: ByteSlice) -> Bool {
    !isEnding && queuedByteCount + line.count < byteCountMax
  }

  /// Takes a line. Who does not ask first whether it fits asks for room before reading.
  func append(_ line: ByteSlice) {
    if isEnding { ledger.drop(1, .refused) } else { waiting.append(line) }
  }

  /// For the moment, nothing more comes: sees to it that what is there is delivered soon.
  func flushSoon() {
    guard !waiting.isEmpty, !isReturned, !isWorking else { return }
    if isBatchFull { return submit() }
    guard timer == nil else { return }
    schedule(after: kind == nil ? LineFeed.detectionDelay : LineFeed.delay)
  }

  /// Nothing comes any more; the feed is over when all is delivered.
  func end() {
    isEnding = true
    submit()
  }

  /// The engine takes lines again.
  func resume() {
    submit()
    onChange()
  }

  /// Gives up what is not delivered.
  func abandon() {
    isEnding = true
    ledger.drop(waiting.lineCount, .refused)
    waiting = LineQueue()
    if !isWorking { finish() }
  }
}

// MARK: - work

extension LineFeed {
  private var isBatchFull: Bool {
    if waiting.hasFullBatch { return true }
    return kind == nil && (waiting.first?.lineCount ?? 0) >= LineFeed.detectionLineCount
  }

  private func schedule(after delay: TimeAmount) {
    timer?.cancel()
    timer = core.schedule(after: delay) { [weak self] in
      self?.timer = nil
      self?.submit()
    }
  }

  /// Gives a worker the next batch, or ends the stream when there is none.
  private func submit() {
    guard !isWorking, !isOver else { return }
    timer?.cancel()
    timer = nil
    if waiting.isEmpty, isEnding { return close() }
    // Lines that cannot be kept had better wait here, where there is an end of it.
    guard !core.isRefused || core.isStopping, let batch = waiting.popFirst() else { return }
    let delivery = LineDelivery(batch: batch, kind: kind, stream: stream, transport: transport)
    begin(batch.bytes.count) {
      delivery.run(on: $0)
    } whenDone: {
      $0.delivered(batch, $1)
    }
  }

  private func begin<Outcome: Sendable>(
    _ byteCount: Int, _ body: @escaping @Sendable (any Backend) -> Outcome,
    whenDone: @escaping @Sendable (LineFeed, Outcome) -> Void
  ) {
    isWorking = true
    workingByteCount = byteCount
    let bound = NIOLoopBound(self, eventLoop: core.eventLoop)
    core.work(body) { outcome in
      let feed = bound.value
      feed.isWorking = false
      feed.workingByteCount = 0
      whenDone(feed, outcome)
    }
  }

  private func delivered(_ batch: LineBatch, _ outcome: LineDelivery.Outcome) {
    switch outcome {
    case .unrecognised: ledger.drop(batch.lineCount, .unrecognised)
    case .taken(let kind, let stream, let tally):
      self.kind = kind
      self.stream = stream
      isReturned = false
      ledger.count(tally, of: ObjectIdentifier(self))
      ledger.update { $0.refusal = nil }
      core.isDirty = true
    case .refused(let kind, let stream, let error):
      self.kind = kind
      self.stream = stream
      return refused(batch, kind, error)
    }
    if isEnding || isBatchFull { submit() } else { flushSoon() }
    onChange()
  }

  private func refused(_ batch: LineBatch, _ kind: FileKind, _ error: IngestError) {
    ledger.update { $0.refusal = error.reason }
    if stream == nil { ledger.close(ObjectIdentifier(self)) }
    waiting.putBack(batch)
    // Of a table it is not known what was taken, and without its header the rest means nothing.
    if kind.isTable || isEnding && core.isStopping { return abandon() }
    isReturned = true
    schedule(after: LineFeed.retryDelay)
  }

  private func close() {
    guard let stream else { return finish() }
    self.stream = nil
    begin(0) { _ in
      Result { () throws(IngestError) in try stream.close() }
    } whenDone: { feed, result in
      if case .failure(let error) = result { feed.ledger.update { $0.refusal = error.reason } }
      feed.core.isDirty = true
      feed.finish()
    }
  }

  private func finish() {
    guard !isOver else { return }
    isOver = true
    timer?.cancel()
    ledger.close(ObjectIdentifier(self))
    core.remove(self)
    onChange()
    onChange = {}
  }
}

/// A batch on its way to the engine.
private struct LineDelivery: Sendable {
  enum Outcome: Sendable {
    case taken(FileKind, any HitStream, LineTally)
    case unrecognised
    /// With the stream, when it can be used again.
    case refused(FileKind, (any HitStream)?, IngestError)
  }

  let batch: LineBatch
  let kind: FileKind?
  let stream: (any HitStream)?
  let transport: SourceConfiguration.Transport

  /// Appends the batch to the stream, which is begun when there is none. May block.
  func run(on backend: any Backend) -> Outcome {
    guard let kind = kind ?? detectedKind else { return .unrecognised }
    var open = stream
    do throws(IngestError) {
      let stream = if let open { open } else { try backend.beginIngest(kind, name: name) }
      open = stream
      try stream.append(batch.bytes)
      return .taken(kind, stream, stream.tally)
    } catch {
      return .refused(kind, error.isDisk ? open : nil, error)
    }
  }

  private var name: String { transport.rawValue }

  private var detectedKind: FileKind? {
    guard let kind = batch.kind, !(transport.isSyslog && kind.isTable) else { return nil }
    return kind
  }
}
