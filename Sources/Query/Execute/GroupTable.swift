// Groups and their quantities: what a shard found, and what all shards found together.
//
// SAFETY: numbers of groups are below the count of the table they are numbers in.

internal import Base
internal import Columnar

struct GroupTable {
  /// Codes by key, then by group; keys in the plan's order.
  var codes: [[Code]]
  /// Counts by Quantity, then by group; empty arrays for quantities nobody asked for.
  var quantities: [[Int64]]
  var count: Int
  /// By group: that of its message keys in the shard; empty for what all shards found together.
  var messageGroups: [UInt32] = []
  /// Counts by Quantity, then by message group, where they are known of all of these: of many groups few are shown, and
  /// only theirs are looked up. Empty arrays elsewhere.
  var sums: [[UInt32]]

  init(keyCount: Int) {
    codes = [[Code]](repeating: [], count: keyCount)
    quantities = [[Int64]](repeating: [], count: Quantity.allCases.count)
    sums = [[UInt32]](repeating: [], count: Quantity.allCases.count)
    count = 0
  }

  subscript(quantity: Quantity, group: Int) -> Int64 {
    let sums = sums[quantity.rawValue]
    if !sums.isEmpty { return Int64(sums[Int(messageGroups[group])]) }
    let counts = quantities[quantity.rawValue]
    return counts.isEmpty ? 0 : counts[group]
  }

  /// By group.
  func counts(_ quantity: Quantity) -> [Int64] {
    let sums = sums[quantity.rawValue]
    if !sums.isEmpty { return sums.widened(messageGroups) }
    let counts = quantities[quantity.rawValue]
    return counts.isEmpty ? [Int64](repeating: 0, count: count) : counts
  }

  /// Whether somebody asked for a quantity, and there are groups.
  private func holds(_ quantity: Quantity) -> Bool {
    !quantities[quantity.rawValue].isEmpty || !sums[quantity.rawValue].isEmpty
  }

  /// Drops all groups but these.
  mutating func keep(_ groups: [Int]) {
    count = groups.count
    for level in codes.indices { codes[level] = groups.map { codes[level][$0] } }
    for index in quantities.indices where !quantities[index].isEmpty {
      quantities[index] = groups.map { quantities[index][$0] }
    }
    if !messageGroups.isEmpty { messageGroups = groups.map { messageGroups[$0] } }
  }
}

/// Finds the group of a key, or makes it: a chain of indices, one per key.
struct KeyChain {
  private var indices: [GroupIndex]

  init(keyCount: Int) {
    indices = (0..<keyCount).map { _ in GroupIndex(parentCount: nil, codeCount: nil) }
  }

  /// How many keys there are so far; without any key there is the one empty key.
  var count: Int { indices.last?.count ?? 1 }

  /// The groups of a table's keys.
  mutating func numbers(_ table: GroupTable) -> [Int] {
    var numbers = [UInt32](repeating: 0, count: table.count)
    for level in indices.indices {
      table.codes[level].withUnsafeBufferPointer { codes in
        for group in codes.indices {
          numbers[group] = indices[level].number(numbers[group], codes[group])
        }
      }
    }
    return numbers.map { Int($0) }
  }

  mutating func number(_ key: [Code]) -> Int {
    var number: UInt32 = 0
    for level in indices.indices { number = indices[level].number(number, key[level]) }
    return Int(number)
  }
}

extension GroupTable {
  /// Puts the shard's number above the codes of a key, which are recipients of that shard.
  mutating func mark(_ recipientKey: Int?, shard: Int) {
    guard let recipientKey else { return }
    codes[recipientKey] = codes[recipientKey].map { $0 | UInt64(shard) << 32 }
  }

  /// One table of the groups of shards: equal keys become one group.
  ///
  /// - Parameter byRecipient: whether a key is the recipient, with the shard's number above its codes.
  static func merge(_ tables: [GroupTable], byRecipient: Bool) -> GroupTable {
    let keyCount = tables.first?.codes.count ?? 0
    guard keyCount > 0 else { return sum(tables) }
    var merged = GroupTable(keyCount: keyCount)
    if byRecipient {
      // A recipient lives in one shard: no key is in two tables.
      for table in tables { merged.append(table) }
      return merged
    }
    var chain = KeyChain(keyCount: keyCount)
    for table in tables { merged.add(table, as: chain.numbers(table)) }
    return merged
  }

  /// The one group of tables without keys.
  private static func sum(_ tables: [GroupTable]) -> GroupTable {
    var merged = GroupTable(keyCount: 0)
    for table in tables { merged.add(table, as: [0]) }
    return merged
  }

  private mutating func append(_ table: GroupTable) {
    count += table.count
    for level in codes.indices { codes[level].append(contentsOf: table.codes[level]) }
    for quantity in Quantity.allCases where table.holds(quantity) {
      quantities[quantity.rawValue].append(contentsOf: table.counts(quantity))
    }
  }

  /// Adds groups to those that they are here, and makes those that are new.
  private mutating func add(_ table: GroupTable, as numbers: [Int]) {
    let before = count
    for (group, number) in numbers.enumerated() where number >= count {
      count += 1
      for level in codes.indices { codes[level].append(table.codes[level][group]) }
    }
    for quantity in Quantity.allCases where table.holds(quantity) {
      let index = quantity.rawValue
      quantities[index].append(contentsOf: repeatElement(0, count: count - before))
      quantities[index].withUnsafeMutableBufferPointer { sums in
        table.counts(quantity).withUnsafeBufferPointer { counts in
          for group in counts.indices { sums[numbers[group]] &+= counts[group] }
        }
      }
    }
  }
}

extension [UInt32] {
  /// The elements at these places.
  fileprivate func widened(_ places: [UInt32]) -> [Int64] {
    withUnsafeBufferPointer { source in
      [Int64](unsafeUninitializedCapacity: places.count) { target, count in
        for index in places.indices { target[index] = Int64(source[Int(places[index])]) }
        count = places.count
      }
    }
  }
}
