// How much memory an engine may take, and what part of it is for what.

internal import Columnar

struct MemoryBudget: Equatable, Sendable {
  /// Bytes of everything together. 0 means: as little as possible, and ingestion never stops for it.
  let byteCountMax: Int

  init(byteCountMax: Int) { self.byteCountMax = max(0, byteCountMax) }

  /// Bytes that may stay in memory between queries; queries, publishing and the allocator take the rest.
  var residentMax: Int { byteCountMax / 10 * 6 }

  /// Bytes of columns that were read from disk and are kept for a while; part of what may stay.
  var cacheMax: Int { byteCountMax / 8 }

  /// Bytes that unsaved segments may have before a save is worth it, for only what is saved can be left on disk.
  var unsavedMax: Int { byteCountMax / 16 }

  /// The rows of one segment: open rows take 72 bytes each, in every shard.
  func segmentRowCountMax(_ wanted: Int) -> Int {
    let affordable = byteCountMax / 8 / (72 * Columnar.Limits.shardCount)
    let powers = (13...17).map { 1 << $0 }
    return min(wanted, powers.last { $0 <= affordable } ?? powers[0])
  }
}
