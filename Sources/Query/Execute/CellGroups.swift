// The groups of what was counted beforehand, and what is counted in them.

internal import Base
internal import Columnar

struct CellGroups {
  private var found: GroupTable
  private var chain: KeyChain
  private let quantities: [Quantity]
  /// By group: events of any kind, or whatever else makes it a group.
  private var weights: [Int64] = []

  init(_ plan: ScanPlan) {
    found = GroupTable(keyCount: plan.keys.count)
    chain = KeyChain(keyCount: plan.keys.count)
    quantities = Array(plan.quantities)
    if plan.keys.isEmpty { grow([]) }
  }

  mutating func add(_ count: Int64, to quantity: Quantity, _ group: Int) {
    found.quantities[quantity.rawValue][group] += count
  }

  var count: Int { found.count }

  /// Notes what makes a group.
  mutating func weigh(_ count: Int64, _ group: Int) { weights[group] += count }

  /// Whether some group holds nothing so far.
  var hasEmpty: Bool { !found.codes.isEmpty && weights.contains(0) }

  mutating func number(_ key: [Code]) -> Int {
    let group = chain.number(key)
    if group == found.count { grow(key) }
    return group
  }

  private mutating func grow(_ key: [Code]) {
    found.count += 1
    for level in key.indices { found.codes[level].append(key[level]) }
    for quantity in quantities { found.quantities[quantity.rawValue].append(0) }
    weights.append(0)
  }

  /// Without groups whose events were all removed since they were counted.
  var table: GroupTable {
    if !hasEmpty { return found }
    var table = found
    table.keep(weights.indices.filter { weights[$0] != 0 })
    return table
  }
}
