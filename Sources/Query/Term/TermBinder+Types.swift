// How types meet: what stands beside each other is brought to one type, or refused.

internal import Base
internal import Columnar

extension TermBinder {
  /// The terms of CASE and the like, in the one type that fits them all.
  func unified(_ expressions: [Expression], _ place: Place) throws(QueryError) -> [Term] {
    let terms = try terms(expressions)
    // Constants of text take the others' type, so they are looked at last.
    let others = terms.filter { $0.type != .null && !$0.isConstantText }
    var type = TermType.null
    for term in others {
      // Amounts of money stay exact: unlike in a comparison, the value itself is what comes out.
      let isMoney = Set([type, term.type]) == [.integer, .decimal]
      type = isMoney ? .decimal : try meeting(type, term.type, place)
    }
    if type == .null, terms.contains(where: \.isConstantText) { type = .text }
    // What type an attribute has follows from its values: a query must not fail for them.
    if others.allSatisfy(\.isAttribute), terms.contains(where: { isUnreadable($0, as: type) }) {
      type = .text
    }
    var result: [Term] = []
    for (term, expression) in zip(terms, expressions) {
      result.append(try converted(term, to: type, expression.place))
    }
    return result
  }

  private func isUnreadable(_ term: Term, as type: TermType) -> Bool {
    term.isConstantText && folded(Term(.convert(term), type)).constant == .null
  }

  /// The type in which both types are understood.
  private func meeting(
    _ left: TermType, _ right: TermType, _ place: Place
  ) throws(QueryError) -> TermType {
    if left == right || right == .null { return left }
    if left == .null { return right }
    if left.isNumeric, right.isNumeric { return .number }
    if left.isTime, right.isTime { return .timestamp }
    throw QueryError("\(left.described) and \(right.described) do not go together", at: place)
  }

  /// A term in a type that it can be read as.
  func converted(_ term: Term, to type: TermType, _ place: Place) throws(QueryError) -> Term {
    if term.type == type { return term }
    if term.type == .null { return Term(.constant(.null), type) }
    if term.type == .text { return try read(term, as: type, place) }
    // Whether an attribute is a number follows from its values; it can be taken for the text that it was, always.
    if type == .text, term.isAttribute { return Term(.convert(term), .text) }
    let isWider =
      term.type.isNumeric && (type == .number || type == .decimal)
      || term.type.isTime && type.isTime
    guard isWider else {
      throw QueryError(
        "\(type.described) was expected, this is \(term.type.described)", at: place)
    }
    return folded(Term(.convert(term), type))
  }

  /// A text read as another type; a constant must be readable.
  func read(_ term: Term, as type: TermType, _ place: Place) throws(QueryError) -> Term {
    if type == .interval {
      throw QueryError("an interval was expected", at: place, hint: "INTERVAL '7 days'")
    }
    let result = folded(Term(.convert(term), type))
    guard case .text(let bytes)? = term.constant, result.constant == .null else { return result }
    let text = Spelling.quote(String(decoding: bytes, as: UTF8.self))
    let hint = type.isTime ? "such as '2026-03-14' or '2026-03-14T09:00:00Z'" : nil
    throw QueryError("\(text) cannot be read as \(type.described)", at: place, hint: hint)
  }

  /// A term that is text, or NULL; other values as they are written.
  func text(_ expression: Expression) throws(QueryError) -> Term {
    let term = try term(expression)
    return term.type == .text ? term : folded(Term(.convert(term), .text))
  }

  /// A term of exactly this type, or one that can be read so.
  func term(_ expression: Expression, as type: TermType) throws(QueryError) -> Term {
    try converted(try term(expression), to: type, expression.place)
  }

  // MARK: Comparison

  /// - Parameter place: what is blamed when the two do not meet, unless the left side is a text that cannot be read.
  func compare(
    _ comparison: Comparison, _ left: (term: Term, place: Place), _ right: Term, _ place: Place
  ) throws(QueryError) -> Term {
    let (left, right) = try comparable(left, right, place)
    if comparison == .equal || comparison == .notEqual {
      try checkWord(left, right, place)
      try checkWord(right, left, place)
    }
    return .boolean(.compare(comparison, left, right))
  }

  /// - Throws: when a constant is none of the words that a term's texts are among.
  private func checkWord(_ term: Term, _ constant: Term, _ place: Place) throws(QueryError) {
    guard case .text(let text)? = constant.constant, let list = scope.words(of: term) else {
      return
    }
    try list.check(text, place)
  }

