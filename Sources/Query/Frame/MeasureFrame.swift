// Counted groups as a frame: keys turned from codes into values, measures computed from quantities.

internal import Base
internal import Columnar

struct MeasureFrame {
  private let plan: MeasurePlan
  private let context: QueryContext
  private var groups: GroupTable
  private var populations: GroupTable
  /// The population group of each group; nil when they stand in the same order.
  private var populationOf: [UInt32]?

  /// - Parameter populations: nil when each group is its own population.
  init(
    _ plan: MeasurePlan, _ context: QueryContext, _ groups: GroupTable, _ populations: GroupTable?
  ) {
    self.plan = plan
    self.context = context
    self.groups = groups
    self.populations = populations ?? groups
    populationOf = MeasureFrame.match(
      groups, populations, plan.keys.count { $0.isOfMessage })
  }

  /// The groups of one shard, which no other shard has.
  init(_ plan: MeasurePlan, _ context: QueryContext, _ found: ShardFindings) {
    self.plan = plan
    self.context = context
    groups = found.groups
    populations = found.populations ?? found.groups
    populationOf = found.populationOf
  }

  /// Keys in the plan's order, then measures.
  ///
  /// - Parameter wanted: which columns are filled; nil for all.
  func frame(_ wanted: Set<Int>? = nil) -> Frame {
    let scanKeys = plan.scanKeys
    var columns: [FrameColumn] = []
    for key in plan.keys {
      let isWanted = wanted?.contains(columns.count) ?? true
      let codes = isWanted ? groups.codes[scanKeys.firstIndex(of: key) ?? 0] : []
      columns.append(keyColumn(key, codes))
    }
    for formula in plan.formulas {
      let isWanted = wanted?.contains(columns.count) ?? true
      columns.append(isWanted ? column(formula) : FrameColumn(.integer))
    }
    return Frame(columns: columns, rowCount: groups.count)
  }

  /// The frame without rows that are not shown whatever other frames are joined with it. They are found by the columns
  /// that decide it, and the others are made of what is left.
  func candidates(_ query: Plan) -> Frame {
    guard query.having != nil || query.limit != nil else { return frame() }
    let leading = frame(query.leadingColumns)
    guard let rows = Finish(query, context, leading).candidateRows else { return frame() }
    var kept = self
    kept.groups.keep(rows)
    kept.populations.keep(populationOf.map { of in rows.map { Int(of[$0]) } } ?? rows)
    kept.populationOf = nil
    return kept.frame()
  }

  /// Finds each group's population by the message keys, which come first in both tables.
  private static func match(
    _ groups: GroupTable, _ populations: GroupTable?, _ messageKeyCount: Int
  ) -> [UInt32]? {
    guard let populations else { return nil }
    var chain = KeyChain(keyCount: messageKeyCount)
    var key = [Code](repeating: 0, count: messageKeyCount)
    for population in 0..<populations.count {
      for level in 0..<messageKeyCount { key[level] = populations.codes[level][population] }
      _ = chain.number(key)
    }
    return (0..<groups.count).map { group in
      for level in 0..<messageKeyCount { key[level] = groups.codes[level][group] }
      return UInt32(chain.number(key))
    }
  }

  // MARK: Keys

  private func keyColumn(_ dimension: Dimension, _ codes: [Code]) -> FrameColumn {
    let type = context.type(of: dimension)
    var column = FrameColumn(
      type, words: words(dimension, codes, type), nulls: nulls(codes), pool: pool(dimension, type))
    if type != .integer { column.resultType = dimension.resultType }
    return column
  }

  private func nulls(_ codes: [Code]) -> [UInt8] {
    codes.contains(0) ? codes.map { $0 == 0 ? 1 : 0 } : []
  }

  private func pool(_ dimension: Dimension, _ type: TermType) -> TextPool {
    guard type == .text else { return .none }
    if dimension == .recipient { return .recipients(context.snapshot) }
    return context.dictionary(of: dimension).map { .dictionary($0) } ?? .interned(context.texts)
  }

