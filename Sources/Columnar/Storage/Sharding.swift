// Where a recipient lives: its shard follows from the hash of its key, and is on disk.

package enum Sharding {
  /// The shard of a recipient whose key has this hash.
  package static func shard(ofHash hash: UInt64) -> Int {
    Int(truncatingIfNeeded: hash >> UInt64(64 - Limits.shardCount.trailingZeroBitCount))
  }
}
