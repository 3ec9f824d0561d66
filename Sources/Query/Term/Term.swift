// An expression with its names resolved and its types known: what evaluators run.

struct Term: Hashable, Sendable {
  indirect enum Node: Hashable, Sendable {
    case constant(Constant)
    case column(ColumnKey)
    case not(Term)
    case and([Term])
    case or([Term])
    /// Both sides have the same type.
    case compare(Comparison, Term, Term)
    /// Both sides have the type of the result, except that `/` divides numbers, and that times take intervals.
    case arithmetic(Arithmetic, Term, Term)
    case negate(Term)
    case addMonths(Term, Int)
    case isNull(Term)
    case isTruth(Term, Bool)
    case isIn(Term, ConstantSet)
    /// The recipient is one of those that another query found.
    case isAmong(Term, RecipientSet)
    case like(Term, LikePattern)
    /// Conditions and results in order, then the ELSE; all results have the term's type.
    case choose([Choice], otherwise: Term)
    /// The value in the term's type; NULL where it has none there.
    case convert(Term)
    case call(Function, [Term])
  }

  struct Choice: Hashable, Sendable {
    var condition: Term
    var result: Term
  }

  var node: Node
  var type: TermType

  init(_ node: Node, _ type: TermType) {
    self.node = node
    self.type = type
  }

  static let null = Term(.constant(.null), .null)

  static func boolean(_ node: Node) -> Term { Term(node, .boolean) }

  /// The constant, if it is one.
  var constant: Constant? {
    if case .constant(let constant) = node { return constant }
    return nil
  }
}

/// A value written into a query.
enum Constant: Hashable, Sendable {
  case null
  /// Of integers, decimals, times, intervals (as the type says) and booleans (0 or 1).
  case integer(Int64)
  case number(Double)
  case text([UInt8])
}

/// The elements of an IN list, all of one type.
struct ConstantSet: Hashable, Sendable {
  /// Integers and times; bit patterns of numbers.
  var words: Set<UInt64> = []
  var texts: Set<[UInt8]> = []
  var hasNull = false

  mutating func insert(_ constant: Constant) {
    switch constant {
    case .null: hasNull = true
    case .integer(let value): words.insert(UInt64(bitPattern: value))
    case .number(let value): words.insert(Cell.word(value))
    case .text(let bytes): texts.insert(bytes)
    }
  }
}

/// What a term's leaf reads.
enum ColumnKey: Hashable, Sendable {
  /// Of an event or a message, as FROM says.
  case dimension(Dimension)
  /// The value of an event.
  case value
  case fact(MessageFact)
  /// A column of a frame, by its position.
  case frame(Int)
}

extension Term {
  /// The terms it is made of.
  var parts: [Term] {
    switch node {
    case .constant, .column: []
    case .not(let term), .negate(let term), .addMonths(let term, _), .isNull(let term),
      .isTruth(let term, _), .isIn(let term, _), .isAmong(let term, _), .like(let term, _),
      .convert(let term):
      [term]
    case .and(let terms), .or(let terms), .call(_, let terms): terms
    case .compare(_, let left, let right), .arithmetic(_, let left, let right): [left, right]
    case .choose(let choices, let otherwise):
      choices.flatMap { [$0.condition, $0.result] } + [otherwise]
    }
  }

  /// Whether every column it reads is such.
  func reads(only isSuch: (ColumnKey) -> Bool) -> Bool {
    if case .column(let key) = node { return isSuch(key) }
    return parts.allSatisfy { $0.reads(only: isSuch) }
  }

  /// Every column it reads.
  var columns: Set<ColumnKey> {
    if case .column(let key) = node { return [key] }
    return parts.reduce(into: []) { $0.formUnion($1.columns) }
  }

  /// Its top-level AND terms.
  var conjuncts: [Term] {
    if case .and(let terms) = node { return terms.flatMap(\.conjuncts) }
    return [self]
  }
}
