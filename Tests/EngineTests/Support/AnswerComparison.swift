// The engine's answers in the model's values, for laws that hold between answers.

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
  /// The engine's, in the model's values.
  static func engine(_ query: String, _ engine: Engine) throws -> Answer {
    do throws(QueryError) {
      let table = try engine.query(query)
      return .rows(
        (0..<table.rowCount).map { row in table.columns.map { ModelAnswer.value($0, row) } })
    } catch {
      if error.message.contains("mixes message and event dimensions") { return .refusedRate }
      throw error
    }
  }
}
