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
          ? recipients(plan, rows, context, control) : self.frame(rows, context, control)
      } ?? Frame(columns: [])
    }
    if plan.rows == nil, measures.keys.contains(.recipient) {
      return try recipients(plan, measures, context, control)
    }
    let (groups, populations) = count(measures, context)
    try control.check()
    let frame = MeasureFrame(measures, context, groups, populations).frame()
    guard let rows = plan.rows, case .groups(let keys, let aggregates) = rows.shape else {
      return frame
    }
    return frame.joined(
      try self.frame(rows, context, control), keyCount: keys.count, aggregates)
  }

  // MARK: Recipients

  /// A recipient lives in one shard. So a shard's groups by recipient are whole, and all that can be done with them is
  /// done in the shard: of many groups few remain to be put together.
  private struct ShardAnswer: Sendable {
    var groupCount: Int
    var frame: Frame
  }

  private func recipients(
    _ plan: Plan, _ measures: MeasurePlan, _ context: QueryContext, _ control: QueryControl
  ) throws(QueryError) -> Frame {
    let (scan, populationScan) = (measures.scan, measures.populationScan)
    // Groups that are too many are an error, whether or not they are shown.
    let recipientCount = snapshot.shards.reduce(0) { $0 + $1.recipients.count }
    let largest = recipientCount <= plan.settings.groupCountMax ? plan.largest : nil
    let answers = inShards(measures.shards) { shard in
      var found = ShardFindings(
        scan, populationScan, ShardContext(context, shard: shard), largest)
      found.mark(scan, populationScan, shard: shard)
      let groupCount = found.groups.count
      let frame = MeasureFrame(measures, context, found).candidates(plan)
      return ShardAnswer(groupCount: groupCount, frame: frame)
    }
    return try joined(answers, context, control)
  }

  private func recipients(
    _ plan: Plan, _ rows: RowPlan, _ context: QueryContext, _ control: QueryControl
  ) throws(QueryError) -> Frame {
    let person = rows.person(in: snapshot)
    let profiles = profiles(rows, context)
    let groups = RecipientProfileGroups(rows)
    let counts = profiles.flatMap { profiles in groups?.counts(profiles.found, context) }
    let answers = inShards(rows.shards) { shard in
      let shardContext = ShardContext(context, shard: shard, person: person)
      if let groups, let counts, let profiles {
        let frame = groups.run(counts, profiles.found, shardContext)
        return ShardAnswer(
          groupCount: frame.rowCount, frame: Finish(plan, context, frame).candidates)
      }
      guard case .groups(let store) = RowScan(rows, shardContext, profiles).run(),
        let frame = store.frame()
      else {
        context.fail(.sumOverflow)
        return ShardAnswer(groupCount: 0, frame: Frame(columns: []))
      }
      return ShardAnswer(
        groupCount: store.count, frame: Finish(plan, context, frame).candidates)
    }
    return try joined(answers, context, control)
  }

  private func joined(
    _ answers: [ShardAnswer], _ context: QueryContext, _ control: QueryControl
  ) throws(QueryError) -> Frame {
    context.checkGroups(answers.reduce(0) { $0 + $1.groupCount })
    try control.check()
    return Frame.joined(answers.map(\.frame))
  }

  // MARK: Plain SQL

  private func frame(
    _ plan: RowPlan, _ context: QueryContext, _ control: QueryControl
  ) throws(QueryError) -> Frame {
    if case .listing = plan.shape { return try listing(plan, context, control) }
    var stores = stores(plan, context)
    try control.check()
    guard !stores.isEmpty else { return Frame(columns: []) }
    if plan.groupsByRecipient { return try joined(stores, context, control) }
    var merged = stores.removeFirst()
    for store in stores where !context.mustStop {
      merged.merge(store)
      context.checkGroups(merged.count)
    }
    try control.check()
    guard let frame = merged.frame() else {
      context.fail(.sumOverflow)
      try control.check()
      return Frame(columns: [])
    }
    return frame
  }

  /// The groups of each shard, or those of all where profiles answer the plan.
  private func stores(_ plan: RowPlan, _ context: QueryContext) -> [GroupStore] {
    let profiles = profiles(plan, context)
    if let profiles, let groups = ProfileGroups(plan) {
      return [groups.run(profiles.found.profiles, context)]
    }
    let person = plan.person(in: snapshot)
    return inShards(plan.shards) { shard in
      RowScan(plan, ShardContext(context, shard: shard, person: person), profiles).run()
    }.compactMap { rows in
      if case .groups(let store) = rows { store } else { nil }
    }
  }

  /// What messages that are alike say of the plan, if anything and if they were asked before.
  func profiles(_ plan: RowPlan, _ context: QueryContext) -> PlanProfiles? {
    guard plan.asksProfiles, let found = foundProfiles, found.knowsOutcomes else { return nil }
    return PlanProfiles(found, plan, context)
  }

  private var foundProfiles: MessageProfiles.Found? {
    let shards = snapshot.shards
    return snapshot.profiles.found { inShards { ShardProfiles(shards[$0]) } }
  }

  /// One frame of stores that have no group in common.
  private func joined(
    _ stores: [GroupStore], _ context: QueryContext, _ control: QueryControl
  ) throws(QueryError) -> Frame {
    context.checkGroups(stores.reduce(0) { $0 + $1.count })
    try control.check()
    let frames = stores.compactMap { $0.frame() }
    if frames.count < stores.count { context.fail(.sumOverflow) }
    try control.check()
    return Frame.joined(frames)
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

  // MARK: Measures

  private func count(
    _ plan: MeasurePlan, _ context: QueryContext
  ) -> (groups: GroupTable, populations: GroupTable?) {
    let scan = plan.scan
    let populationScan = plan.populationScan
    if populationScan == nil, let hours = HourScan(scan, context) {
      let groups = hours.run()
      context.checkGroups(groups.count)
      return (groups, nil)
    }
    let populations = populationScan.flatMap { profiled($0, context) }
    if populationScan == nil || populations != nil,
      let groups = profiled(scan, context) ?? FirstScan(scan, context)?.run()
    {
      context.checkGroups(groups.count)
      return (groups, populations)
    }
    return count(scan, populations == nil ? populationScan : nil, populations, context)
  }

  /// - Parameter populations: those that are known already.
  private func count(
    _ scan: ScanPlan, _ populationScan: ScanPlan?, _ populations: GroupTable?,
    _ context: QueryContext
  ) -> (groups: GroupTable, populations: GroupTable?) {
    let findings = inShards(scan.shards) { shard in
      var found = ShardFindings(scan, populationScan, ShardContext(context, shard: shard))
      found.mark(scan, populationScan, shard: shard)
      return found
    }
    let groups = GroupTable.merge(
      findings.map(\.groups), byRecipient: scan.keys.contains(.recipient))
    context.checkGroups(groups.count)
    let found = findings.compactMap(\.populations)
    guard let populationScan, !found.isEmpty else { return (groups, populations) }
    return (
      groups, GroupTable.merge(found, byRecipient: populationScan.keys.contains(.recipient))
    )
  }

  /// The answer of profiles; nil where they do not serve.
  private func profiled(_ plan: ScanPlan, _ context: QueryContext) -> GroupTable? {
    guard let scan = ProfileScan(plan, context) else { return nil }
    return foundProfiles.flatMap { scan.run($0.withoutOutcomes) }
  }
}

