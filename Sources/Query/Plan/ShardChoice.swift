// Which shards a condition leaves: a recipient lives in one, which its hash tells.

internal import Base
internal import Columnar

extension Predicate {
  /// The only recipient that may pass; nil when the condition does not name one.
  fileprivate var onlyRecipient: [UInt8]? {
    switch self {
    case .test(.recipient, .compare(.equal, .text(let wanted))): wanted
    case .and(let terms): terms.lazy.compactMap(\.onlyRecipient).first
    default: nil
    }
  }

  fileprivate var onlyShard: Int? {
    onlyRecipient?.withUnsafeBufferPointer { Sharding.shard(of: Hash.of(ByteSlice($0))) }
  }
}

extension RowPlan {
  /// The shards to look into; nil for all.
  var shards: [Int]? {
    prunes ? conditions.lazy.compactMap(\.onlyShard).first.map { [$0] } : nil
  }

  /// What is known of the only recipient whose events may pass; nil when none is named, and when going through its
  /// shard is what finds them. Asked once for a query.
  func person(in snapshot: Snapshot) -> Person? {
    guard prunes, source == .events,
      let key = conditions.lazy.compactMap(\.onlyRecipient).first, let shard = shards?.first,
      let ordinal = snapshot.shards[shard].ordinal(of: key)
    else { return nil }
    return snapshot.shards[shard].people.records(of: ordinal, in: snapshot.shards[shard])
      .map { Person(key: key, records: $0) }
  }

  /// Whether a person may be known when the query comes again.
  func mayKnowPerson(in snapshot: Snapshot) -> Bool {
    guard prunes, source == .events, let shard = shards?.first else { return false }
    return mayPass(in: snapshot.shards[shard]) && RecipientIndex.serves(snapshot.shards[shard])
  }

  /// The messages of a shard that may pass where a recipient is named; nil where none is.
  func messagesOfRecipient(in shard: ShardSnapshot) -> MessageList? {
    guard prunes, let key = conditions.lazy.compactMap(\.onlyRecipient).first else { return nil }
    let messages = shard.ordinal(of: key).map { shard[.recipient].rows(of: $0) } ?? []
    return MessageList(messages.map { UInt32($0) }, messageCount: shard.messageCount)
  }

  /// Whether the only recipient that may pass, if one is named, is one of the shard.
  func mayPass(in shard: ShardSnapshot) -> Bool {
    conditions.lazy.compactMap(\.onlyRecipient).first.map { shard.ordinal(of: $0) != nil } ?? true
  }
}

extension ShardSnapshot {
  /// The ordinal of a recipient; nil for one of another shard.
  fileprivate func ordinal(of recipient: [UInt8]) -> UInt32? {
    recipient.withUnsafeBufferPointer { people.ordinal(of: ByteSlice($0), in: self) }
  }
}

/// The only recipient that a query asks for, and where its messages and events are.
struct Person: Sendable {
  let key: [UInt8]
  let records: RecipientRecords

  /// The conditions that are left when only its events are looked at.
  func others(_ conditions: [Predicate]) -> [Predicate] {
    conditions.filter { $0 != .test(.recipient, .compare(.equal, .text(key))) }
  }
}

extension MeasurePlan {
  /// The shards to look into; nil for all.
  var shards: [Int]? { scan.shards }
}

extension ScanPlan {
  /// The shards to look into; nil for all.
  var shards: [Int]? {
    prunes ? messageConditions.lazy.compactMap(\.onlyShard).first.map { [$0] } : nil
  }
}
