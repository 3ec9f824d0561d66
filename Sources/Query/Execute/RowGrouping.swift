// Rows on their way into groups, block after block.
//
// SAFETY: selections and group buffers hold Limits.blockRowCount entries, which no block exceeds.

internal import Base
internal import Columnar

struct RowGrouping {
  private(set) var store: GroupStore
  private let keys: [Evaluator]
  private let inputs: [AggregateInput]
  private let query: QueryContext

  init(
    _ keys: [Term], _ aggregates: [Aggregate], _ source: any ColumnSource, _ context: ShardContext
  ) {
    query = context.query
    self.keys = keys.map { context.query.evaluator($0, source) }
    inputs = aggregates.map { AggregateInput($0, context, source) }
    store = GroupStore(
      keys: self.keys.map(\.output),
      inputs.map { AggregateStore($0.aggregate, pool: $0.pool) },
      recipientsOf: keys.first?.isRecipient ?? false ? context : nil)
  }

  /// Takes the selected rows of the block that the source shows.
  ///
  /// - Parameter weights: for how many each row of the block stands; nil for one.
  mutating func add(
    _ rowCount: Int, _ rows: UnsafeBufferPointer<UInt32>, weights: [Int64]? = nil
  ) {
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: Limits.blockRowCount) { buffer in
      let numbers = UnsafeMutableBufferPointer(rebasing: buffer[..<rows.count])
      numbers.initialize(repeating: 0)
      store.number(numbers, keys.map { $0.run(rowCount) }, rows)
      query.checkGroups(store.count)
      let groups = UnsafeBufferPointer(numbers)
      for (index, input) in inputs.enumerated() {
        store.withAggregate(index) { aggregate in
          if let weights {
            input.feed(&aggregate, rowCount, rows, groups, weights: weights)
          } else {
            input.feed(&aggregate, rowCount, rows, groups)
          }
        }
      }
    }
  }
}
