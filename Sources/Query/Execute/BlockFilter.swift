// Zone maps: whether a block can hold any row for which a condition is true. A leaf knows how many of the codes up to
// each one are wanted, so a block's smallest and largest code answer in two look-ups.

internal import Base
internal import Columnar

/// A condition ready to be asked about blocks. It errs on the side of reading a block.
indirect enum BlockFilter {
  /// Column, codes from the column's values, and the number of wanted codes below each code.
  case range(EventColumn, TimeBucket?, [UInt32])
  case all([BlockFilter])
  case any([BlockFilter])
  /// The stored time lies in a range.
  case during(ClosedRange<UInt64>)
  case unknown

  init(_ predicate: CompiledPredicate) {
    switch predicate {
    case .and(let terms): self = .all(terms.map { BlockFilter($0) })
    case .or(let terms): self = .any(terms.map { BlockFilter($0) })
    case .table(let dimension, let table): self = BlockFilter.leaf(dimension, table)
    case .during(let range): self = .during(range)
    case .not, .rows, .constant, .term: self = .unknown
    }
  }

  private static func leaf(_ dimension: Dimension, _ table: [UInt8]) -> BlockFilter {
    let (column, bucket): (EventColumn, TimeBucket?)
    switch dimension {
    case .link: (column, bucket) = (.link, nil)
    case .userAgent: (column, bucket) = (.userAgent, nil)
    case .country: (column, bucket) = (.country, nil)
    case .code: (column, bucket) = (.code, nil)
    case .reason: (column, bucket) = (.reason, nil)
    case .currency: (column, bucket) = (.currency, nil)
    case .kind: (column, bucket) = (.kind, nil)
    case .bucket(let calendar) where calendar != .hourOfDay && calendar != .weekday:
      (column, bucket) = (.time, calendar)
    default: return .unknown
    }
    var below: [UInt32] = [0]
    below.reserveCapacity(table.count + 1)
    var wanted: UInt32 = 0
    for truth in table {
      wanted += truth == Truth.yes.rawValue ? 1 : 0
      below.append(wanted)
    }
    return .range(column, bucket, below)
  }

  /// Whether some row of the block may satisfy the condition.
  func mayMatch(_ block: EventBlock, times: ClosedRange<Int64>) -> Bool {
    switch self {
    case .unknown: return true
    case .all(let terms): return terms.allSatisfy { $0.mayMatch(block, times: times) }
    case .any(let terms): return terms.contains { $0.mayMatch(block, times: times) }
    case .during(let range):
      guard let zone = block.zone(.time) else { return true }
      return range.overlaps(zone.minimum...zone.maximum)
    case .range(let column, let bucket, let below):
      guard let zone = block.zone(column) else { return true }
      let low = bucket?.code(TimeBias.load(zone.minimum), from: times) ?? zone.minimum
      let high = bucket?.code(TimeBias.load(zone.maximum), from: times) ?? zone.maximum
      guard high < UInt64(below.count - 1) else { return true }
      return below[Int(high) + 1] > below[Int(low)]
    }
  }
}
