// Groups of plain SQL: their keys and the states of their aggregates, for one shard or for all.
//
// SAFETY: group buffers hold as many numbers as there are selected rows, at most Limits.blockRowCount.

internal import Base
internal import Columnar

struct GroupStore: Sendable {
  private var levels: [GroupIndex]
  private let keyTypes: [(type: TermType, pool: TextPool)]
  /// What the codes of the first key have in common, and groups are numbered without: a shard's number above its
  /// recipients'.
  private let mark: UInt64
  private(set) var aggregates: [AggregateStore]

  /// - Parameter recipientsOf: the shard whose recipients are the first key, if they are.
  init(keys: [Vector], _ aggregates: [AggregateStore], recipientsOf shard: ShardContext?) {
    keyTypes = keys.map { ($0.type, $0.pool) }
    mark = UInt64(shard?.index ?? 0) << 32
    let recipientCodeCount = shard.map { $0.shard.recipients.count + 1 }
    levels = keys.enumerated().map { level, key in
      let codeCount = recipientCodeCount ?? key.codeCount
      return GroupIndex(
        parentCount: level == 0 ? 1 : nil, codeCount: level == 0 ? codeCount : nil)
    }
    self.aggregates = aggregates
    growAggregates()
  }

  /// Without keys there is one group, always.
  var count: Int { levels.last?.count ?? 1 }

  /// Replaces the numbers in `groups` by those of the groups that the selected rows fall into.
  mutating func number(
    _ groups: UnsafeMutableBufferPointer<UInt32>, _ keys: [Vector],
    _ rows: UnsafeBufferPointer<UInt32>
  ) {
    withUnsafeTemporaryAllocation(of: Code.self, capacity: Limits.blockRowCount) { codes in
      guard let base = codes.baseAddress else { return }
      for (level, key) in keys.enumerated() {
        let (words, nulls, type) = (key.words, key.nulls, key.type)
        let mark = level == 0 ? mark : 0
        for index in rows.indices {
          let row = Int(rows[index])
          base[index] = nulls[row] != 0 ? 0 : Cell.key(words[row], type) ^ mark
        }
        levels[level].refine(groups, by: base, skipped: .max)
      }
    }
    growAggregates()
  }

  private mutating func growAggregates() {
    for index in aggregates.indices { aggregates[index].grow(to: count) }
  }

  mutating func withAggregate(_ index: Int, _ body: (inout AggregateStore) -> Void) {
    body(&aggregates[index])
  }

  /// Takes over another shard's groups.
  mutating func merge(_ other: GroupStore) {
    let keys = other.keyCodes
    var map: [UInt32] = []
    map.reserveCapacity(other.count)
    for group in 0..<other.count {
      var number: UInt32 = 0
      for level in levels.indices { number = levels[level].number(number, keys[level][group]) }
      map.append(number)
    }
    growAggregates()
    for index in aggregates.indices { aggregates[index].merge(other.aggregates[index], map) }
  }

  /// The codes of every group's keys, key by key.
  private var keyCodes: [[Code]] {
    var codes: [[Code]] = []
    var numbers = (0..<UInt32(count)).map { $0 }
    for level in levels.reversed() {
      codes.append(numbers.map { level.codes[Int($0)] })
      numbers = numbers.map { level.parents[Int($0)] }
    }
    codes.reverse()
    if mark != 0 { codes[0] = codes[0].map { $0 ^ mark } }
    return codes
  }

  /// Keys, then aggregates.
  func frame() -> Frame? {
    var columns = zip(keyCodes, keyTypes).map { codes, key in
      let nulls: [UInt8] = codes.contains(0) ? codes.map { $0 == 0 ? 1 : 0 } : []
      let words = codes.map { $0 == 0 ? 0 : Cell.word(ofKey: $0, key.type) }
      return FrameColumn(key.type, words: words, nulls: nulls, pool: key.pool)
    }
    for aggregate in aggregates {
      guard let column = aggregate.column() else { return nil }
      columns.append(column)
    }
    return Frame(columns: columns, rowCount: count)
  }
}

extension Vector {
  /// One more than the largest key code, where that is small and known.
  fileprivate var codeCount: Int? {
    if type == .boolean { return 3 }
    return type == .text ? pool.codeCount : nil
  }
}
