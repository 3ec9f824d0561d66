// Operators, by precedence climbing: one loop reads every operator that binds tightly enough.

extension Parser {
  /// Reads an expression whose operators all bind at least as tightly as `minimum`.
  mutating func expression(_ minimum: Precedence = .or) throws(QueryError) -> Expression {
    try enter()
    let start = place
    var left = try operand()
    var last: Precedence?
    while let infix = infixAhead, infix >= minimum {
      if infix == .comparison, last == .comparison {
        throw QueryError("comparisons cannot be chained", at: place, hint: "join them with AND")
      }
      let leftHeight = height
      left = try extend(left, by: infix, from: start)
      try growChain(above: max(leftHeight, height))
      last = infix
    }
    leave()
    return left
  }

  /// The precedence of the operator ahead, or nil where the expression ends.
  private var infixAhead: Precedence? {
    switch token.kind {
    case .word("or"): .or
    case .word("and"): .and
    case .word("is"): .truth
    case .word("not"): Parser.memberships.contains(peek(1).kind) ? .membership : nil
    case .word: Parser.memberships.contains(token.kind) ? .membership : nil
    case .symbol(.concatenate): .concatenation
    case .symbol(.plus), .symbol(.minus): .sum
    case .symbol(.star), .symbol(.slash), .symbol(.percent): .product
    case .symbol(.cast): .operand
    case .symbol(.equal), .symbol(.notEqual), .symbol(.less), .symbol(.lessOrEqual),
      .symbol(.greater), .symbol(.greaterOrEqual):
      .comparison
    default: nil
    }
  }

  private static let memberships: [Token.Kind] = [
    .word("between"), .word("in"), .word("like"), .word("ilike"),
  ]

  /// `left` with the operator ahead and its right side; leaves the height of the tallest right
  /// side.
  private mutating func extend(
    _ left: Expression, by infix: Precedence, from start: Place
  ) throws(QueryError) -> Expression {
    switch infix {
    case .or, .and: return try connect(left, by: infix, from: start)
    case .truth: return try truth(of: left, from: start)
    case .membership: return try membership(of: left, from: start)
    case .operand:
      advance()
      height = 0
      return .cast(left, to: try castType(), span(from: start))
    default: return try combine(left, by: infix, from: start)
    }
  }

  /// AND and OR: all terms of a chain become one node.
  private mutating func connect(
    _ first: Expression, by infix: Precedence, from start: Place
  ) throws(QueryError) -> Expression {
    var terms = Parser.terms(of: first, infix)
    var tallest = 0
    while infixAhead == infix {
      advance()
      terms += Parser.terms(of: try expression(infix.tighter), infix)
      tallest = max(tallest, height)
      guard terms.count <= LanguageLimits.listCountMax else { throw tooMany("conditions") }
    }
    height = tallest
    return infix == .or ? .or(terms, span(from: start)) : .and(terms, span(from: start))
  }

  private static func terms(of expression: Expression, _ infix: Precedence) -> [Expression] {
    switch expression {
    case .or(let terms, _) where infix == .or: terms
    case .and(let terms, _) where infix == .and: terms
    default: [expression]
    }
  }

  private mutating func combine(
    _ left: Expression, by infix: Precedence, from start: Place
  ) throws(QueryError) -> Expression {
    guard case .symbol(let symbol) = token.kind else { throw expected("an operator") }
    advance()
    let right = try expression(infix.tighter)
    if let comparison = Comparison(rawValue: symbol.rawValue) {
      return .compare(comparison, left, right, span(from: start))
    }
    if let arithmetic = Arithmetic(rawValue: symbol.rawValue) {
      return .arithmetic(arithmetic, left, right, span(from: start))
    }
    return .concatenate(left, right, span(from: start))
  }

  private mutating func truth(
    of subject: Expression, from start: Place
  ) throws(QueryError) -> Expression {
    try require("is")
    let isNegated = skip(word: "not")
    height = 0
    if skip(word: "null") { return .isNull(subject, isNegated: isNegated, span(from: start)) }
    if skip(word: "true") {
      return .isTruth(subject, true, isNegated: isNegated, span(from: start))
    }
    if skip(word: "false") {
      return .isTruth(subject, false, isNegated: isNegated, span(from: start))
    }
    throw expected("NULL, TRUE or FALSE after IS", hint: "other values are compared with '='")
  }

  private mutating func membership(
    of subject: Expression, from start: Place
  ) throws(QueryError) -> Expression {
    let isNegated = skip(word: "not")
    if skip(word: "between") {
      let low = try expression(.concatenation)
      let lowHeight = height
      try require("and")
      let high = try expression(.concatenation)
      height = max(height, lowHeight)
      return .between(subject, low: low, high: high, isNegated: isNegated, span(from: start))
    }
    if skip(word: "in") { return try inside(subject, isNegated: isNegated, from: start) }
    let ignoresCase = isAhead("ilike")
    advance()
    let pattern = try expression(.concatenation)
    return .like(
      subject, pattern: pattern, ignoresCase: ignoresCase, isNegated: isNegated, span(from: start))
  }

  private mutating func inside(
    _ subject: Expression, isNegated: Bool, from start: Place
  ) throws(QueryError) -> Expression {
    guard skip(.openParenthesis) else {
      throw expected("'(' after IN", hint: "IN takes a list: IN ('a', 'b')")
    }
    if isAhead("select") {
      let query = try subquery()
      return .inQuery(subject, query, isNegated: isNegated, span(from: start))
    }
    let elements = try list("elements in IN") { (parser) throws(QueryError) in
      try parser.expression()
    }
    try require(.closeParenthesis)
    return .inList(subject, elements, isNegated: isNegated, span(from: start))
  }

  private mutating func subquery() throws(QueryError) -> Select {
    let query = try select(isNested: true)
    try require(.closeParenthesis)
    guard query.items.count == 1, case .expression = query.items[0] else {
      throw QueryError("a subquery selects exactly one column", at: query.place)
    }
    return query
  }

  func span(from start: Place) -> Place { Place(start.range).extended(to: previousPlace) }
}
