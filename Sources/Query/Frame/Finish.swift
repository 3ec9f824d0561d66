// From a frame to the table people see: HAVING, ORDER BY, LIMIT, and the SELECT items.

internal import Base

struct Finish {
  private let plan: Plan
  private let context: QueryContext
  private let frame: Frame

  init(_ plan: Plan, _ context: QueryContext, _ frame: Frame) {
    self.plan = plan
    self.context = context
    self.frame = frame
  }

  /// The rows of the frame that are shown, in order.
  var rows: [Int] {
    let rows = plan.having.map { frame.rows(where: $0, context) } ?? Array(0..<frame.rowCount)
    let offset = min(plan.offset, rows.count)
    let end = offset + min(plan.limit ?? .max, rows.count - offset)
    return Array(RowOrder(sortKeys) { context.mustStop }.first(end, of: rows).dropFirst(offset))
  }

  /// The frame without rows that are not shown whatever other frames are joined with it.
  var candidates: Frame { candidateRows.map { frame.keeping($0) } ?? frame }

  /// The rows that may be shown, depending on what other frames are joined with it; nil for all.
  var candidateRows: [Int]? {
    guard plan.having != nil || plan.limit != nil else { return nil }
    let rows = plan.having.map { frame.rows(where: $0, context) } ?? Array(0..<frame.rowCount)
    guard let limit = plan.limit else { return rows }
    let (end, isBeyond) = plan.offset.addingReportingOverflow(limit)
    guard !isBeyond, end < rows.count else { return rows }
    return RowOrder(sortKeys) { context.mustStop }.contenders(end, of: rows)
  }

  /// The SELECT items, for the rows that are shown; none of a query that must stop.
  var columns: [FrameColumn] {
    let rows = rows
    if context.mustStop { return [] }
    let shown = frame.keeping(rows)
    return plan.items.map { shown.column($0.term, context) }
  }

  func table() -> ResultTable {
    var columns: [ResultColumn] = []
    for (item, column) in zip(plan.items, self.columns) where !context.mustStop {
      columns.append(ResultColumn(item.name, column, plan.settings.timeZone))
    }
    return context.mustStop ? ResultTable(columns: []) : ResultTable(columns: columns)
  }

  private var sortKeys: [SortKey] {
    plan.order.map { order in
      SortKey(
        column: frame.column(order.term, context), isDescending: order.isDescending,
        nullsFirst: order.nullsFirst)
    }
  }
}
