// How an engine is: what it holds, what it costs, what the disk says. For people and for monitoring.

internal import Base
internal import Columnar
internal import Durability
internal import Ingest

package struct EngineStatus: Sendable {
  package var eventCount: Int
  package var messageCount: Int
  package var recipientCount: Int
  package var segmentCount: Int
  /// Bytes in memory of events, messages and recipients, without tables for looking up.
  package var memoryByteCount: Int
  /// The one of the shared dictionaries that has the least room.
  package var fullestDictionary: DictionaryFill?
  /// What memory is taken by, part by part.
  package var memory: MemoryUsage
  package var fileCount: Int
  /// Bytes of the files that make up the state last saved, without the log.
  package var fileByteCount: Int
  /// What the disk has left; nil when it does not say.
  package var freeByteCount: Int?
  package var recovery: Recovery
  /// Nil for an engine that was opened for queries.
  package var log: LogStatus?

  package struct LogStatus: Sendable {
    /// Bytes of records since the last save, roughly.
    package var byteCount: Int
    package var recordCount: UInt64
    /// Records that may be lost in a power failure; nobody was told otherwise.
    package var unsynchronizedCount: UInt64
    /// Milliseconds since the last synchronization, and what it took in microseconds; nil before the first.
    package var lastSynchronization: (age: Int64, duration: Int64)?
    /// Why nothing is taken now, if so.
    package var refusal: String?
  }

  init(
    _ publication: Publication, recovery: Recovery, _ journal: EngineJournal?,
    _ folder: DataFolder, _ memory: MemoryUsage
  ) {
    self.memory = memory
    let segments = publication.shards.flatMap(\.segments)
    eventCount = segments.reduce(0) { $0 + $1.rowCount }
    segmentCount = segments.count
    messageCount = publication.shards.reduce(0) { $0 + $1.image.messages[0].rowCount }
    recipientCount = publication.shards.reduce(0) { $0 + $1.image.recipients.count }
    memoryByteCount =
      segments.reduce(0) { $0 + $1.byteCount }
      + publication.shards.reduce(0) { $0 + $1.image.byteCount }
    fullestDictionary = DictionaryFill.fullest(of: publication.shared.dictionaries)
    fileCount = publication.manifest.entries.count
    fileByteCount = publication.manifest.entries.reduce(0) { $0 + Int($1.byteCount) }
    freeByteCount = (try? folder.space())?.freeByteCount
    self.recovery = recovery
    log = journal.map { LogStatus($0) }
  }
}

extension EngineStatus.LogStatus {
  fileprivate init(_ journal: EngineJournal) {
    byteCount = journal.byteCount
    recordCount = journal.last
    unsynchronizedCount = recordCount - min(recordCount, journal.durable)
    let now = MonotonicClock.now()
    lastSynchronization = journal.lastSynchronization.map {
      ((now - $0.end) / 1_000_000, $0.duration / 1000)
    }
    refusal = journal.failure ?? journal.refusal?.reason
  }
}
