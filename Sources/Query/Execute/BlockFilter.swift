// Zone maps: whether a block can hold any row for which a condition is true. A leaf knows how many of the codes up to
// each one are wanted, so a block's smallest and largest code answer in two look-ups.

internal import Base
internal import Columnar

/// A condition ready to be asked about blocks. It errs on the side of reading a block.
indirect enum BlockFilter {
  /// Column, codes from the column's values, and the number of wanted codes below each code.
  case range(EventColumn, BucketClock?, [UInt32])
  case all([BlockFilter])
  case any([BlockFilter])
  /// The stored time lies in a range.
  case during(ClosedRange<UInt64>)
  case unknown

  init(_ predicate: CompiledPredicate, _ context: QueryContext) {
    switch predicate {
    case .and(let terms): self = .all(terms.map { BlockFilter($0, context) })
    case .or(let terms): self = .any(terms.map { BlockFilter($0, context) })
    case .table(let dimension, let table): self = BlockFilter.leaf(dimension, table, context)
    case .during(let range): self = .during(range)
    case .not, .recipient, .rows, .constant, .term: self = .unknown
    }
  }

  private static func leaf(
    _ dimension: Dimension, _ table: [UInt8], _ context: QueryContext
  ) -> BlockFilter {
    let (column, clock): (EventColumn, BucketClock?)
    switch dimension {
    case .link: (column, clock) = (.link, nil)
    case .userAgent: (column, clock) = (.userAgent, nil)
    case .country: (column, clock) = (.country, nil)
    case .code: (column, clock) = (.code, nil)
    case .reason: (column, clock) = (.reason, nil)
    case .currency: (column, clock) = (.currency, nil)
    case .kind: (column, clock) = (.kind, nil)
    // Other clocks are set back at times, and then smaller codes follow larger ones.
    case .bucket(let bucket)
    where bucket != .hourOfDay && bucket != .weekday && context.settings.timeZone.isUTC:
      (column, clock) = (.time, context.clock(bucket))
    default: return .unknown
    }
    var below: [UInt32] = [0]
    below.reserveCapacity(table.count + 1)
    var wanted: UInt32 = 0
    for truth in table {
      wanted += truth == Truth.yes.rawValue ? 1 : 0
      below.append(wanted)
    }
    return .range(column, clock, below)
  }

  /// Whether some row of the block may satisfy the condition.
  func mayMatch(_ block: EventBlock) -> Bool {
    switch self {
    case .unknown: return true
    case .all(let terms): return terms.allSatisfy { $0.mayMatch(block) }
    case .any(let terms): return terms.contains { $0.mayMatch(block) }
    case .during(let range):
      guard let zone = block.zone(.time) else { return true }
      return range.overlaps(zone.minimum...zone.maximum)
    case .range(let column, let clock, let below):
      guard let zone = block.zone(column) else { return true }
      let low = clock?.code(TimeBias.load(zone.minimum)) ?? zone.minimum
      let high = clock?.code(TimeBias.load(zone.maximum)) ?? zone.maximum
      guard high < UInt64(below.count - 1) else { return true }
      return below[Int(high) + 1] > below[Int(low)]
    }
  }
}