  /// Both sides in the type that they are compared in.
  func comparable(
    _ left: (term: Term, place: Place), _ right: Term, _ place: Place
  ) throws(QueryError) -> (Term, Term) {
    let (term, ownPlace) = left
    if term.type == right.type { return (term, right) }
    if term.type == .null { return (Term(.constant(.null), right.type), right) }
    if right.type == .null { return (term, Term(.constant(.null), term.type)) }
    if term.type == .text {
      let read = try reading(term, beside: right, term.isConstantText ? ownPlace : place)
      return try comparable((read, ownPlace), right, place)
    }
    if right.type == .text {
      return try comparable(left, try reading(right, beside: term, place), place)
    }
    let type = try meeting(term.type, right.type, place)
    return (try converted(term, to: type, place), try converted(right, to: type, place))
  }

  /// Text as what stands beside it: a number with a fraction stays one, and a time is a moment.
  private func reading(_ text: Term, beside other: Term, _ place: Place) throws(QueryError) -> Term
  {
    switch other.type {
    case .integer, .decimal, .number:
      if text.constant != nil {
        let whole = folded(Term(.convert(text), .integer))
        if other.type == .integer, whole.constant != .null { return whole }
        // What type an attribute has follows from its values: a query must not fail for them.
        if other.isAttribute { return folded(Term(.convert(text), .number)) }
      }
      return try read(text, as: .number, place)
    case .timestamp, .date: return try read(text, as: .timestamp, place)
    default: return try read(text, as: other.type, place)
    }
  }

  // MARK: IN and LIKE

  func isIn(
    _ operand: (term: Term, place: Place), _ elements: [Expression], _ place: Place
  ) throws(QueryError) -> Term {
    var set = ConstantSet()
    var others: [Term] = []
    var subject = operand.term
    for element in elements {
      let (left, right) = try comparable(operand, try term(element), element.place)
      try checkWord(left, right, element.place)
      if let constant = right.constant, others.isEmpty, set.isEmpty || left == subject {
        subject = left
        set.insert(constant)
      } else {
        others.append(.boolean(.compare(.equal, left, right)))
      }
    }
    let test = Term.boolean(.isIn(subject, set))
    return others.isEmpty ? test : .boolean(.or((set.isEmpty ? [] : [test]) + others))
  }

  func isIn(
    _ operand: (term: Term, place: Place), _ query: Select, _ place: Place
  ) throws(QueryError) -> Term {
    let column = try scope.answer(query)
    // Nothing is among no elements, and NULL neither.
    if column.words.isEmpty { return Term(.constant(.integer(0)), .boolean) }
    if operand.term.dimension == .recipient, case .recipients(let snapshot) = column.pool {
      return .boolean(.isAmong(operand.term, RecipientSet(column, snapshot)))
    }
    let sample = Term(.column(.frame(0)), column.type)
    let (subject, other) = try comparable(operand, sample, place)
    var set = ConstantSet()
    for row in column.words.indices {
      if row % Limits.blockRowCount == 0 { try scope.check() }
      let constant = Term(.constant(column.constant(row)), column.type)
      let value = other == sample ? constant : folded(Term(.convert(constant), other.type))
      set.insert(value.constant ?? .null)
    }
    return .boolean(.isIn(subject, set))
  }

  func like(
    _ operand: Expression, _ pattern: Expression, _ ignoresCase: Bool, _ place: Place
  ) throws(QueryError) -> Term {
    let operand = try term(operand, as: .text)
    guard let constant = try term(pattern, as: .text).constant else {
      throw QueryError("a pattern in quotes was expected", at: pattern.place)
    }
    guard case .text(let bytes) = constant else { return Term(.constant(.null), .boolean) }
    return .boolean(.like(operand, LikePattern(bytes, ignoresCase: ignoresCase)))
  }
}

extension Term {
  fileprivate var isConstantText: Bool { type == .text && constant != nil }

  var isAttribute: Bool { dimension?.isAttribute ?? false }
}

extension ConstantSet {
  var isEmpty: Bool { words.isEmpty && texts.isEmpty && !hasNull }
}

extension FrameColumn {
  fileprivate func constant(_ row: Int) -> Constant {
    if isNull(row) { return .null }
    switch type {
    case .text: return .text(pool.text(words[row]).array)
    case .number: return .number(Cell.number(words[row]))
    default: return .integer(Cell.integer(words[row]))
    }
  }
}
