// Whether the engine and the model say the same: refusals as refusals, cells one by one and exactly.

import Base
import Engine
import Query
import Testing

/// What somebody answered.
enum Answer: Equatable, CustomStringConvertible {
  case rows([[ModelValue]])
  case refusedRate

  var description: String {
    switch self {
    case .refusedRate: "refused: a rate under a mixed condition"
    case .rows(let rows):
      rows.map { row in row.map { "\($0)" }.joined(separator: "  ") }.joined(separator: "\n")
    }
  }
}

extension Answer {
  /// The model's.
  static func model(
    _ query: String, _ store: ModelStore, messages: [ModelMessage]
  ) throws -> Answer {
    let statement = try Parser.statement(query)
    do throws(ModelRefusal) {
      return .rows(try ModelQuery(statement, store, messages: messages).answer())
    } catch {
      return .refusedRate
    }
  }

  /// The engine's, in the model's values.
  static func engine(_ query: String, _ engine: Engine) throws -> Answer {
    do throws(QueryError) {
      let table = try engine.query(query)
      return .rows((0..<table.rowCount).map { row in table.columns.map { value($0, row) } })
    } catch {
      if error.message.contains("mixes message and event dimensions") { return .refusedRate }
      throw error
    }
  }

  private static func value(_ column: ResultColumn, _ row: Int) -> ModelValue {
    switch column.cell(row) {
    case .null: return .null
    case .text(let bytes): return .text(String(decoding: bytes, as: UTF8.self))
    case .number(let number): return .number(number)
    case .integer(let number):
      switch column.type {
      case .boolean: return .boolean(number != 0)
      case .timestamp, .date: return .time(Int(number))
      default: return .integer(Int(number))
      }
    }
  }

  /// Rows of either that differ from the other's, as lines.
  static func differences(_ engine: Answer, _ model: Answer) -> [String] {
    guard case .rows(let left) = engine, case .rows(let right) = model else {
      return ["engine: \(engine)", "model: \(model)"]
    }
    var lines = left.count == right.count ? [] : ["\(left.count) rows, model \(right.count)"]
    for row in 0..<max(left.count, right.count) {
      let sides = (row < left.count ? left[row] : [], row < right.count ? right[row] : [])
      if sides.0 == sides.1 { continue }
      lines.append("row \(row) engine: \(sides.0)")
      lines.append("row \(row) model:  \(sides.1)")
    }
    return lines
  }

  /// The same cells; a whole number may stand in a column of numbers.
  func agrees(with other: Answer) -> Bool {
    guard case .rows(let left) = self, case .rows(let right) = other else { return self == other }
    return left.count == right.count
      && zip(left, right).allSatisfy { a, b in
        a.count == b.count && zip(a, b).allSatisfy { Answer.agree($0, $1) }
      }
  }

  private static func agree(_ left: ModelValue, _ right: ModelValue) -> Bool {
    switch (left, right) {
    case (.integer(let a), .number(let b)), (.number(let b), .integer(let a)): Double(a) == b
    default: left == right
    }
  }
}

/// Records an issue unless engine and model agree on `query`.
func expectAgreement(
  _ query: String, _ engine: Engine, _ store: ModelStore, messages: [ModelMessage],
  _ context: String, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let expected = try Answer.model(query, store, messages: messages)
  let actual: Answer
  do {
    actual = try Answer.engine(query, engine)
  } catch {
    Issue.record("\(context): \(query)\n\(error)", sourceLocation: sourceLocation)
    return
  }
  if actual.agrees(with: expected) { return }
  let lines = Answer.differences(actual, expected).prefix(6).joined(separator: "\n")
  Issue.record("\(context): \(query)\n\(lines)", sourceLocation: sourceLocation)
}
