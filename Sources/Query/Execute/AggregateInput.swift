// What an aggregate is fed with: its argument and its filter, computed for blocks of rows.
//
// SAFETY: selections and group buffers hold Limits.blockRowCount entries, which no block exceeds.

internal import Base
internal import Columnar

struct AggregateInput {
  let aggregate: Aggregate
  private let argument: Evaluator?
  private let filter: Evaluator?

  init(_ aggregate: Aggregate, _ context: ShardContext, _ source: any ColumnSource) {
    self.aggregate = aggregate
    argument = aggregate.argument.map { context.query.evaluator($0, source) }
    filter = aggregate.filter.map { context.query.evaluator($0, source) }
  }

  var pool: TextPool { argument?.output.pool ?? .none }

  /// Whether it counts rows, whatever values they have.
  private var counts: Bool { aggregate.function == .count && !aggregate.isDistinct }

  /// Takes rows that stand for several: what counts adds up their weights, what does not takes each value once.
  ///
  /// - Parameter weights: by row.
  func feed(
    _ store: inout AggregateStore, _ rowCount: Int, _ rows: UnsafeBufferPointer<UInt32>,
    _ groups: UnsafeBufferPointer<UInt32>, weights: [Int64]
  ) {
    guard counts else { return feed(&store, rowCount, rows, groups) }
    let isCounted = counted(rowCount)
    for index in rows.indices where isCounted(Int(rows[index])) {
      store.count(Int(groups[index]), weights[Int(rows[index])])
    }
  }

  /// Whether a row counts, for a count.
  func counted(_ rowCount: Int) -> (_ row: Int) -> Bool {
    let (values, truths) = (argument?.run(rowCount), filter?.run(rowCount))
    return { (values?.nulls[$0] ?? 0) == 0 && truths?.isTrue($0) ?? true }
  }

  func feed(
    _ store: inout AggregateStore, _ rowCount: Int, _ rows: UnsafeBufferPointer<UInt32>,
    _ groups: UnsafeBufferPointer<UInt32>
  ) {
    let truths = filter?.run(rowCount)
    if counts, argument != nil || truths != nil {
      return count(&store, argument?.run(rowCount), truths, rows, groups)
    }
    guard let values = argument?.run(rowCount) else {
      guard let truths else { return store.count(groups) }
      for index in rows.indices where truths.isTrue(Int(rows[index])) {
        store.add(Int(groups[index]), 0)
      }
      return
    }
    for index in rows.indices {
      let row = Int(rows[index])
      guard values.nulls[row] == 0, truths?.isTrue(row) ?? true else { continue }
      store.add(Int(groups[index]), values.words[row])
    }
  }

  /// Counts the rows that have a value and pass; without one, or the other, all do.
  private func count(
    _ store: inout AggregateStore, _ values: Vector?, _ truths: Vector?,
    _ rows: UnsafeBufferPointer<UInt32>, _ groups: UnsafeBufferPointer<UInt32>
  ) {
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: Limits.blockRowCount) { kept in
      var count = 0
      let (nulls, truthNulls, truthWords) = (values?.nulls, truths?.nulls, truths?.words)
      for index in rows.indices {
        let row = Int(rows[index])
        kept[count] = groups[index]
        let isNull = (nulls?[row] ?? 0) | (truthNulls?[row] ?? 0)
        let isTrue = truthWords?[row] ?? 1
        count &+= (isNull == 0 ? 1 : 0) & (isTrue != 0 ? 1 : 0)
      }
      store.count(UnsafeBufferPointer(rebasing: kept[..<count]))
    }
  }
}
