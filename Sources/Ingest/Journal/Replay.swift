// Puts kept batches back into the shards: several batches are read, then all shards take their events side by side,
// each in the order of the batches.

package import Base
internal import Columnar

package final class Replay {
  private let shared: SharedState
  private let shards: [Shard]
  private let threadCount: Int
  private var batches: [ReplayBatch] = []
  private var filledCount = 0
  /// What became of the events so far.
  package private(set) var counts = ShardCounts()

  /// Batches that are read before the shards take them: enough to keep every thread busy.
  private static let batchCountMax = 16

  package init(shared: SharedState, shards: [Shard], threadCount: Int) {
    self.shared = shared
    self.shards = shards
    self.threadCount = threadCount
  }

  /// Takes a record that a journal kept.
  ///
  /// - Returns: why it is none, if so.
  package func take(_ record: ByteSlice) -> String? {
    guard !record.isEmpty else { return nil }
    if filledCount == Replay.batchCountMax { apply() }
    if filledCount == batches.count { batches.append(ReplayBatch()) }
    do {
      var cursor = ByteCursor(record)
      let notes = try JournalRecord.readPrefix(&cursor, into: shared)
      try batches[filledCount].events.load(record.suffix(from: cursor.offset), shared)
      for note in notes { shared.remember(note) }
    } catch let fault as BatchRecordReader.Fault {
      return fault.reason
    } catch {
      return "\(error)"
    }
    filledCount += 1
    return nil
  }

  /// Gives the shards what was taken.
  package func apply() {
    let filled = batches[..<filledCount]
    for batch in filled { batch.events.stateLinks(to: shared) }
    let total = Monitor(ShardCounts())
    let (shards, shared) = (shards, shared)
    // SAFETY: nobody changes the batches while the shards read them.
    nonisolated(unsafe) let source = filled
    Threads.forEach(shards.count, threadCount: threadCount) { index in
      let counts = shards[index].withState { state in
        source.reduce(into: ShardCounts()) { $0 += state.take($1.events[index], shared: shared) }
      }
      total.update { $0 += counts }
    }
    counts += total.update { $0 }
    filledCount = 0
  }
}

private final class ReplayBatch {
  var events = EventBatch(eventCountMax: EventBatch.eventCountMax)
}
