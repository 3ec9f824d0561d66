// Opens and clicks by link or by hour, without a look at events: what those of each link or hour add up to was found
// together with the marks (`FirstMarks`). It serves plans that ask for a link or an hour alone, of all messages.
//
// SAFETY: codes are below the count of those there are, for which arrays have room.

internal import Base
internal import Columnar

struct FirstScan {
  private let plan: ScanPlan
  private let context: QueryContext
  private let scope: FirstMarks.Scope
  /// Those that pass the conditions.
  private let kinds: [EventKind]
  private let codeCount: Int
  /// What turns an hour into a code.
  private let clock: BucketClock?

  /// - Returns: nil when sums by link or hour do not answer the plan.
  init?(_ plan: ScanPlan, _ context: QueryContext) {
    guard plan.messageKeys.isEmpty, plan.messageConditions.isEmpty,
      plan.quantities.isSubset(of: [.opens, .clicks, .uniqueOpens, .uniqueClicks]),
      let scope = context.firstScope(plan), let key = plan.eventKeys.first,
      let codeCount = context.codeCount(key, nil),
      let kinds = plan.passingKinds(context),
      FirstScan.serves(kinds, plan, context.settings)
    else { return nil }
    self.plan = plan
    self.context = context
    self.scope = scope
    self.kinds = kinds
    self.codeCount = codeCount
    clock = if case .bucket(let bucket) = key { context.clock(bucket) } else { nil }
  }

  /// Whether all kinds are opens and clicks, and no two of them are counted as one: of two kinds neither knows the
  /// other's messages.
  private static func serves(
    _ kinds: [EventKind], _ plan: ScanPlan, _ settings: QuerySettings
  ) -> Bool {
    guard Set(kinds).isSubset(of: [.opened, .clicked]) else { return false }
    return plan.quantities.filter(\.isOfFirsts).allSatisfy { quantity in
      plan.kinds(for: quantity, settings) { kinds.contains($0) ? .yes : .no }.count < 2
    }
  }

  /// - Returns: nil when sums are not known.
  func run() -> GroupTable? {
    var rows = [Int64](repeating: 0, count: codeCount)
    var table = GroupTable(keyCount: 1)
    for quantity in plan.quantities { table.quantities[quantity.rawValue] = rows }
    for kind in kinds {
      let contribution = plan.contribution(of: kind, context.settings)
      if contribution.isEmpty, !plan.listsAllGroups { continue }
      guard let (rowCounts, firstCounts) = counts(kind) else { return nil }
      add(rowCounts, to: &rows)
      if let events = contribution.events {
        add(rowCounts, to: &table.quantities[events.rawValue])
      }
      for quantity in contribution.messages {
        add(firstCounts, to: &table.quantities[quantity.rawValue])
      }
    }
    table.codes[0] = (0..<codeCount).map { Code($0) }
    table.count = codeCount
    table.keep(rows.indices.filter { rows[$0] != 0 })
    return table
  }

  private func add(_ counts: [Int64], to sums: inout [Int64]) {
    for code in sums.indices { sums[code] += counts[code] }
  }

  /// By code: how many events of a kind there are, and how many are the first of their message; nil when some shard
  /// does not know.
  private func counts(_ kind: EventKind) -> (rows: [Int64], firsts: [Int64])? {
    var rows = [Int64](repeating: 0, count: codeCount)
    var firsts = rows
    let isMachine = context.settings.audience == .machine
    for shard in context.snapshot.shards {
      guard let sums = shard.firsts.sums(kind, isMachine: isMachine, scope) else { return nil }
      for sum in sums {
        let code = code(sum.value)
        rows[code] += sum.rowCount
        firsts[code] += sum.firstCount
      }
    }
    return (rows, firsts)
  }

  private func code(_ value: UInt32) -> Int {
    guard let clock else { return Int(value) }
    return Int(clock.code(CivilTime.start(ofHour: Int64(Int32(bitPattern: value)))))
  }
}
