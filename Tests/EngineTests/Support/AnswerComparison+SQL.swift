// Whether the engine's table and the model's answer are the same: names, types, and every cell exactly.

import Engine
import Query
import Testing

extension ModelAnswer {
  /// The first difference between a result and this answer, or nil.
  func difference(from table: ResultTable) -> String? {
    let actualNames = table.columns.map(\.name)
    guard actualNames == names else { return "columns \(actualNames), model \(names)" }
    for (column, type) in zip(table.columns, types) {
      let isSame = column.type.rawValue == type.rawValue
      let areNumbers = [.number, .rate].contains(column.type) && [.number, .rate].contains(type)
      guard isSame || areNumbers else {
        return "column \(column.name) is \(column.type), model \(type)"
      }
    }
    for row in 0..<min(table.rowCount, rows.count) {
      for (index, column) in table.columns.enumerated() {
        let actual = ModelAnswer.value(column, row)
        let expected = rows[row][index].canonical
        if actual == expected { continue }
        return "row \(row), \(column.name): \(actual), model \(expected)\n"
          + "engine: \(table.columns.map { ModelAnswer.value($0, row) })\nmodel:  \(rows[row])"
      }
    }
    return table.rowCount == rows.count ? nil : "\(table.rowCount) rows, model \(rows.count)"
  }

  private static func value(_ column: ResultColumn, _ row: Int) -> ModelValue {
    switch column.cell(row) {
    case .null: return .null
    case .text(let bytes): return .text(String(decoding: bytes, as: UTF8.self))
    case .number(let number): return .number(number)
    case .integer(let number):
      switch column.type.rawValue {
      case "boolean": return .boolean(number != 0)
      case "timestamp": return .time(Int(number))
      case "date": return .date(Int(number))
      case "decimal": return .decimal(Int(number))
      case "interval": return .interval(months: 0, milliseconds: Int(number))
      default: return .integer(Int(number))
      }
    }
  }
}

/// Records an issue unless engine and model answer `query` alike, or both refuse it.
func expectSameAnswer(
  _ query: String, _ engine: Engine, _ database: ModelDatabase, _ context: String,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let statement = try Parser.statement(query)
  var (expected, refusal): (ModelAnswer?, ModelRefusal?) = (nil, nil)
  do {
    expected = try ModelSelect.answer(statement, database)
  } catch let error as ModelRefusal {
    refusal = error
  }
  do throws(QueryError) {
    let table = try engine.query(query)
    guard let expected else {
      Issue.record(
        "\(context): answered, the model refuses: \(refusal.debugDescription)\n\(query)",
        sourceLocation: sourceLocation)
      return
    }
    guard let difference = expected.difference(from: table) else { return }
    Issue.record("\(context): \(query)\n\(difference)", sourceLocation: sourceLocation)
  } catch {
    if expected == nil { return }
    Issue.record(
      "\(context): refused, the model answers: \(error.summary)\n\(query)",
      sourceLocation: sourceLocation)
  }
}