  private func words(_ dimension: Dimension, _ codes: [Code], _ type: TermType) -> [UInt64] {
    if let numbers = context.wholeNumbers(dimension) { return codes.map { numbers[Int($0)] } }
    if dimension == .recipient || context.dictionary(of: dimension) != nil { return codes }
    if case .bucket(let bucket) = dimension {
      let clock = context.clock(bucket)
      return codes.map { $0 == 0 ? 0 : context.word(clock.value($0)) }
    }
    var known: [Code: UInt64] = [:]
    return codes.map { code in
      if let word = known[code] { return word }
      let word = context.word(dimension, code)
      known[code] = word
      return word
    }
  }

  // MARK: Measures

  private func column(_ formula: Formula) -> FrameColumn {
    switch formula {
    case .count(let quantity):
      return FrameColumn(.integer, words: groups.counts(quantity).map { Cell.word($0) })
    case .revenue:
      let all = 0..<groups.count
      return FrameColumn(
        .decimal, words: all.map { Cell.word(revenue($0)) },
        nulls: all.map { groups[.valued, $0] == 0 ? 1 : 0 })
    case .population(let quantity):
      return FrameColumn(.integer, words: divisors(quantity).map { Cell.word($0) })
    case .ratio(let numerator, let denominator):
      return ratio(groups.counts(numerator), divisors(denominator))
    }
  }

  private func ratio(_ numerators: [Int64], _ divisors: [Int64]) -> FrameColumn {
    let words = numerators.indices.map { group -> UInt64 in
      let divisor = divisors[group]
      return divisor == 0 ? 0 : Cell.word(Double(numerators[group]) / Double(divisor))
    }
    let nulls = divisors.contains(0) ? divisors.map { $0 == 0 ? 1 : 0 as UInt8 } : []
    var column = FrameColumn(.number, words: words, nulls: nulls)
    column.resultType = .rate
    return column
  }

  /// Of each group's population.
  private func divisors(_ quantity: Quantity) -> [Int64] {
    let counts = populations.counts(quantity)
    return populationOf.map { counts.picked($0) } ?? counts
  }

  private func revenue(_ group: Int) -> Int64 {
    context.revenue(
      Int128(groups[.revenueHigh, group]) << 32 + Int128(groups[.revenueLow, group]))
  }
}

extension Frame {
  /// The columns of plain aggregates behind those of measures, group by group: counts are 0 and the others NULL
  /// where the aggregates know no such group.
  ///
  /// - Parameter keyCount: how many columns of both frames are keys; they come first, in one order.
  func joined(_ aggregates: Frame, keyCount: Int, _ kinds: [Aggregate]) -> Frame {
    let matches = matches(in: aggregates, keyCount: keyCount)
    var result = self
    for (index, kind) in kinds.enumerated() {
      let source = aggregates.columns[keyCount + index]
      var column = FrameColumn(source.type, pool: source.pool)
      for match in matches {
        if let match {
          column.append(source.words[match], isNull: source.isNull(match))
        } else {
          column.append(0, isNull: kind.function != .count)
        }
      }
      result.columns.append(column)
    }
    return result
  }

  /// By row: the row of another frame with the same keys, or nil. No two rows of `other` have the same.
  func matches(in other: Frame, keyCount: Int) -> [Int?] {
    var chain = KeyChain(keyCount: keyCount)
    for row in 0..<other.rowCount { _ = chain.number(other.key(row, keyCount)) }
    return (0..<rowCount).map { row in
      let number = chain.number(key(row, keyCount))
      return number < other.rowCount ? number : nil
    }
  }

  private func key(_ row: Int, _ keyCount: Int) -> [Code] {
    columns.prefix(keyCount).map { $0.isNull(row) ? 0 : Cell.key($0.words[row], $0.type) }
  }
}
