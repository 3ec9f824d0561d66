// Events go by age or with their recipient. docs/SEMANTICS.md, "What is removed", says which, and what remains.
//
// Both rewrite the shards concerned, one after the other, and publish all of them at once.

internal import Base
internal import Columnar
internal import Ingest

extension Engine {
  /// Removes everything about some recipients: events, messages, attributes and keys. Queries no longer see any of it,
  /// and no file holds it, when this returns.
  ///
  /// It takes turns with loads and streams as a load does.
  /// - Parameter recipients: keys, byte by byte as they were loaded. Those that are not there are no error.
  /// - Throws: `failed` when the directory was opened for queries, or the disk refused; then everything is as before,
  ///   unless the message says that a file could not be removed.
  package func forget(_ recipients: [[UInt8]]) throws(EngineError) -> RemovalCounts {
    try remove(clears: true) { desk in
      var removals: [Int: ShardRewrite.Removal] = [:]
      for key in Set(recipients) {
        guard let (shard, ordinal) = Engine.place(of: key, in: desk) else { continue }
        removals[shard, default: ShardRewrite.Removal()].recipients.append(ordinal)
      }
      return removals
    }
  }

  private static func place(
    of key: [UInt8], in desk: borrowing Desk
  ) -> (shard: Int, ordinal: UInt32)? {
    key.withUnsafeBufferPointer { buffer in
      let key = ByteSlice(buffer)
      let shard = Sharding.shard(of: Hash.of(key))
      let recipients = desk.shards[shard].stored.image.recipients
      return recipients.dictionary.find(key, hash: Hash.keyed(key)).map { (shard, $0) }
    }
  }

  /// Removes the events that are older than they may be. It takes turns with loads and streams as a load does.
  ///
  /// - Parameter now: UTC milliseconds.
  /// - Throws: as `forget`.
  package func applyRetention(
    _ policy: RetentionPolicy, now: Int64
  ) throws(EngineError) -> RemovalCounts {
    let removal = ShardRewrite.Removal(cutoffs: policy.cutoffs(at: now))
    return try remove(clears: false) { desk in
      Dictionary(uniqueKeysWithValues: desk.shards.indices.map { ($0, removal) })
    }
  }

  /// - Parameter plan: what to remove, by shard.
  private func remove(
    clears: Bool, _ plan: (borrowing Desk) -> [Int: ShardRewrite.Removal]
  ) throws(EngineError) -> RemovalCounts {
    var counts = RemovalCounts()
    try rewrite(clears: clears) { desk in
      var rewritten: [Int: StoredShard] = [:]
      for (index, removal) in plan(desk) {
        let before = desk.shards[index].stored
        guard
          let after = before.removing(
            removal, desk.configuration.shard, machineMarks: desk.live.shared.machineMarks())
        else { continue }
        counts += RemovalCounts(before, after)
        rewritten[index] = after
      }
      return rewritten
    }
    return counts
  }
}

extension StoredShard {
  /// The shard without what goes; nil when nothing does.
  ///
  /// - Parameter machineMarks: by user-agent code, 1 for a machine; codes beyond are people's.
  func removing(
    _ removal: ShardRewrite.Removal, _ configuration: ShardConfiguration, machineMarks: [UInt8]
  ) -> StoredShard? {
    let rewrite = ShardRewrite(
      image, segments, removing: removal, machineMarks: machineMarks,
      segmentRowCountMax: configuration.segmentRowCountMax, forcing: configuration.forcing)
    return rewrite.map { StoredShard(image: $0.image, segments: $0.segments) }
  }
}
