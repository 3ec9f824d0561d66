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

  /// Whether the only recipient that may pass, if one is named, is one of the shard.
  func mayPass(in shard: ShardSnapshot) -> Bool {
    conditions.lazy.compactMap(\.onlyRecipient).first?.withUnsafeBufferPointer {
      shard.recipients.ordinal(of: ByteSlice($0)) != nil
    } ?? true
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
