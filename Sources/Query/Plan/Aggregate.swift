// Aggregates of plain SQL. docs/SEMANTICS.md, "Types and operators".

enum AggregateFunction: String, CaseIterable, Hashable, Sendable {
  case count
  case sum
  case average = "avg"
  case minimum = "min"
  case maximum = "max"
}

/// One aggregate of a query, ready to be computed.
struct Aggregate: Hashable, Sendable {
  var function: AggregateFunction
  /// Nil for `count(*)`.
  var argument: Term?
  var filter: Term?
  var isDistinct: Bool

  var type: TermType {
    switch function {
    case .count: .integer
    case .average: argument?.type == .interval ? .interval : .number
    case .sum, .minimum, .maximum: argument?.type ?? .integer
    }
  }
}
