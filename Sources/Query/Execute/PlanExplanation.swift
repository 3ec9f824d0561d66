// EXPLAIN: how a query will be answered, as lines of text. What zone maps leave out is counted by asking them.

internal import Base
internal import Columnar

struct PlanExplanation {
  private let plan: Plan
  private let query: Select
  private let context: QueryContext
  private var lines: [String] = []

  init(_ plan: Plan, _ query: Select, _ context: QueryContext) {
    self.plan = plan
    self.query = query
    self.context = context
    describeWork()
    describeConditions()
    describeEvents()
    describeResult()
  }

  var table: ResultTable {
    var column = ResultColumn(name: "plan", type: .text)
    for line in lines { column.append(line) }
    return ResultTable(columns: [column])
  }

  // MARK: Work

  private mutating func describeWork() {
    let shardCount = context.snapshot.shards.count
    if let measures = plan.measures {
      lines.append("count measures of events in \(shardCount) shards\(grouping)")
      let scan = measures.scan
      lines.append(
        scan.isFlat
          ? "  message states: read from the message table"
          : "  message states: as events, under every key and condition")
      if measures.populationScan != nil, !scan.isFlat {
        lines.append("  populations: a second pass, under message keys and conditions only")
      }
      lines.append("  settings: \(plan.settings.described)")
    }
    if let rows = plan.rows {
      switch rows.shape {
      case .listing: lines.append("list \(rows.source.rawValue) of \(shardCount) shards")
      case .groups(_, let aggregates):
        lines.append(
          "aggregate \(rows.source.rawValue) in \(shardCount) shards\(grouping), "
            + "\(aggregates.count) aggregate\(aggregates.count == 1 ? "" : "s")")
      }
      describeProfiles(rows)
    }
  }

  /// What messages that are alike may spare.
  private mutating func describeProfiles(_ rows: RowPlan) {
    guard rows.asksProfiles else { return }
    if ProfileGroups(rows) != nil {
      lines.append("  when asked again, messages that are alike may be counted together instead")
    } else if RecipientProfileGroups(rows) != nil {
      lines.append("  when asked again, messages may be counted by recipient and sort instead")
    } else {
      lines.append("  when asked again, only messages of the sorts that pass may be gone through")
    }
  }

  private var grouping: String {
    plan.keyNames.isEmpty ? "" : " by \(plan.keyNames.joined(separator: ", "))"
  }

  // MARK: Conditions

  private mutating func describeConditions() {
    for condition in plan.conditions {
      let predicate = Predicate(condition.term, isUTC: plan.settings.timeZone.isUTC)
      let isOfMessage = condition.term.isOfMessage && !isOfEntities
      let subject = isOfMessage ? "messages" : "rows"
      lines.append("  where \(Printer.text(of: condition.written))")
      lines.append("    on \(subject): \(how(predicate))" + (skips(condition) ? skipping : ""))
    }
  }

  private var skipping: String { "; skips blocks by zone maps" }

  /// Whether blocks of messages are passed over.
  private func skips(_ condition: Plan.Condition) -> Bool {
    guard plan.rows?.source == .messages else { return false }
    let shard = ShardContext(context, shard: 0)
    return condition.term.conjuncts.contains { MessageZone($0, shard) != nil }
  }

  /// Whether the rows are recipients, campaigns or links.
  private var isOfEntities: Bool {
    guard let source = plan.rows?.source else { return false }
    return source != .events && source != .messages
  }

  private func how(_ predicate: Predicate) -> String {
    switch predicate {
    case .during: return "a range of time; skips blocks by zone maps"
    case .constant: return "known without looking"
    case .not(let inner): return how(inner)
    case .and(let terms), .or(let terms):
      return Array(Set(terms.map(how))).sorted().joined(separator: "; ")
    case .term: return "computed for blocks of \(Limits.blockRowCount) rows"
    case .test(let dimension, _):
      if isOfEntities { return "computed for blocks of \(Limits.blockRowCount) rows" }
      if dimension == .recipient { return "answered once per recipient" }
      guard let count = context.codeCount(dimension, nil) else { return "compared row by row" }
      return "answered once for each of \(count - 1) values"
    }
  }

  // MARK: Events

  private var scannedConditions: [Predicate]? {
    if let measures = plan.measures { return measures.scan.eventConditions }
    guard let rows = plan.rows, rows.source == .events else { return nil }
    return rows.conditions.filter { !$0.isOfMessage }
  }

