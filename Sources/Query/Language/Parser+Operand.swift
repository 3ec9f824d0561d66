// What stands between operators: literals, names, calls, CASE, parentheses and the prefixes NOT and
// minus.

extension Parser {
  mutating func operand() throws(QueryError) -> Expression {
    let start = place
    switch token.kind {
    case .integer(let value): return literal(.integer(value))
    case .number(let value): return literal(.number(value))
    case .text(let bytes): return literal(.text(bytes))
    case .symbol(.openParenthesis): return try parenthesized()
    case .symbol(.minus):
      advance()
      let inner = try expression(.operand)
      try grow(above: height)
      return .negate(inner, span(from: start))
    case .symbol(.plus):
      advance()
      return try expression(.operand)
    case .word(let word): return try operand(startingWith: word)
    case .quoted: return try named()
    case .symbol, .end: throw expected("an expression")
    }
  }

  private mutating func operand(startingWith word: String) throws(QueryError) -> Expression {
    let start = place
    switch word {
    case "null": return literal(.null)
    case "true": return literal(.boolean(true))
    case "false": return literal(.boolean(false))
    case "not":
      advance()
      let inner = try expression(.not)
      try grow(above: height)
      return .not(inner, span(from: start))
    case "case": return try conditional()
    case "exists": throw unsupported("EXISTS", hint: "write recipient IN (SELECT ...)")
    default: break
    }
    switch peek(1).kind {
    case .text(let bytes):
      if let value = try typedLiteral(word, bytes) { return value }
    case .quoted(let name) where Parser.typedWords.contains(word):
      throw QueryError(
        "\(word.uppercased()) takes text", at: peek(1).place, hint: "text is written '\(name)'")
    case .symbol(.openParenthesis) where word == "cast": return try cast()
    case .symbol(.openParenthesis) where word == "extract": return try extract()
    default: break
    }
    let isCall =
      Parser.reservedFunctions.contains(word) && peek(1).kind == .symbol(.openParenthesis)
    guard isCall || !Keyword.reserved.contains(word) else { throw expected("an expression") }
    return try named()
  }

  private func unsupported(_ what: String, hint: String) -> QueryError {
    QueryError("\(what) is not supported", at: place, hint: hint)
  }

  private mutating func literal(_ value: Literal) -> Expression {
    defer { advance() }
    height = 1
    return .literal(value, place)
  }

  private mutating func parenthesized() throws(QueryError) -> Expression {
    advance()
    if isAhead("select") { throw unsupported("a subquery here", hint: "it can follow IN") }
    let inner = try expression()
    try require(.closeParenthesis)
    return inner
  }

  /// Functions whose names are reserved for joins.
  static let reservedFunctions: Set<String> = ["left", "right"]

  private static let typedWords: Set<String> = ["timestamp", "timestamptz", "date", "interval"]

  /// `DATE '...'` and the like; nil when `word` is no such type.
  private mutating func typedLiteral(
    _ word: String, _ bytes: [UInt8]
  ) throws(QueryError) -> Expression? {
    let start = place
    let value: Literal?
    let example: String
    switch word {
    case "timestamp", "timestamptz":
      value = TimeText.clock(of: bytes).map { time, hasOffset in
        hasOffset ? .timestamp(time) : .localTimestamp(time)
      }
      example = "'2026-03-14 09:12:01'"
    case "date":
      value = TimeText.days(of: bytes).map(Literal.date)
      example = "'2026-03-14'"
    case "interval":
      value = Interval.parse(bytes).map(Literal.interval)
      example = "'7 days'"
    default: return nil
    }
    advance()
    guard let value else {
      throw QueryError(
        "\(spelled(place)) is no \(word)", at: place, hint: "write for example \(example)")
    }
    advance()
    height = 1
    return .literal(value, span(from: start))
  }

  /// A column or a call.
  private mutating func named() throws(QueryError) -> Expression {
    guard let first = anyNameAhead() else { throw expected("a name") }
    advance()
    if token.kind == .symbol(.openParenthesis) { return try call(first) }
    height = 1
    guard skip(.dot) else {
      return .column(ColumnName(first.text, at: first.place))
    }
    guard let second = anyNameAhead() else { throw expected("a name after '.'") }
    advance()
    guard token.kind != .symbol(.dot) else {
      throw QueryError("a name has at most two parts", at: place)
    }
    return .column(ColumnName(second.text, of: first.text, at: span(from: first.place)))
  }

