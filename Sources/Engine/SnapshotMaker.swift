// From shards at rest to what queries see: states and domains derived, dictionary entries classified.

internal import Base
internal import Columnar
internal import Ingest

struct SnapshotMaker {
  let shared: SharedImage
  let threadCount: Int

  func make(_ shards: [StoredShard]) -> Snapshot {
    let traits = classify()
    let rules = MessageStates.BounceRules(
      classes: traits.bounceClasses, codes: shared[.code], reasons: shared[.reason])
    let domains = shards.map { domainCodes($0.image) }
    let made = Monitor([ShardSnapshot?](repeating: nil, count: shards.count))
    Threads.forEach(shards.count, threadCount: threadCount) { index in
      let shard = SnapshotMaker.shard(shards[index], domains[index], rules)
      made.update { $0[index] = shard }
    }
    return Snapshot(
      shards: made.update { $0.compactMap { $0 } }, dictionaries: shared.dictionaries,
      campaignAttributes: shared.campaignAttributes.columns.map {
        SharedAttribute(name: $0.name, codes: $0.codes)
      },
      linkAttributes: shared.linkAttributes.columns.map {
        SharedAttribute(name: $0.name, codes: $0.codes)
      },
      recipientAttributeNames: shared.recipientAttributeNames, traits: traits)
  }

  private func classify() -> EntryTraits {
    let agents = shared[.userAgent]
    let codes = shared[.code]
    return EntryTraits(
      userAgents: (0..<UInt32(agents.count)).map { ordinal in
        let traits = UserAgentRules.classify(agents[ordinal])
        return UserAgentEntry(
          machineClass: traits.machineClass, client: "\(traits.client)",
          device: "\(traits.device)", os: "\(traits.os)")
      },
      bounceClasses: (0..<UInt32(codes.count)).map { BounceRules.bounceClass(ofCode: codes[$0]) })
  }

  /// Each recipient's domain: the stated one, else what follows the last `@`, in lower case.
  private func domainCodes(_ image: ShardImage) -> [UInt32] {
    let domains = shared[.domain]
    var codes = image.statedDomains.decodedCodes()
    for ordinal in codes.indices where codes[ordinal] == 0 {
      let key = image.recipients[UInt32(ordinal)]
      guard let at = ByteSearch.lastIndex(of: ASCII.at, in: key), at + 1 < key.count else {
        continue
      }
      let lower = key.suffix(from: at + 1).array.map(ASCII.lowercase)
      codes[ordinal] = lower.withUnsafeBufferPointer { buffer in
        domains.intern(ByteSlice(buffer)).map { $0 + 1 } ?? 0
      }
    }
    return codes
  }

  private static func shard(
    _ stored: StoredShard, _ domains: [UInt32], _ rules: MessageStates.BounceRules
  ) -> ShardSnapshot {
    let image = stored.image
    let flags = image.messages[Int(MessageColumn.flags.rawValue)].decodedCodes()
    let states = MessageStates(
      messageCount: flags.count, segments: stored.segments, rules: rules)
    let bits = flags.indices.map { message in
      states.state(of: message, isUntracked: flags[message] & MessageFlags.untracked != 0)
    }
    let derived = [
      bits.withUnsafeBufferPointer { EncodedColumn(encoding: $0) },
      sentTimes(states.sentTime).withUnsafeBufferPointer { EncodedColumn(encoding: $0) },
    ]
    return ShardSnapshot(
      recipients: image.recipients,
      recipientDomains: domains.withUnsafeBufferPointer { EncodedColumn(encoding: $0) },
      recipientAttributes: image.attributes, messages: image.messages + derived,
      segments: stored.segments)
  }

  /// Times with the gaps of unsent messages filled.
  private static func sentTimes(_ times: [UInt64]) -> [UInt64] {
    var previous = times.first { $0 != 0 } ?? 0
    return times.map { time in
      if time != 0 { previous = time }
      return previous
    }
  }
}
