// The sinks of all streams that fill the same shards. A sink has caches and room for a batch, much more than anything
// else of a stream; and a stream needs one only while it takes lines, which few of those that are open do at once.

internal import Base

package final class SinkPool: Sendable {
  private let shared: SharedState
  private let shards: [Shard]
  /// Those that nobody uses: together with the others never more than streams have taken lines at once.
  private let free = Monitor<[BatchSink]>([])

  package init(shared: SharedState, shards: [Shard]) {
    self.shared = shared
    self.shards = shards
  }

  /// An empty sink, for one thread until it gives it back.
  ///
  /// - Parameter journal: the same for all streams.
  func take(_ options: IngestOptions, _ journal: any Journal) -> BatchSink {
    let known = free.update { free in
      free.lastIndex { $0.suits(options) }.map { free.remove(at: $0) }
    }
    return known
      ?? BatchSink(shared: shared, shards: shards, options: options, journal: journal)
  }

  func give(_ sink: BatchSink) { free.update { $0.append(sink) } }
}
