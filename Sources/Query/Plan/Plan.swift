// A query with its names resolved: what to find or count in the shards, and what to make of it.

internal import Base
internal import Columnar

/// A query, ready to run.
package struct Plan: Sendable {
  struct Item {
    var name: String
    /// Over the frame.
    var term: Term
  }

  struct Order {
    /// Over the frame.
    var term: Term
    var isDescending: Bool
    var nullsFirst: Bool
  }

  /// A top-level AND term of WHERE.
  struct Condition {
    var written: Expression
    var term: Term
  }

  /// Fills the frame's first columns with keys and measures; nil where plain SQL fills it alone.
  var measures: MeasurePlan?
  /// Fills the frame, or the columns behind keys and measures.
  var rows: RowPlan?
  var items: [Item] = []
  var having: Term?
  var order: [Order] = []
  var limit: Int?
  var offset = 0
  /// GROUP BY keys, each once.
  var writtenKeys: [Expression] = []
  /// WHERE's top-level AND terms, each with how it was written.
  var conditions: [Condition] = []
  package var settings: QuerySettings

  init(settings: QuerySettings) { self.settings = settings }

  /// GROUP BY keys as they were written.
  var keyNames: [String] { writtenKeys.map { Printer.text(of: $0) } }

  /// The columns of the frame that decide which rows are shown.
  var leadingColumns: Set<Int> {
    let keys = order.reduce(into: having?.columns ?? []) { $0.formUnion($1.term.columns) }
    return Set(keys.compactMap { if case .frame(let index) = $0 { index } else { nil } })
  }

  /// What tells which groups may be shown, where those with the largest count are; nil where more must be known.
  var largest: LargestGroups? {
    guard let measures, rows == nil, having == nil, let limit, let first = order.first,
      first.isDescending, case .column(.frame(let index)) = first.term.node,
      index >= measures.keys.count,
      case .count(let quantity) = measures.formulas[index - measures.keys.count]
    else { return nil }
    let (end, isBeyond) = offset.addingReportingOverflow(limit)
    return isBeyond ? nil : LargestGroups(quantity: quantity, count: end)
  }

  /// Whether rows may be passed over unread (zone maps, columns that are read late); tests turn it off.
  mutating func setPruning(_ prunes: Bool) {
    measures?.prunes = prunes
    rows?.prunes = prunes
  }
}

/// The groups with the largest counts of a quantity, and those that have as much as the last of them.
struct LargestGroups: Sendable {
  var quantity: Quantity
  /// How many there are without the latter.
  var count: Int
  /// What the last of them is known to have at the least.
  var least: UInt32 = 0
}

/// Measures of events by dimensions.
struct MeasurePlan: Sendable {
  /// GROUP BY keys, in the query's order.
  var keys: [Dimension]
  /// In the order of the frame's columns, behind the keys.
  var formulas: [Formula]
  /// Top-level AND terms of WHERE.
  var conditions: [Predicate]
  var settings: QuerySettings
  var prunes = true

  /// GROUP BY keys in the order in which passes have them.
  var scanKeys: [Dimension] {
    keys.filter { $0.isOfMessage } + keys.filter { !$0.isOfMessage }
  }

  /// The pass that counts what follows every key and condition.
  var scan: ScanPlan {
    let quantities = formulas.flatMap(\.numerators)
    var scan = ScanPlan(
      keys: keys, conditions: conditions, quantities: Set(quantities), listsAllGroups: true)
    scan.prunes = prunes
    return scan
  }

  /// The pass that counts populations, or nil when no measure has one.
  var populationScan: ScanPlan? {
    let quantities = formulas.compactMap(\.denominator)
    return quantities.isEmpty ? nil : scan.populations(Set(quantities))
  }
}

/// Plain SQL over the rows of a table.
struct RowPlan: Sendable {
  enum Shape: Sendable {
    /// The frame's columns, row by row.
    case listing([Term])
    case groups([Term], [Aggregate])
  }

  var source: Source
  /// Top-level AND terms of WHERE that dictionaries and zone maps can answer.
  var conditions: [Predicate] = []
  /// Those that are computed for rows: of events none, of messages all.
  var filters: [Term] = []
  var shape: Shape
  /// How many rows of a listing are wanted at the most, and in which order; nil for all.
  var wantedRowCount: Int?
  /// Columns of the frame that rows are ordered by.
  var order: [(column: Int, isDescending: Bool, nullsFirst: Bool)] = []
  /// How many of them the query or its table asks for; the others decide between equals only.
  var leadingKeyCount = 0
  /// Whether zone maps may skip blocks and columns may be read late; tests turn it off.
  var prunes = true

  /// Whether rows are grouped by recipient, among others. A recipient lives in one shard, and so does each group then.
  var groupsByRecipient: Bool {
    guard case .groups(let keys, _) = shape else { return false }
    return keys.contains { $0.isRecipient }
  }

  func rowOrder(_ frame: Frame, mustStop: @escaping () -> Bool) -> RowOrder {
    let keys = order.map {
      SortKey(
        column: frame.columns[$0.column], isDescending: $0.isDescending,
        nullsFirst: $0.nullsFirst)
    }
    return RowOrder(keys, mustStop: mustStop)
  }
}

extension Term {
  /// Whether it is the recipient, just so.
  var isRecipient: Bool {
    if case .column(.dimension(.recipient)) = node { true } else { false }
  }
}
