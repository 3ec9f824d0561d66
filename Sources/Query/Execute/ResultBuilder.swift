// From counted groups to the table people see: HAVING, ORDER BY, LIMIT, and codes turned back into values.

internal import Base
internal import Columnar

struct ResultBuilder {
  private let plan: Plan
  private let groupCount: Int
  private let keys: [KeyColumn]
  private let measures: [Measure: MeasureColumn]

  /// - Parameter populations: nil when each group is its own population.
  init(
    _ plan: Plan, _ context: QueryContext, _ groups: GroupTable, _ populations: GroupTable?
  ) throws(QueryError) {
    self.plan = plan
    groupCount = groups.count
    let scan = plan.scan
    keys = plan.keys.map { key in
      KeyColumn(key, groups.codes[scan.keys.firstIndex(of: key) ?? 0], context)
    }
    let populationOf = ResultBuilder.match(groups, populations, scan.messageKeys.count)
    var measures: [Measure: MeasureColumn] = [:]
    for measure in plan.measures {
      measures[measure] = try MeasureColumn(
        measure.formula(plan.settings), groups, populations ?? groups,
        population: { populations == nil ? $0 : populationOf[$0] })
    }
    self.measures = measures
  }

  /// Finds each group's population by the message keys, which come first in both tables.
  private static func match(
    _ groups: GroupTable, _ populations: GroupTable?, _ messageKeyCount: Int
  ) -> [Int] {
    guard let populations else { return [] }
    var chain = KeyChain(keyCount: messageKeyCount)
    var key = [Code](repeating: 0, count: messageKeyCount)
    for population in 0..<populations.count {
      for level in 0..<messageKeyCount { key[level] = populations.codes[level][population] }
      _ = chain.number(key)
    }
    return (0..<groups.count).map { group in
      for level in 0..<messageKeyCount { key[level] = groups.codes[level][group] }
      return chain.number(key)
    }
  }

  func build() -> ResultTable {
    var rows = Array(0..<groupCount)
    if let having = plan.having { rows.removeAll { having.truth(lookUp($0)) != .yes } }
    let offset = min(plan.offset, rows.count)
    let end = offset + min(plan.limit ?? .max, rows.count - offset)
    let ordered = RowOrder(plan.order.map(sortKey) + tieKeys).first(end, of: rows)
    let shown = Array(ordered.dropFirst(offset))
    return ResultTable(columns: plan.items.map { column($0, shown) })
  }

  private func lookUp(_ group: Int) -> (Scalar) -> Value {
    { scalar in
      switch scalar {
      case .key(let key): keys[key].value(group)
      case .measure(let measure): measures[measure]?.value(group) ?? .null
      default: .null
      }
    }
  }

  // MARK: Order

  private func sortKey(_ order: Plan.Order) -> SortKey {
    switch order.scalar {
    case .key(let key): return SortKey(keys[key], order)
    case .measure(let measure):
      if let column = measures[measure] { return SortKey(column, order) }
    default: break
    }
    return SortKey((0..<groupCount).map { order.scalar.value(lookUp($0)) }, order)
  }

  /// Ascending keys decide where ORDER BY leaves a choice, so that answers never depend on arrival.
  private var tieKeys: [SortKey] {
    keys.indices.map { key in
      SortKey(
        keys[key], Plan.Order(scalar: .key(key), isDescending: false, nullsFirst: false))
    }
  }

  // MARK: Columns

  private func column(_ item: Plan.Item, _ rows: [Int]) -> ResultColumn {
    switch item.scalar {
    case .key(let key): return keys[key].column(item.name, rows)
    case .measure(let measure):
      if let column = measures[measure] {
        let type = measure.formula(plan.settings).resultType
        return column.column(item.name, type, rows)
      }
    default: break
    }
    let values = rows.map { item.scalar.value(lookUp($0)) }
    var column = ResultColumn(name: item.name, type: ResultType(of: values))
    for value in values { column.append(value) }
    return column
  }
}

extension QueryContext {
  /// How results show a dimension: attributes whose every value is a whole number are numbers.
  func resultType(_ dimension: Dimension) -> ResultType {
    numericAttributes.contains(dimension) ? .integer : dimension.resultType
  }
}

extension ResultType {
  /// The type that holds all of `values`.
  fileprivate init(of values: [Value]) {
    self = .integer
    for value in values {
      switch value {
      case .null, .integer: continue
      case .number: if self == .integer { self = .number }
      case .boolean: self = .boolean
      case .text: self = .text
      case .time: self = .timestamp
      }
    }
  }
}

extension ResultColumn {
  /// Appends a value that fits the column's type; anything else is NULL.
  mutating func append(_ value: Value) {
    switch (value, type) {
    case (.integer(let value), .integer): append(value)
    case (.integer(let value), .number), (.integer(let value), .rate): append(Double(value))
    case (.number(let value), .number), (.number(let value), .rate): append(value)
    case (.boolean(let value), .boolean): append(value)
    case (.time(let value), .timestamp), (.time(let value), .date): append(value)
    case (.text(let bytes), .text): bytes.withUnsafeBufferPointer { append(ByteSlice($0)) }
    default: appendNull()
    }
  }
}
