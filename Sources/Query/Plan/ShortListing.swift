// A listing with LIMIT, which is read in two steps: first what WHERE and the order ask for, of all rows; then the other
// columns, of the rows that are left.

internal import Base

struct ShortListing: Sendable {
  /// All columns, and the order by all that decides it.
  let whole: RowPlan
  /// The columns that rows are ordered by first, and their order by those alone.
  let leading: RowPlan
  /// How many rows are wanted at the most.
  let wantedRowCount: Int
  private let terms: [Term]
  /// Which columns of the whole plan the leading ones are, and which the others.
  private let leadingColumns: [Int]
  private let otherColumns: [Int]

  /// Rows that many are read at once: they are no small part of what there is.
  private static let wantedRowCountMax = 65_536

  /// - Returns: nil for a plan that is no listing, or wants so many rows that their columns had better be read at once.
  init?(_ plan: RowPlan) {
    guard plan.prunes, case .listing(let terms) = plan.shape, let wanted = plan.wantedRowCount,
      wanted <= ShortListing.wantedRowCountMax
    else { return nil }
    let keys = plan.order.prefix(plan.leadingKeyCount)
    let leadingColumns = Set(keys.map(\.column)).sorted()
    var leading = plan
    leading.shape = .listing(leadingColumns.map { terms[$0] })
    leading.order = keys.compactMap { key in
      leadingColumns.firstIndex(of: key.column).map { ($0, key.isDescending, key.nullsFirst) }
    }
    whole = plan
    self.leading = leading
    wantedRowCount = wanted
    self.terms = terms
    self.leadingColumns = leadingColumns
    otherColumns = terms.indices.filter { !leadingColumns.contains($0) }
  }

  /// The direction of time in which rows are wanted; nil when something else comes first.
  var isLatestFirst: Bool? {
    guard let key = leading.order.first, case .listing(let terms) = leading.shape,
      case .column(.dimension(.time)) = terms[key.column].node
    else { return nil }
    return key.isDescending
  }

  /// All columns of rows that were found, of which the leading ones and, last, the places are known.
  func read(_ found: Frame, _ context: ShardContext) -> Frame {
    let places = found.columns[leadingColumns.count].words
    let others = RowReader(whole.source, places, context).columns(otherColumns.map { terms[$0] })
    let columns = terms.indices.map { column in
      leadingColumns.firstIndex(of: column).map { found.columns[$0] }
        ?? otherColumns.firstIndex(of: column).map { others[$0] } ?? FrameColumn(.null)
    }
    return Frame(columns: columns, rowCount: found.rowCount)
  }
}
