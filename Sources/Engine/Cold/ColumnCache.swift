// Columns that were read from disk lately, up to so many bytes; the one that was not used for longest goes first.

internal import Columnar

struct ColumnCache {
  struct Key: Hashable {
    /// The number of its file, which no other file ever gets.
    var file: UInt64
    var column: EventColumn
  }

  private struct Kept {
    var column: EncodedColumn
    /// When it was last used.
    var use: Int
  }

  private var kept: [Key: Kept] = [:]
  private var useCount = 0
  private var byteCountMax: Int
  /// Bytes of the columns in it.
  private(set) var byteCount = 0

  init(byteCountMax: Int) { self.byteCountMax = byteCountMax }

  /// A column that is in it.
  mutating func take(_ key: Key) -> EncodedColumn? {
    guard let index = kept.index(forKey: key) else { return nil }
    useCount += 1
    kept.values[index].use = useCount
    return kept.values[index].column
  }

  /// Keeps a column, unless it is larger than all that may be kept.
  mutating func insert(_ column: EncodedColumn, _ key: Key) {
    guard column.byteCount <= byteCountMax, kept[key] == nil else { return }
    useCount += 1
    kept[key] = Kept(column: column, use: useCount)
    byteCount += column.byteCount
    evict()
  }

  /// Changes how much is kept.
  mutating func limit(to byteCountMax: Int) {
    self.byteCountMax = byteCountMax
    evict()
  }

  private mutating func evict() {
    guard byteCount > byteCountMax else { return }
    // An eighth more than need be, so that the search is not made for every column.
    let goal = byteCountMax - byteCountMax / 8
    for (key, entry) in kept.sorted(by: { $0.value.use < $1.value.use }) {
      if byteCount <= goal { break }
      byteCount -= entry.column.byteCount
      kept[key] = nil
    }
  }
}
