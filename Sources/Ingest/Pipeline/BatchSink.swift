// Where a worker's events go: into its batch, and from a full batch into the shards, one lock per shard.
//
// SAFETY: the two cells are initialised with the sink and released with it; a sink belongs to one thread.

internal import Base
internal import Columnar

final class BatchSink {
  private let shared: SharedState
  private let shards: [Shard]
  private let options: IngestOptions
  /// Nil where events need not outlive the process one by one.
  private let journal: (any Journal)?
  private var record = BatchRecordWriter()
  /// Every line changes these two. They are behind pointers, because a change of a class's own property costs a check
  /// of exclusivity each time.
  private let coderCell: UnsafeMutablePointer<EventCoder>
  private let tallyCell: UnsafeMutablePointer<LineTally>
  /// What the tally was when everything before was taken.
  private var keptTally: LineTally
  /// Made when the first attribute file comes, and used for all of them.
  private lazy var recipientRows = RecipientRows()
  /// Why the journal did not take a batch. What comes behind it is dropped, until somebody asked.
  private var refusal: JournalRefusal?

  init(
    shared: SharedState, shards: [Shard], options: IngestOptions, journal: (any Journal)? = nil
  ) {
    let tally = LineTally()
    tallyCell = .allocate(capacity: 1)
    tallyCell.initialize(to: tally)
    keptTally = tally
    self.options = options
    self.journal = journal
    self.shared = shared
    self.shards = shards
    coderCell = .allocate(capacity: 1)
    coderCell.initialize(
      to: EventCoder(
        shared: shared, addressPolicy: options.addressPolicy,
        eventCountMax: options.batchEventCount
          ?? (journal == nil ? EventBatch.loadedEventCountMax : EventBatch.eventCountMax)))
  }

  deinit {
    coderCell.deinitialize(count: 1)
    coderCell.deallocate()
    tallyCell.deinitialize(count: 1)
    tallyCell.deallocate()
  }

  private var coder: EventCoder {
    _read { yield coderCell.pointee }
    _modify { yield &coderCell.pointee }
  }

  private(set) var tally: LineTally {
    get { tallyCell.pointee }
    _modify { yield &tallyCell.pointee }
  }

  /// Whether it does what a stream with these options wants of a sink.
  func suits(_ options: IngestOptions) -> Bool {
    options.addressPolicy == self.options.addressPolicy
      && options.batchEventCount == self.options.batchEventCount
  }

  /// Goes on counting for a stream; nothing of another one is left.
  func begin(_ tally: LineTally) {
    self.tally = tally
    keptTally = tally
  }

  /// Counts a line, and takes its event over if it is one.
  @inline(__always)
  func take(
    _ outcome: LineOutcome, _ event: borrowing Event, line: ByteSlice, file: String
  ) {
    tally.lineCount &+= 1
    switch outcome {
    case .event:
      if coder.isFull { flush() }
      if let reason = coder.append(event) {
        tally.countRejected(reason, line, file: file)
        return
      }
      tally.countEvent(event.kind)
    case .ignored(let reason): tally.countIgnored(reason)
    case .rejected(let reason): tally.countRejected(reason, line, file: file)
    }
  }

  /// Parses whole lines and takes what they say.
  func take(_ lines: ByteSlice, _ parser: inout some LineParser, file: String) {
    var event = Event()
    var start = 0
    while start < lines.count {
      let end = ByteSearch.firstIndex(of: ASCII.newline, in: lines, from: start) ?? lines.count
      var line = lines.slice(from: start, to: end)
      if line.count > 0, line[line.count &- 1] == ASCII.carriageReturn {
        line = line.slice(from: 0, to: line.count &- 1)
      }
      take(parser.parse(line, into: &event), event, line: line, file: file)
      start = end &+ 1
    }
  }

  /// Counts lines that were dropped before anybody could parse them.
  func countTooLong(_ count: Int, file: String) {
    for _ in 0..<count {
      tally.lineCount += 1
      tally.countRejected(.tooLong, .empty, file: file)
    }
  }

  /// Counts the rows of an attribute file.
  func countRow(_ outcome: LineOutcome, key: ByteSlice, file: String) {
    tally.lineCount += 1
    switch outcome {
    case .event: tally.attributeRowCount += 1
    case .ignored(let reason): tally.countIgnored(reason)
    case .rejected(let reason): tally.countRejected(reason, key, file: file)
    }
  }

  /// Hands everything collected to the shards, all of it at one moment for whoever closes the gate.
  ///
  /// - Parameter note: what the source wants remembered together with it.
  func flush(note: SourceNote? = nil) {
    guard !coder.batch.isEmpty || note != nil else { return }
    if journal != nil { record.write(coder.batch) }
    shared.gate.enter { keep(note) }
    coder.clear()
  }

  /// Says why the journal did not take everything since the last time it was asked, and forgets it.
  func takeRefusal() -> JournalRefusal? {
    if refusal == nil { keptTally = tally }
    defer { refusal = nil }
    return refusal
  }

  private func keep(_ note: SourceNote?) {
    guard let journal else { return apply() }
    do throws(JournalRefusal) {
      if let refusal { throw refusal }
      try record.writer.withSlice { (bytes) throws(JournalRefusal) in
        try journal.append(bytes, notes: note.map { [$0] } ?? [], shared: shared) {
          if let note { shared.remember(note) }
          apply()
        }
      }
      keptTally = tally
    } catch {
      refusal = error
      tally = keptTally
    }
  }

  private func apply() {
    coder.batch.stateLinks(to: shared)
    for (number, shard) in shards.enumerated() {
      let part = coder.batch[number]
      if part.count > 0 { tally.shards += shard.withState { $0.take(part, shared: shared) } }
    }
  }

  /// The codes of attributes' values that this worker has met.
  var attributeCodes: CodeCache { coder.attributeCodes }

  /// What takes the attributes of a file.
  func attributeStore(of owner: AttributeOwner, file: String) -> AttributeStore {
    AttributeStore(
      of: owner, in: file, sink: self, shared: shared, shards: shards, rows: recipientRows)
  }

  /// Hands out what takes attributes, at one moment for whoever closes the gate.
  func withAttributes(
    of owner: AttributeOwner, file: String,
    _ body: (inout AttributeStore) throws(EventFileError) -> Void
  ) throws(EventFileError) {
    var store = attributeStore(of: owner, file: file)
    try shared.gate.enter { () throws(EventFileError) in
      defer { store.flush() }
      try body(&store)
    }
  }
}
