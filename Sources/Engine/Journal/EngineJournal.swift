// The engine's use of the write-ahead log: what streams bring goes there before it goes into memory. Records are
// applied in the order in which they are written, so that what a recovery makes of them is what was there.

internal import Base
internal import Durability
internal import Ingest

/// When what streams bring is on disk.
package enum Durability: String, CaseIterable, Sendable {
  /// Before it is acknowledged.
  case always
  /// At most a second after it is acknowledged.
  case everysec
  /// When the system likes.
  case none
}

final class EngineJournal: Journal {
  private let log: Log
  private let durability: Durability
  private let order: Monitor<Order>
  /// Apart from the order, which is held while a record is written.
  private let obstacles = Monitor(Obstacles())

  private struct Order {
    /// How many strings of each shared dictionary are in the log or in what was saved.
    var counts: [Int]
    var prefix = ByteWriter()
    /// Whether the disk had no room for the last record.
    var isFull = false
  }

  private struct Obstacles {
    /// Why nothing is taken for the time being.
    var pauses: [PauseCause: String] = [:]
    /// Why nothing is taken any more.
    var failure: String?

    var refusal: JournalRefusal? {
      if let failure { return JournalRefusal(failure, isPassing: false) }
      return (pauses[.disk] ?? pauses[.memory]).map { JournalRefusal($0, isPassing: true) }
    }
  }

  init(_ log: Log, _ shared: SharedState, _ durability: Durability) {
    self.log = log
    self.durability = durability
    order = Monitor(Order(counts: shared.dictionaryCounts))
  }

  func append(
    _ batch: ByteSlice, notes: [SourceNote], shared: SharedState, apply: () -> Void
  ) throws(JournalRefusal) {
    try order.update { order throws(JournalRefusal) in
      if let refusal { throw refusal }
      var counts = order.counts
      order.prefix.removeAll()
      JournalRecord.write(shared, since: &counts, notes: notes, to: &order.prefix)
      let log = log
      try order.prefix.withSlice { (prefix) throws(JournalRefusal) in
        do throws(LogError) {
          _ = try log.append([prefix, batch])
        } catch {
          if case .full = error { order.isFull = true }
          if case .failed = error { fail(error.description) }
          throw JournalRefusal(error)
        }
      }
      order.isFull = false
      order.counts = counts
      apply()
    }
  }

  /// What there may be too little of.
  enum PauseCause: Hashable {
    case disk
    case memory
  }

  /// Takes nothing until it is told otherwise for the same cause, and says why.
  func pause(_ cause: PauseCause, _ reason: String?) {
    obstacles.update { $0.pauses[cause] = reason }
  }

  /// Takes nothing more until the process starts again.
  func fail(_ reason: String) { obstacles.update { $0.failure = $0.failure ?? reason } }

  /// Returns when everything appended before is as safe as was asked for.
  func acknowledge() throws(EngineError) {
    switch durability {
    case .always: try synchronize(through: log.last)
    case .everysec, .none: if let failure { throw .readOnly(failure) }
    }
  }

  func synchronize(through sequence: UInt64) throws(EngineError) {
    do throws(LogError) {
      try log.synchronize(through: sequence)
    } catch {
      throw EngineError(error, in: "the log")
    }
  }

  /// What is to be done every second.
  func tick() {
    // A failure is told to the next who appends or asks.
    if durability != .none { try? log.synchronize(through: log.last) }
    log.markDurable()
  }

  /// Whether there is too little room for more records.
  var lacksSpace: Bool {
    order.update { $0.isFull } || obstacles.update { $0.pauses[.disk] != nil }
  }

  var refusal: JournalRefusal? { obstacles.update { $0.refusal } }

  /// Why the log takes nothing any more, if so.
  var failure: String? { log.failure.map { LogError.failed($0).description } }

  // MARK: Saving

  /// Begins a new file of the log, if there is room for it.
  func rotate() throws(EngineError) {
    do throws(EngineError) { try rotateSurely() } catch {
      if case .full = error { return }
      throw error
    }
  }

  /// Begins a new file of the log, for those who promise that nothing is left of the ones before.
  func rotateSurely() throws(EngineError) {
    do throws(LogError) {
      try log.rotate()
    } catch {
      throw EngineError(error, in: "the log")
    }
  }

  /// Says that the records up to this one are saved elsewhere.
  ///
  /// - Returns: whether no file is left of those before the last rotation.
  @discardableResult func forget(through sequence: UInt64) -> Bool {
    log.forget(before: sequence + 1)
  }

  // MARK: What is known of it

  /// The number of the last record.
  var last: UInt64 { log.last }

  var durable: UInt64 { log.durable }

  /// The last time that the log was synchronized.
  var lastSynchronization: LogSynchronization? { log.lastSynchronization }

  /// Bytes of records that are not saved elsewhere yet, roughly.
  var byteCount: Int { log.byteCount }
}

extension JournalRefusal {
  fileprivate init(_ error: LogError) {
    if case .full = error {
      self.init(error.description, isPassing: true)
    } else {
      self.init(error.description, isPassing: false)
    }
  }
}
