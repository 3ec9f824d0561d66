// Which lengths of content were taken. Content of a length that nothing has is new without being read; while it is
// being read its length is claimed, and whatever has the same length waits until its content is known.

struct ContentLengths {
  private var taken: Set<Int64>
  private var claimed: Set<Int64> = []

  init(taken: [Int64]) { self.taken = Set(taken) }

  /// Claims a length for content that is not known yet; false where something of that length is or may be known.
  mutating func claim(_ byteCount: Int64) -> Bool {
    guard !taken.contains(byteCount) else { return false }
    return claimed.insert(byteCount).inserted
  }

  /// Notes the length of content that is known; false while the length is claimed.
  mutating func take(_ byteCount: Int64) -> Bool {
    guard isFree(byteCount) else { return false }
    taken.insert(byteCount)
    return true
  }

  /// The content whose length was claimed is known.
  mutating func settle(_ byteCount: Int64) {
    claimed.remove(byteCount)
    taken.insert(byteCount)
  }

  /// Whether nothing of this length is being read without being known.
  func isFree(_ byteCount: Int64) -> Bool { !claimed.contains(byteCount) }
}
