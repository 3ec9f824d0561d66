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

  /// A cell of the engine's in the model's values.
  static func value(_ column: ResultColumn, _ row: Int) -> ModelValue {
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

/// Why engine and model disagree about a statement.
private struct Disagreement {
  enum Kind {
    case cells
    case onlyEngineAnswers
    case onlyModelAnswers
  }

  var kind: Kind
  var text: String

  /// Nil if they answer alike, or both refuse.
  static func about(
    _ statement: Statement, _ engine: Engine, _ database: ModelDatabase
  ) throws -> Disagreement? {
    let model = Result { try ModelSelect.answer(statement, database) }
    if case .failure(let error) = model, !(error is ModelRefusal) { throw error }
    var settings = QuerySettings()
    settings.now = Int64(database.now)
    do throws(QueryError) {
      let table = try engine.query(Printer.text(of: statement), settings: settings)
      switch model {
      case .success(let answer):
        return answer.difference(from: table).map { Disagreement(kind: .cells, text: $0) }
      case .failure(let refusal):
        return Disagreement(
          kind: .onlyEngineAnswers, text: "answered, the model refuses: \(refusal)")
      }
    } catch {
      guard case .success = model else { return nil }
      return Disagreement(
        kind: .onlyModelAnswers, text: "refused, the model answers: \(error.summary)")
    }
  }
}

/// Records an issue, with the smallest statement that shows it, unless engine and model answer `query` alike, or both
/// refuse it.
func expectSameAnswer(
  _ query: String, _ engine: Engine, _ database: ModelDatabase, _ context: String,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let statement = try Parser.statement(query)
  // What is derived on demand answers some questions, but only those that were asked before.
  if query.utf8.count % 2 == 0 { _ = try? engine.query(query) }
  guard let found = try Disagreement.about(statement, engine, database) else { return }
  let smallest = try StatementShrinking.smallest(statement) {
    try Disagreement.about($0, engine, database)?.kind == found.kind
  }
  let shown = try Disagreement.about(smallest, engine, database) ?? found
  Issue.record(
    "\(context): \(query)\nin short: \(Printer.text(of: smallest))\n\(shown.text)",
    sourceLocation: sourceLocation)
}
