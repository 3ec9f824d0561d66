// Runs a plan: every shard on its own, all shards in parallel, one merge into a frame, then HAVING, ORDER BY and LIMIT.

package import Base
package import Columnar
internal import Synchronization

package struct Executor: Sendable {
  /// Runs a body for each index below the count, on as many threads as the caller has for it.
  package typealias Parallel = @Sendable (Int, @escaping @Sendable (Int) -> Void) -> Void

  let snapshot: Snapshot
  let partedRowCountMin: Int

  /// Reading as many events takes some times as long as starting a thread.
  package static let partedRowCountMin = 1 << 18
  private let parallel: Parallel
  private let prunes: Bool

  /// - Parameters:
  ///   - prunes: whether rows may be passed over unread (zone maps, columns that are read late); tests turn it off.
  ///   - partedRowCountMin: how many events a shard has that is listed alone and read in two parts, side by side. A
  ///     thread takes as long to start as a part of them to read.
  package init(
    _ snapshot: Snapshot, prunes: Bool = true, partedRowCountMin: Int = Executor.partedRowCountMin,
    parallel: @escaping Parallel
  ) {
    self.snapshot = snapshot
    self.partedRowCountMin = partedRowCountMin
    self.prunes = prunes
    self.parallel = parallel
  }

  /// Parses, binds and answers a query.
  ///
  /// - Parameter cancellation: stops the work; the error then says so.
  package func answer(
    _ text: [UInt8], settings: QuerySettings = QuerySettings(),
    cancellation: Cancellation = Cancellation()
  ) throws(QueryError) -> ResultTable {
    let statement = try Parser.statement(text)
    var settings = settings
    // One moment for the whole query, whatever stands behind an IN.
    settings.now = settings.moment
    for setting in statement.query.settings { try settings.apply(setting) }
    if let timeout = settings.timeout { cancellation.limit(toMilliseconds: timeout) }
    return try answer(statement.query, statement.purpose, settings, cancellation)
  }

  private func answer(
    _ query: Select, _ purpose: Statement.Purpose, _ settings: QuerySettings,
    _ cancellation: Cancellation
  ) throws(QueryError) -> ResultTable {
    let control = QueryControl(cancellation)
    let context = QueryContext(snapshot, settings, control)
    let plan = try bind(query, context, control, cancellation)
    let table: ResultTable
    switch purpose {
    case .answer:
      table = Finish(plan, context, try frame(plan, context, control)).table()
    case .explain: table = PlanExplanation(plan, query, context).table
    case .explainNumbers: table = try numbers(plan, query, context, control)
    }
    try control.check()
    return table
  }

  /// The answer to a query behind IN. Its order matters only where it is cut.
  private func column(
    _ query: Select, _ settings: QuerySettings, _ cancellation: Cancellation
  ) throws(QueryError) -> FrameColumn {
    let control = QueryControl(cancellation)
    let context = QueryContext(snapshot, settings, control)
    var plan = try bind(query, context, control, cancellation)
    guard plan.items.count == 1 else {
      throw QueryError("the query behind IN selects one column", at: query.place)
    }
    if plan.limit == nil, plan.offset == 0 { plan.order = [] }
    let frame = try frame(plan, context, control)
    let column = Finish(plan, context, frame).columns.first ?? FrameColumn(.null)
    try control.check()
    return column
  }

  private func bind(
    _ query: Select, _ context: QueryContext, _ control: QueryControl,
    _ cancellation: Cancellation
  ) throws(QueryError) -> Plan {
    let runner = QueryRunner(
      answer: { (inner) throws(QueryError) in
        try column(inner, context.settings, cancellation)
      }, check: { () throws(QueryError) in try control.check() })
    var plan = try Binder.bind(query, context, runner)
    plan.setPruning(prunes)
    return plan
  }

  /// Counts a query's rates with everything that explains them.
  private func numbers(
    _ plan: Plan, _ query: Select, _ context: QueryContext, _ control: QueryControl
  ) throws(QueryError) -> ResultTable {
    let explanation = try NumbersExplanation(plan, query)
    var frames: [NumbersExplanation.Pass: Frame] = [:]
    for pass in NumbersExplanation.Pass.allCases {
      let measures = explanation.plan(pass)
      let settings = QueryContext(context, settings: measures.settings)
      let (groups, populations) = count(measures, settings)
      try control.check()
      frames[pass] = MeasureFrame(measures, settings, groups, populations).frame()
    }
    return explanation.table(frames, context)
  }

  private func frame(
    _ plan: Plan, _ context: QueryContext, _ control: QueryControl
  ) throws(QueryError) -> Frame {
    guard let measures = plan.measures else {
      return try plan.rows.map { (rows) throws(QueryError) in
        try rows.groupsByRecipient
          ? rowsByRecipient(plan, rows, context, control) : rowFrame(rows, context, control)
      } ?? Frame(columns: [])
    }
    if plan.rows == nil, measures.keys.contains(.recipient) {
      return try measuresByRecipient(plan, measures, context, control)
    }
    let (groups, populations) = count(measures, context)
    try control.check()
    let frame = MeasureFrame(measures, context, groups, populations).frame()
    guard let rows = plan.rows, case .groups(let keys, let aggregates) = rows.shape else {
      return frame
    }
    return frame.joined(
      try rowFrame(rows, context, control), keyCount: keys.count, aggregates)
  }

  /// What a body finds in each shard, in their order.
  ///
  /// - Parameter only: the shards to look into; nil for all.
  func inShards<Found: Sendable>(
    _ only: [Int]? = nil, _ body: @escaping @Sendable (Int) -> Found
  ) -> [Found] {
    let shards = only ?? Array(snapshot.shards.indices)
    let found = Mutex([Found?](repeating: nil, count: shards.count))
    parallel(shards.count) { index in
      let result = body(shards[index])
      found.withLock { $0[index] = result }
    }
    return found.withLock { $0.compactMap { $0 } }
  }
}
