// A predicate asked about codes that are known, instead of about rows.

internal import Base
internal import Columnar

extension CompiledPredicate {
  /// The dimensions it looks up codes of.
  var dimensions: Set<Dimension> {
    switch self {
    case .table(let dimension, _), .rows(let dimension, _): [dimension]
    case .not(let term): term.dimensions
    case .and(let terms), .or(let terms): Set(terms.flatMap(\.dimensions))
    case .recipient, .constant, .term, .during: []
    }
  }

  /// The truth where each dimension has the code that `code` says; a time's is its stored form.
  func truth(_ context: QueryContext, _ code: (Dimension) -> Code) -> Truth {
    switch self {
    case .constant(let truth): return truth
    case .table(let dimension, let table):
      return Truth(rawValue: table[Int(code(dimension))]) ?? .no
    case .rows(let dimension, let test):
      return test.truth(of: context.value(dimension, code(dimension), shard: nil))
    case .during(let range): return Truth(range.contains(code(.time)))
    case .not(let term): return Truth(rawValue: 2 - term.truth(context, code).rawValue) ?? .no
    case .and(let terms): return terms.map { $0.truth(context, code) }.min() ?? .yes
    case .or(let terms): return terms.map { $0.truth(context, code) }.max() ?? .no
    case .recipient, .term: preconditionFailure("a condition on more than campaigns and hours")
    }
  }
}
