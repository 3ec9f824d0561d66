// `beacon verify`: reads everything, and checks what reading alone does not.

internal import Base
internal import Columnar
internal import Ingest

extension Engine {
  /// What is wrong with the directory, one sentence each; empty when all is well.
  ///
  /// Opening it has checked every checksum, every offset and every reference between files already.
  package func verify() -> [String] {
    let failureCount = store.cold.failureCount
    var faults: [String] = []
    for (index, shard) in snapshot.shards.enumerated() {
      faults += ShardVerification(shard, number: index).faults.map { "shard \(index): \($0)" }
    }
    // What was found in place of a column that cannot be read says nothing.
    return store.cold.failure(since: failureCount).map { [$0.sentence] } ?? faults
  }
}

/// Laws within one shard.
private struct ShardVerification {
  let shard: ShardSnapshot
  let number: Int

  init(_ shard: ShardSnapshot, number: Int) {
    self.shard = shard
    self.number = number
  }

  var faults: [String] {
    [misplacedRecipient, repeatedRecipient, repeatedMessage, repeatedIdentity, silentMessage]
      .compactMap { $0 }
  }

  private var repeatedRecipient: String? {
    var seen = Set<[UInt8]>()
    for ordinal in 0..<UInt32(shard.recipients.count)
    where !seen.insert(shard.recipients[ordinal].array).inserted {
      return "recipient \(shard.recipients[ordinal].text) is there twice"
    }
    return nil
  }

  private var misplacedRecipient: String? {
    for ordinal in 0..<UInt32(shard.recipients.count) {
      let recipient = shard.recipients[ordinal]
      guard Sharding.shard(of: recipient.hash) == number else {
        return "recipient \(recipient.text) belongs to another shard"
      }
    }
    return nil
  }

  private var repeatedMessage: String? {
    struct Key: Hashable {
      var campaign: UInt32
      var recipient: UInt32
      var send: UInt32
    }
    let campaigns = shard[.campaign].decodedCodes()
    let recipients = shard[.recipient].decodedCodes()
    let sends = shard[.send].decodedCodes()
    var seen = Set<Key>()
    for message in campaigns.indices {
      let key = Key(
        campaign: campaigns[message], recipient: recipients[message], send: sends[message])
      if !seen.insert(key).inserted { return "message \(message) is there twice" }
    }
    return nil
  }

  private var repeatedIdentity: String? {
    var seen = Set<UInt64>()
    for segment in shard.segments {
      for identity in segment[.identity].decoded() where identity != 0 {
        if !seen.insert(identity).inserted { return "an event id is there twice" }
      }
    }
    return nil
  }

  private var silentMessage: String? {
    var hasEvent = [Bool](repeating: false, count: shard.messageCount)
    for segment in shard.segments {
      for message in segment[.message].decodedCodes() { hasEvent[Int(message)] = true }
    }
    return hasEvent.firstIndex(of: false).map { "message \($0) has no event" }
  }
}
