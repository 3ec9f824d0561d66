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
  ) {
    let all = 0..<groups.count
    switch formula {
    case .count(let quantity): self = .integers(all.map { groups[quantity, $0] })
    case .revenue:
      self = .decimals(
        all.map { groups[.revenue, $0] }, isNull: all.map { groups[.valued, $0] == 0 })
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