  private mutating func describeEvents() {
    guard let conditions = scannedConditions else { return }
    if let measures = plan.measures, measures.populationScan == nil,
      HourScan(measures.scan, context) != nil
    {
      let count = context.snapshot.hours.cellCount
      return lines.append(
        "  events: none to look at, for they are counted: \(count) counts by campaign and hour")
    }
    var counts = EventFilter.BlockCounts()
    for shard in context.snapshot.shards.indices {
      let filter = EventFilter(ShardContext(context, shard: shard), conditions: conditions)
      counts.add(filter.blockCounts())
    }
    lines.append(
      "  events: \(counts.readSegments) of \(counts.segments) segments, \(counts.readBlocks) of "
        + "\(counts.blocks) blocks, \(counts.readRows) of \(counts.rows) rows to look at")
    describeRepetition()
    for column in columns(conditions) {
      let segments = context.snapshot.shards.flatMap(\.segments)
      let bytes = segments.reduce(0) { $0 + $1.byteCount(of: column) }
      let encodings = Encoding.summary(of: segments.map { $0.blocks(column) })
      lines.append(
        "    \(column.name): \(bytes) bytes as \(encodings)")
    }
  }

  /// What is put together when a question comes again.
  private mutating func describeRepetition() {
    if plan.rows?.mayKnowPerson(in: context.snapshot) ?? false {
      lines.append(
        "    when asked again, the rows of this recipient alone may be looked at instead")
    }
    guard let scan = plan.measures?.scan else { return }
    if ProfileScan(scan, context) != nil {
      lines.append("    when asked again, messages may be counted by campaign and state instead")
    } else if RecipientScan(scan, context) != nil {
      lines.append("    when asked again, messages may be added up by recipient instead")
    } else if context.firstScope(scan) != nil, scan.quantities.contains(where: isMarked) {
      let isAddedUp = FirstScan(scan, context) != nil
      lines.append(
        "    when asked again, marks may say which message is new in its link or hour"
          + (isAddedUp ? ", and their sums spare all events" : ""))
    }
  }

  /// Whether marks tell which messages count: of two kinds neither knows the other's.
  private func isMarked(_ quantity: Quantity) -> Bool {
    guard quantity.isOfFirsts, let scan = plan.measures?.scan else { return false }
    let filter = EventFilter(ShardContext(context, shard: 0), conditions: scan.eventConditions)
    return scan.kinds(for: quantity, context.settings) { filter.truth(ofKind: $0) }.count == 1
  }

  /// The event columns that are decoded for every block that is looked at.
  private func columns(_ conditions: [Predicate]) -> [EventColumn] {
    var columns: Set<EventColumn> = [.message]
    if plan.settings.audience != .all { columns.formUnion([.userAgent, .flags]) }
    var keys = conditions.reduce(into: Set<ColumnKey>()) { $0.formUnion($1.columns) }
    for dimension in plan.measures?.keys ?? [] { keys.insert(.dimension(dimension)) }
    let rows = plan.rows.map { ShortListing($0)?.leading ?? $0 }
    keys.formUnion(rows?.columns ?? [])
    for key in keys {
      if case .dimension(let dimension) = key { columns.formUnion(dimension.eventColumns) }
      if key == .value { columns.insert(.value) }
    }
    return EventColumn.allCases.filter(columns.contains)
  }

  // MARK: Result

  private mutating func describeResult() {
    if let having = query.having { lines.append("keep groups where \(Printer.text(of: having))") }
    let order = query.order.map { item in
      Printer.text(of: item.expression) + (item.isDescending ? " DESC" : "")
    }
    if !order.isEmpty { lines.append("order by \(order.joined(separator: ", "))") }
    if let limit = plan.limit { lines.append("the first \(limit) rows after \(plan.offset)") }
  }
}

extension QuerySettings {
  fileprivate var described: String {
    "audience \(audience.rawValue), implied opens \(impliedOpens ? "on" : "off"), "
      + "rates of messages \(denominator.rawValue)"
  }
}

extension RowPlan {
  /// Every column that the rows are asked for.
  fileprivate var columns: Set<ColumnKey> {
    var columns = filters.reduce(into: Set<ColumnKey>()) { $0.formUnion($1.columns) }
    switch shape {
    case .listing(let terms): for term in terms { columns.formUnion(term.columns) }
    case .groups(let keys, let aggregates):
      for key in keys { columns.formUnion(key.columns) }
      for aggregate in aggregates {
        columns.formUnion(aggregate.argument?.columns ?? [])
        columns.formUnion(aggregate.filter?.columns ?? [])
      }
    }
    return columns
  }
}

extension Dimension {
  /// The event columns it is read from.
  fileprivate var eventColumns: [EventColumn] {
    switch self {
    case .time, .bucket: [.time]
    case .link, .linkAttribute, .absentLinkAttribute: [.link]
    case .userAgent, .client, .device, .os: [.userAgent]
    case .machineClass: [.userAgent, .flags]
    case .country: [.country]
    case .bounceClass: [.bounceClass, .code]
    case .code: [.code]
    case .reason: [.reason]
    case .address: [.addressHigh, .addressLow]
    case .currency: [.currency]
    default: []
    }
  }
}
