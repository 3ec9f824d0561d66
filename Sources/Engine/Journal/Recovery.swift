// What opening a directory found in its log.

internal import Durability
internal import Ingest

package struct Recovery: Equatable, Sendable {
  /// Records of the log that were in no file yet, and their bytes.
  package var recordCount = 0
  package var byteCount = 0
  /// Events that came back from them.
  package var eventCount = 0
  /// Events that were there already, by their ids.
  package var repeatedCount = 0
  /// Bytes at the end of the log that a power failure left incomplete; nobody was told that they were kept.
  package var tornByteCount = 0

  init() {}

  init(_ content: LogContent, _ counts: ShardCounts) {
    recordCount = content.recordCount
    byteCount = content.byteCount
    tornByteCount = content.tornByteCount
    eventCount = counts.added
    repeatedCount = counts.repeated
  }
}
