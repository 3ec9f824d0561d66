// A query with its names resolved: what to count, and what to make of the counts.

internal import Columnar

package struct Plan: Sendable {
  struct Item {
    var name: String
    var scalar: Scalar
  }

  struct Order {
    var scalar: Scalar
    var isDescending: Bool
    var nullsFirst: Bool
  }

  /// GROUP BY keys, in the query's order.
  var keys: [Dimension] = []
  /// Top-level AND terms of WHERE.
  var conditions: [Predicate] = []
  var items: [Item] = []
  var having: Scalar?
  var order: [Order] = []
  var limit: Int?
  var offset = 0
  package var settings: QuerySettings
  /// Whether zone maps may skip blocks; tests turn it off.
  var prunes = true

  init(settings: QuerySettings) { self.settings = settings }

  /// Everything that has to be counted for.
  var measures: Set<Measure> {
    var measures = items.reduce(into: Set<Measure>()) { $0.formUnion($1.scalar.measures) }
    for order in order { measures.formUnion(order.scalar.measures) }
    return having.map { measures.union($0.measures) } ?? measures
  }

  /// The pass that counts what follows every key and condition.
  var scan: ScanPlan {
    let quantities = measures.flatMap { $0.formula(settings).numerators }
    var scan = ScanPlan(
      keys: keys, conditions: conditions, quantities: Set(quantities), listsAllGroups: true)
    scan.prunes = prunes
    return scan
  }

  /// The pass that counts populations, or nil when no measure has one.
  var populationScan: ScanPlan? {
    let quantities = measures.compactMap { $0.formula(settings).denominator }
    return quantities.isEmpty ? nil : scan.populations(Set(quantities))
  }
}
