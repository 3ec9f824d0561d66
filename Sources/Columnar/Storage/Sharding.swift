// Where a recipient lives: its shard follows from the uppermost bits of its key's hash; look-up tables place
// keys by the others. Shards are on disk.
//
// SAFETY: homes are below the number of shards, so places are sums of what was counted; callers give an order with
// room for one place for each.

package enum Sharding {
  /// The shard of a recipient whose key has this hash.
  package static func shard(of hash: UInt64) -> Int {
    Int(truncatingIfNeeded: hash >> UInt64(64 - Limits.shardCount.trailingZeroBitCount))
  }

  /// Puts indices in the order of shards, those of one shard ascending.
  ///
  /// - Parameter homes: the shard of each.
  /// - Returns: by shard, where its indices end.
  package static func order(
    _ homes: UnsafeBufferPointer<UInt8>, into order: UnsafeMutablePointer<UInt32>
  ) -> [Int] {
    var ends = [Int](repeating: 0, count: Limits.shardCount)
    for home in homes { ends[Int(home)] += 1 }
    var total = 0
    for shard in ends.indices { (ends[shard], total) = (total, total + ends[shard]) }
    for (index, home) in homes.enumerated() {
      order[ends[Int(home)]] = UInt32(index)
      ends[Int(home)] += 1
    }
    return ends
  }
}
