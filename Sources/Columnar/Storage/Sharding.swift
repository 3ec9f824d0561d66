// Where a recipient lives: its shard follows from the uppermost bits of its key's hash; look-up tables place
// keys by the others. Shards are on disk.

package enum Sharding {
  /// The shard of a recipient whose key has this hash.
  package static func shard(of hash: UInt64) -> Int {
    Int(truncatingIfNeeded: hash >> UInt64(64 - Limits.shardCount.trailingZeroBitCount))
  }
}