  /// The name ahead; behind a dot even a reserved word is one, and before it the caller has looked.
  private func anyNameAhead() -> Identifier? {
    if case .word(let word) = token.kind { return Identifier(word, at: place) }
    return nameAhead()
  }

  private mutating func call(_ name: Identifier) throws(QueryError) -> Expression {
    var call = Call(name)
    try require(.openParenthesis)
    height = 0
    if skip(.star) {
      call.isStar = true
    } else if token.kind != .symbol(.closeParenthesis) {
      call.isDistinct = skip(word: "distinct")
      call.arguments = try list("arguments") { (parser) throws(QueryError) in
        try parser.expression()
      }
    }
    let argumentHeight = height
    try require(.closeParenthesis)
    height = 0
    if isAhead("filter"), peek(1).kind == .symbol(.openParenthesis) { call.filter = try filter() }
    if isAhead("over") {
      throw unsupported("OVER", hint: "there are no window functions")
    }
    call.place = span(from: name.place)
    try grow(above: max(argumentHeight, height))
    return .call(call)
  }

  private mutating func filter() throws(QueryError) -> Expression {
    try require("filter")
    try require(.openParenthesis)
    try require("where")
    let condition = try expression()
    try require(.closeParenthesis)
    return condition
  }

  private mutating func conditional() throws(QueryError) -> Expression {
    let start = place
    var tallest = 0
    try require("case")
    let operand = isAhead("when") ? nil : try expression()
    if operand != nil { tallest = height }
    var branches: [Branch] = []
    while branches.isEmpty || isAhead("when") {
      guard branches.count < LanguageLimits.listCountMax else { throw tooMany("branches") }
      try require("when")
      let condition = try expression()
      tallest = max(tallest, height)
      try require("then")
      branches.append(Branch(when: condition, then: try expression()))
      tallest = max(tallest, height)
    }
    let otherwise = skip(word: "else") ? try expression() : nil
    if otherwise != nil { tallest = max(tallest, height) }
    guard skip(word: "end") else { throw expected("WHEN, ELSE or END") }
    try grow(above: tallest)
    return .conditional(operand: operand, branches, otherwise: otherwise, span(from: start))
  }

  private mutating func extract() throws(QueryError) -> Expression {
    let start = place
    advance()
    try require(.openParenthesis)
    let field: Identifier
    if case .text(let bytes) = token.kind {
      field = Identifier(String(decoding: bytes, as: UTF8.self), at: place)
    } else {
      guard let name = nameAhead() else { throw expected("a field such as hour") }
      field = name
    }
    advance()
    try require("from")
    let source = try expression()
    try require(.closeParenthesis)
    try grow(above: height)
    return .extract(field, from: source, span(from: start))
  }

  private mutating func cast() throws(QueryError) -> Expression {
    let start = place
    advance()
    try require(.openParenthesis)
    let inner = try expression()
    try require("as")
    let type = try castType()
    try require(.closeParenthesis)
    try grow(above: height)
    return .cast(inner, to: type, span(from: start))
  }

  mutating func castType() throws(QueryError) -> CastType {
    guard let name = nameAhead() else { throw expected("a type") }
    guard let type = Parser.castTypes[name.text] else {
      throw QueryError.unknown("type", name, among: Parser.castTypes.keys.sorted())
    }
    advance()
    if name.text == "double" { try require("precision") }
    return type
  }

  private static let castTypes: [String: CastType] = [
    "text": .text, "varchar": .text,
    "integer": .integer, "int": .integer, "bigint": .integer, "int4": .integer, "int8": .integer,
    "double": .number, "float": .number, "float8": .number, "real": .number, "numeric": .number,
    "decimal": .number,
    "boolean": .boolean, "bool": .boolean,
    "timestamp": .timestamp, "timestamptz": .timestamp,
    "date": .date,
  ]
}
