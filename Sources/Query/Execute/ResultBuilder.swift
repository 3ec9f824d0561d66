// From counted groups to the table people see: HAVING, ORDER BY, LIMIT, and codes turned back into values.

internal import Base
internal import Columnar

struct ResultBuilder {
  private let plan: Plan
  private let context: QueryContext
  private let groups: GroupTable
  private let populations: GroupTable?
  /// The population group of each group.
  private let populationOf: [Int]
  /// Where each key of the plan stands in the table's codes.
  private let levels: [Int]

  init(
    _ plan: Plan, _ context: QueryContext, _ groups: GroupTable, _ populations: GroupTable?
  ) {
    self.plan = plan
    self.context = context
    self.groups = groups
    self.populations = populations
    let scan = plan.scan
    levels = plan.keys.map { key in scan.keys.firstIndex(of: key) ?? 0 }
    populationOf = ResultBuilder.match(groups, populations, scan.messageKeys.count)
  }

  /// Finds each group's population by the message keys, which come first in both tables.
  private static func match(
    _ groups: GroupTable, _ populations: GroupTable?, _ messageKeyCount: Int
  ) -> [Int] {
    guard let populations else { return [] }
    var chain = KeyChain(keyCount: messageKeyCount)
    var key = [Code](repeating: .null, count: messageKeyCount)
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
    var rows = Array(0..<groups.count)
    if let having = plan.having {
      rows.removeAll { having.truth(lookUp($0)) != .yes }
    }
    rows = RowOrder(plan.order.map { sortKey($0) } + keySortKeys()).sort(rows)
    let first = min(plan.offset, rows.count)
    let last = plan.limit.map { min(first + $0, rows.count) } ?? rows.count
    return ResultTable(columns: plan.items.map { column($0, Array(rows[first..<last])) })
  }

  // MARK: Values

  private func lookUp(_ group: Int) -> (Scalar) -> Value {
    { scalar in
      switch scalar {
      case .key(let key): keyValue(key, group)
      case .measure(let measure): measureValue(measure, group)
      default: .null
      }
    }
  }

  private func keyValue(_ key: Int, _ group: Int) -> Value {
    let (code, shard) = code(key, group)
    let value = context.value(plan.keys[key], code, shard: shard)
    guard context.isNumeric(plan.keys[key]), case .text(let bytes) = value else { return value }
    return Int64(String(decoding: bytes, as: UTF8.self)).map { .integer($0) } ?? value
  }

  /// A key's code, and the shard it belongs to when it is a recipient's.
  private func code(_ key: Int, _ group: Int) -> (Code, ShardSnapshot?) {
    let code = groups.codes[levels[key]][group]
    guard plan.keys[key] == .recipient else { return (code, nil) }
    let shard = context.snapshot.shards[Int(code.low >> 32)]
    return (Code(low: code.low & 0xFFFF_FFFF), shard)
  }

  private func measureValue(_ measure: Measure, _ group: Int) -> Value {
    switch measure.formula(plan.settings) {
    case .count(let quantity): return .integer(groups[quantity, group])
    case .revenue:
      guard groups[.valued, group] > 0 else { return .null }
      return .number(Double(groups[.revenue, group]) / 1e6)
    case .population(let quantity): return .integer(population(quantity, group))
    case .ratio(let numerator, let denominator):
      let divisor = population(denominator, group)
      guard divisor != 0 else { return .null }
      return .number(Double(groups[numerator, group]) / Double(divisor))
    }
  }

  private func population(_ quantity: Quantity, _ group: Int) -> Int64 {
    guard let populations, populationOf[group] < populations.count else { return 0 }
    return populations[quantity, populationOf[group]]
  }

  // MARK: Order

  private func sortKey(_ order: Plan.Order) -> SortKey {
    let values: [Value] = (0..<groups.count).map { order.scalar.value(lookUp($0)) }
    return SortKey(values, isDescending: order.isDescending, nullsFirst: order.nullsFirst)
  }

  /// Ascending keys decide where ORDER BY leaves a choice, so that answers never depend on arrival.
  private func keySortKeys() -> [SortKey] {
    plan.keys.indices.map { key in
      let values: [Value] = (0..<groups.count).map { keyValue(key, $0) }
      return SortKey(values, isDescending: false, nullsFirst: false)
    }
  }

  // MARK: Columns

  private func column(_ item: Plan.Item, _ rows: [Int]) -> ResultColumn {
    if case .measure(.revenue) = item.scalar { return revenueColumn(item, rows) }
    if case .key(let key) = item.scalar, context.resultType(plan.keys[key]) == .text {
      return textColumn(item, key, rows)
    }
    let values = rows.map { item.scalar.value(lookUp($0)) }
    var column = ResultColumn(name: item.name, type: type(of: item.scalar, values))
    for value in values { column.append(value) }
    return column
  }

  private func type(of scalar: Scalar, _ values: [Value]) -> ResultType {
    switch scalar {
    case .key(let key): return context.resultType(plan.keys[key])
    case .measure(let measure): return measure.formula(plan.settings).resultType
    default: return ResultType(of: values)
    }
  }

  private func revenueColumn(_ item: Plan.Item, _ rows: [Int]) -> ResultColumn {
    var column = ResultColumn(name: item.name, type: .decimal)
    for row in rows {
      if groups[.valued, row] > 0 {
        column.append(groups[.revenue, row])
      } else {
        column.appendNull()
      }
    }
    return column
  }

  private func textColumn(_ item: Plan.Item, _ key: Int, _ rows: [Int]) -> ResultColumn {
    var column = ResultColumn(name: item.name, type: .text)
    for row in rows {
      if case .text(let bytes) = keyValue(key, row) {
        bytes.withUnsafeBufferPointer { column.append(ByteSlice($0)) }
      } else {
        column.appendNull()
      }
    }
    return column
  }
}

extension QueryContext {
  /// Whether every value of an attribute is a whole number, so that it sorts and prints as one.
  func isNumeric(_ dimension: Dimension) -> Bool { numericAttributes.contains(dimension) }

  func resultType(_ dimension: Dimension) -> ResultType {
    isNumeric(dimension) ? .integer : dimension.resultType
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
  fileprivate mutating func append(_ value: Value) {
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
