// Zone maps of the columns of messages: which blocks may hold a message that passes a condition.

internal import Base
internal import Columnar

struct MessageZone {
  private let column: EncodedColumn
  /// The values that may pass; nil for none.
  private let wanted: ClosedRange<UInt64>?

  /// - Returns: nil for conditions that zone maps say nothing of.
  init?(_ term: Term, _ context: ShardContext) {
    guard case .compare(let comparison, let left, let right) = term.node else { return nil }
    if let constant = right.constant {
      self.init(left, comparison, constant, context)
    } else if let constant = left.constant {
      self.init(right, comparison.mirrored, constant, context)
    } else {
      return nil
    }
  }

  private init?(
    _ term: Term, _ comparison: Comparison, _ constant: Constant, _ context: ShardContext
  ) {
    switch (term.node, constant) {
    case (.column(.fact(.sentAt)), .integer(let time)):
      column = context.shard[.sentTime]
      guard let times = comparison.range(of: time) else { return nil }
      wanted = TimeBias.store(times.lowerBound)...TimeBias.store(times.upperBound)
    case (.column(.dimension(let dimension)), .text(let text)):
      guard comparison == .equal, let stored = dimension.messageColumn,
        let dictionary = dimension.dictionary
      else { return nil }
      column = context.shard[stored]
      let ordinal = text.withUnsafeBufferPointer {
        context.query.snapshot[dictionary].ordinal(of: ByteSlice($0))
      }
      wanted = ordinal.map { UInt64($0) + 1...UInt64($0) + 1 }
    default: return nil
    }
  }

  func mayPass(_ block: Int) -> Bool {
    let zone = column.blocks[block]
    return wanted?.overlaps(zone.minimum...zone.maximum) ?? false
  }
}

extension Comparison {
  /// The integers that compare so with another one; nil where they are no range.
  fileprivate func range(of bound: Int64) -> ClosedRange<Int64>? {
    switch self {
    case .equal: bound...bound
    case .notEqual: nil
    case .less: bound == .min ? nil : .min...bound - 1
    case .lessOrEqual: .min...bound
    case .greater: bound == .max ? nil : bound + 1...(.max)
    case .greaterOrEqual: bound...(.max)
    }
  }
}
