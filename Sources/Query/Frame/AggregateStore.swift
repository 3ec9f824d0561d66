// The state of one aggregate for all groups of a scan: counts, exact sums, or the smallest or largest value so far.
//
// SAFETY: group numbers are below the count that `grow` was last told.

internal import Base
internal import Columnar

struct AggregateStore: Sendable {
  let aggregate: Aggregate
  /// Of the argument's texts.
  let pool: TextPool
  private let argumentType: TermType
  private var counts: [Int64] = []
  /// Sums of integers, decimals and intervals as they are; of numbers in multiples of 2^-40.
  private var sums: [Int128] = []
  /// Smallest or largest values; a count of 0 says there is none.
  private var words: [UInt64] = []
  /// The distinct values met in each group.
  private var distinct: GroupIndex?
  private(set) var hasOverflowed = false

  private static let unit = Double(1 << 40)
  /// Numbers beyond this have no place in a sum.
  private static let numberMax = 0x1p80

  init(_ aggregate: Aggregate, pool: TextPool) {
    self.aggregate = aggregate
    self.pool = pool
    argumentType = aggregate.argument?.type ?? .integer
    // The smallest of distinct values is the smallest of all.
    if aggregate.isDistinct, !isExtreme { distinct = GroupIndex(parentCount: nil, codeCount: nil) }
  }

  private var isExtreme: Bool {
    aggregate.function == .minimum || aggregate.function == .maximum
  }

  /// Makes room for groups that are new.
  mutating func grow(to groupCount: Int) {
    let missing = groupCount - counts.count
    guard missing > 0 else { return }
    counts.append(contentsOf: repeatElement(0, count: missing))
    switch aggregate.function {
    case .count: return
    case .sum, .average: sums.append(contentsOf: repeatElement(0, count: missing))
    case .minimum, .maximum: words.append(contentsOf: repeatElement(0, count: missing))
    }
  }

  /// Counts rows.
  mutating func count(_ groups: UnsafeBufferPointer<UInt32>) {
    counts.withUnsafeMutableBufferPointer { counts in
      for group in groups { counts[Int(group)] &+= 1 }
    }
  }

  /// Counts rows that stand for several.
  mutating func count(_ group: Int, _ weight: Int64) { counts[group] &+= weight }

  /// Takes a value that is not NULL.
  @inline(__always)
  mutating func add(_ group: Int, _ word: UInt64) {
    if distinct != nil {
      let before = distinct?.count ?? 0
      _ = distinct?.number(UInt32(group), Cell.key(word, argumentType))
      if distinct?.count == before { return }
    }
    take(group, word)
  }

  private mutating func take(_ group: Int, _ word: UInt64) {
    let isFirst = counts[group] == 0
    counts[group] &+= 1
    switch aggregate.function {
    case .count: return
    case .sum, .average: add(addend(word), to: group)
    case .minimum: if isFirst || order(word, words[group]) < 0 { words[group] = word }
    case .maximum: if isFirst || order(word, words[group]) > 0 { words[group] = word }
    }
  }

  private mutating func add(_ amount: Int128, to group: Int) {
    let (sum, isLost) = sums[group].addingReportingOverflow(amount)
    if isLost { hasOverflowed = true } else { sums[group] = sum }
  }

  private func order(_ left: UInt64, _ right: UInt64) -> Int {
    argumentType == .text
      ? (left == right ? 0 : pool.text(left).order(beside: pool.text(right)))
      : Cell.order(left, right, argumentType)
  }

  private mutating func addend(_ word: UInt64) -> Int128 {
    guard argumentType == .number else { return Int128(Cell.integer(word)) }
    let value = Cell.number(word)
    guard abs(value) < AggregateStore.numberMax else {
      hasOverflowed = true
      return 0
    }
    return Int128((value * AggregateStore.unit).rounded(.toNearestOrEven))
  }

  /// Takes over what another scan found; `map` says which group each of its groups is here.
  mutating func merge(_ other: AggregateStore, _ map: [UInt32]) {
    hasOverflowed = hasOverflowed || other.hasOverflowed
    if let pairs = other.distinct {
      for pair in 0..<pairs.count {
        let code = pairs.codes[pair]
        add(Int(map[Int(pairs.parents[pair])]), Cell.word(ofKey: code, argumentType))
      }
      return
    }
    for (index, group) in map.enumerated() where other.counts[index] > 0 {
      mergeGroup(other, index, Int(group))
    }
  }

  private mutating func mergeGroup(_ other: AggregateStore, _ index: Int, _ group: Int) {
    if isExtreme {
      let known = counts[group]
      take(group, other.words[index])
      counts[group] = known + other.counts[index]
      return
    }
    counts[group] &+= other.counts[index]
    if !sums.isEmpty { add(other.sums[index], to: group) }
  }

  // MARK: Results

  /// The value for every group; nil when a sum does not fit its type.
  func column() -> FrameColumn? {
    if hasOverflowed { return nil }
    switch aggregate.function {
    case .count: return FrameColumn(.integer, words: counts.map { Cell.word($0) })
    case .minimum, .maximum:
      return FrameColumn(aggregate.type, words: words, nulls: emptyGroups, pool: pool)
    case .sum: return sumColumn()
    case .average:
      let words = sums.indices.map { average($0) }
      return FrameColumn(aggregate.type, words: words, nulls: emptyGroups)
    }
  }

  private var emptyGroups: [UInt8] { counts.map { $0 == 0 ? 1 : 0 } }

  private func sumColumn() -> FrameColumn? {
    if argumentType == .number {
      let words = sums.map { Cell.word(Double($0) / AggregateStore.unit) }
      return FrameColumn(.number, words: words, nulls: emptyGroups)
    }
    var words: [UInt64] = []
    words.reserveCapacity(sums.count)
    for sum in sums {
      guard let value = Int64(exactly: sum), value != .min else { return nil }
      words.append(Cell.word(value))
    }
    return FrameColumn(aggregate.type, words: words, nulls: emptyGroups)
  }

  private func average(_ group: Int) -> UInt64 {
    guard counts[group] > 0 else { return 0 }
    let count = Double(counts[group])
    switch argumentType {
    case .number: return Cell.word(Double(sums[group]) / AggregateStore.unit / count)
    case .decimal: return Cell.word(Double(sums[group]) / 1e6 / count)
    case .interval: return Cell.word(mean(group))
    default: return Cell.word(Double(sums[group]) / count)
    }
  }

  /// The mean of integers, the nearest one; halves go away from zero. It lies among them, so it is one, too.
  private func mean(_ group: Int) -> Int64 {
    let (sum, count) = (sums[group], Int128(counts[group]))
    let distance = (abs(sum) * 2 + count) / (count * 2)
    return Int64(sum < 0 ? -distance : distance)
  }
}
