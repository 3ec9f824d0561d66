// A measure's value for every group, computed column by column.

internal import Base

enum MeasureColumn {
  case integers([Int64])
  /// Millionths; NULL where `isNull`.
  case decimals([Int64], isNull: [Bool])
  /// NaN is NULL.
  case rates([Double])

  /// - Parameter population: the population group of each group.
  init(
    _ formula: Formula, _ groups: GroupTable, _ populations: GroupTable,
    population: (Int) -> Int
  ) throws(QueryError) {
    let all = 0..<groups.count
    switch formula {
    case .count(let quantity): self = .integers(all.map { groups[quantity, $0] })
    case .revenue:
      var sums: [Int64] = []
      sums.reserveCapacity(groups.count)
      for group in all { sums.append(try MeasureColumn.revenue(groups, group)) }
      self = .decimals(sums, isNull: all.map { groups[.valued, $0] == 0 })
    case .population(let quantity):
      self = .integers(all.map { populations[quantity, population($0)] })
    case .ratio(let numerator, let denominator):
      let numerators = groups.quantities[numerator.rawValue]
      self = .rates(
        all.map { group in
          let divisor = populations[denominator, population(group)]
          return divisor == 0 ? .nan : Double(numerators[group]) / Double(divisor)
        })
    }
  }

  /// - Throws: when the sum is beyond what a result holds: better no number than a wrong one.
  private static func revenue(_ groups: GroupTable, _ group: Int) throws(QueryError) -> Int64 {
    let sum = Int128(groups[.revenueHigh, group]) << 32 + Int128(groups[.revenueLow, group])
    guard let revenue = Int64(exactly: sum) else {
      throw QueryError(
        "a revenue is beyond 9,223,372,036,854", at: 0..<0, hint: "leave out events with odd values"
      )
    }
    return revenue
  }

  func value(_ group: Int) -> Value {
    switch self {
    case .integers(let values): return .integer(values[group])
    case .decimals(let values, let isNull):
      return isNull[group] ? .null : .number(Double(values[group]) / 1e6)
    case .rates(let values): return values[group].isNaN ? .null : .number(values[group])
    }
  }

  /// The column of a result for the given groups.
  func column(_ name: String, _ type: ResultType, _ groups: [Int]) -> ResultColumn {
    var column = ResultColumn(name: name, type: type)
    column.reserveCapacity(groups.count)
    for group in groups {
      switch self {
      case .integers(let values): column.append(values[group])
      case .decimals(let values, let isNull):
        if isNull[group] { column.appendNull() } else { column.append(values[group]) }
      case .rates(let values):
        if values[group].isNaN { column.appendNull() } else { column.append(values[group]) }
      }
    }
    return column
  }
}
