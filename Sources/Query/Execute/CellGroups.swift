// The groups of cells that were counted beforehand, and what is counted in them.

internal import Base
internal import Columnar

struct CellGroups {
  private var found: GroupTable
  private var chain: KeyChain
  private let quantities: [Quantity]
  /// By group: events of any kind.
  private var eventCounts: [Int64] = []
  /// Cells come by campaign and hour, so many have the key of the one before.
  private var last: (key: [Code], group: Int)?

  init(_ plan: ScanPlan) {
    found = GroupTable(keyCount: plan.keys.count)
    chain = KeyChain(keyCount: plan.keys.count)
    quantities = Array(plan.quantities)
    if plan.keys.isEmpty { grow([]) }
  }

  mutating func add(_ count: Int64, to quantity: Quantity?, _ key: [Code]) {
    let group = number(key)
    eventCounts[group] += count
    if let quantity { found.quantities[quantity.rawValue][group] += count }
  }

  private mutating func number(_ key: [Code]) -> Int {
    if let last, last.key == key { return last.group }
    let group = chain.number(key)
    if group == found.count { grow(key) }
    last = (key, group)
    return group
  }

  private mutating func grow(_ key: [Code]) {
    found.count += 1
    for level in key.indices { found.codes[level].append(key[level]) }
    for quantity in quantities { found.quantities[quantity.rawValue].append(0) }
    eventCounts.append(0)
  }

  /// Without groups whose events were all removed since they were counted.
  var table: GroupTable {
    if found.codes.isEmpty || !eventCounts.contains(0) { return found }
    let kept = eventCounts.indices.filter { eventCounts[$0] != 0 }
    var table = GroupTable(keyCount: found.codes.count)
    table.count = kept.count
    table.codes = found.codes.map { codes in kept.map { codes[$0] } }
    for quantity in quantities {
      let counts = found.quantities[quantity.rawValue]
      table.quantities[quantity.rawValue] = kept.map { counts[$0] }
    }
    return table
  }
}
