// What an engine's memory is taken by, as the engine counts it: without the allocator, the program and running queries.

internal import Base
internal import Columnar

package struct MemoryUsage: Equatable, Sendable {
  /// Nil where there is none.
  package var budget: Int?
  /// Bytes of payloads of segments that are in memory.
  package var payloads = 0
  /// Bytes of what is always in memory of all segments.
  package var headers = 0
  /// Bytes of columns that were read from disk and are kept for a while.
  package var cache = 0
  /// Bytes of messages, recipients and what shards share.
  package var tables = 0
  /// Bytes of the states of messages, which publishing goes on with, and of their counts of opens and clicks.
  package var states = 0
  /// Bytes that taking events needs: open rows, look-up tables, sets of ids.
  package var live = 0
  package var coldSegmentCount = 0
  /// Bytes of payloads that no file has yet.
  package var unsaved = 0

  /// All of it.
  package var byteCount: Int { payloads + cache + unavoidable }

  /// What no segment can give up.
  package var unavoidable: Int { headers + tables + states + live }
}

extension MemoryUsage {
  init(_ publisher: Publisher, _ store: Store) {
    let publication = publisher.publication
    let filed = store.filedSegments
    for segment in publication.shards.flatMap(\.segments) {
      headers += segment.headerByteCount
      if segment.isCold {
        coldSegmentCount += 1
      } else {
        payloads += segment.payloadByteCount
        if !filed.contains(ObjectIdentifier(segment)) { unsaved += segment.payloadByteCount }
      }
    }
    cache = store.cold.byteCount
    tables =
      publication.shards.reduce(0) { $0 + $1.image.byteCount }
      + publication.shared.dictionaries.reduce(0) { $0 + $1.byteCount }
    states = publication.derivedByteCount
    live = publisher.liveByteCount
    budget = store.memory?.byteCountMax
  }
}
