// Which shards a condition leaves: a recipient lives in one, which its hash tells.

internal import Base
internal import Columnar

extension Predicate {
  /// The only shard whose recipients may pass; nil when the condition does not name one recipient.
  fileprivate var onlyShard: Int? {
    switch self {
    case .test(.recipient, .compare(.equal, .text(let wanted))):
      wanted.withUnsafeBufferPointer { Sharding.shard(of: Hash.of(ByteSlice($0))) }
    case .and(let terms): terms.lazy.compactMap(\.onlyShard).first
    default: nil
    }
  }
}

extension RowPlan {
  /// The shards to look into; nil for all.
  var shards: [Int]? {
    prunes ? conditions.lazy.compactMap(\.onlyShard).first.map { [$0] } : nil
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