/// What one shard contributes to an answer.
struct ShardFindings: Sendable {
  var groups: GroupTable
  /// First to last; nil when each group counts its own.
  var populations: GroupTable?
  /// By group: its population; nil when populations stand in the order of groups.
  var populationOf: [UInt32]?

  /// - Parameter largest: the groups that are wanted; nil for all. There may be more.
  init(
    _ scan: ScanPlan, _ populationScan: ScanPlan?, _ context: ShardContext,
    _ largest: LargestGroups? = nil
  ) {
    // A flat plan counts its populations in the same pass, and each group is its own population.
    var whole = scan
    if scan.isFlat, let populationScan { whole.quantities.formUnion(populationScan.quantities) }
    let divided = scan.isFlat ? nil : populationScan
    if let known = ShardFindings(known: whole, divided, context, largest) {
      self = known
      return
    }
    let messages = MessageGroups(scan, context)
    var pass = ShardScan(whole, context, messages)
    groups = pass.run()
    guard let divided else { return }
    var second = ShardScan(divided, context, messages)
    populations = second.run()
    populationOf = groups.messageGroups
  }

  /// Puts the shard's number above the codes of recipients.
  mutating func mark(_ scan: ScanPlan, _ populationScan: ScanPlan?, shard: Int) {
    groups.mark(scan.keys.firstIndex(of: .recipient), shard: shard)
    populations?.mark(populationScan?.keys.firstIndex(of: .recipient), shard: shard)
  }

  /// What is known of a shard's recipients.
  private init?(
    known scan: ScanPlan, _ populationScan: ScanPlan?, _ context: ShardContext,
    _ largest: LargestGroups?
  ) {
    let found = RecipientScan(scan, context.query)?.run(context.shard, largest)
    let divisors = populationScan.map { RecipientScan($0, context.query) }
    guard let found else {
      // Asked for now, so that all is known together.
      _ = divisors??.table(of: [], context.shard)
      return nil
    }
    groups = found
    guard let divisors else { return }
    guard let known = divisors?.table(of: found.messageGroups, context.shard) else { return nil }
    populations = known
  }
}
