// Unique counts by link or hour from marks: which rows are the first of their message there is known of all rows, so it
// serves whatever asks no more of an event than its kind and that link or hour.

internal import Base
internal import Columnar

extension ShardContext {
  /// The marks, by segment, of the rows of a kind that exist under the audience; nil where marks do not tell.
  func firsts(_ kind: EventKind, _ plan: ScanPlan) -> [RowMarks]? {
    query.firstScope(plan).flatMap { scope in
      shard.firsts.marks(
        kind, isMachine: query.settings.audience == .machine, scope, of: shard)
    }
  }
}

extension QueryContext {
  /// Within what a message counts once, where marks may tell.
  func firstScope(_ plan: ScanPlan) -> FirstMarks.Scope? {
    guard plan.prunes, settings.audience != .all, plan.eventKeys.count == 1,
      let key = plan.eventKeys.first,
      plan.eventConditions.allSatisfy({
        $0.columns.isSubset(of: [.dimension(.kind), .dimension(key)])
      })
    else { return nil }
    return switch key {
    case .link: .link
    case .bucket(.hour): settings.timeZone.hasWholeHours(in: times) ? .hour : nil
    default: nil
    }
  }
}

extension Quantity {
  /// Whether marks of first events may count it.
  var isOfFirsts: Bool { self == .uniqueOpens || self == .uniqueClicks }
}
