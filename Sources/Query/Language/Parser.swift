// Recursive descent over the tokens of one query: this file has the clauses, Parser+Expression the
// operators, Parser+Operand what stands between them.

internal import Base

package struct Parser {
  private let text: [UInt8]
  private let tokens: [Token]
  private var index = 0
  private var depth = 0
  /// The height of the tree returned last; the parent's height follows from it.
  var height = 0

  private init(_ text: [UInt8]) throws(QueryError) {
    self.text = text
    tokens = try Lexer.tokens(of: text)
  }

  /// The statement that `text` is. A single `;` may follow it.
  package static func statement(_ text: [UInt8]) throws(QueryError) -> Statement {
    var parser = try Parser(text)
    let statement = try parser.statement()
    try parser.finish()
    return statement
  }

  /// The statement that `text` is.
  package static func statement(_ text: String) throws(QueryError) -> Statement {
    try statement(Array(text.utf8))
  }

  /// The expression that `text` is, and nothing after it.
  package static func expression(_ text: String) throws(QueryError) -> Expression {
    var parser = try Parser(Array(text.utf8))
    let expression = try parser.expression()
    guard parser.token.kind == .end else { throw parser.expected("the end of the expression") }
    return expression
  }

  /// `name = value, ...`, as after SETTINGS; for sessions that keep settings between queries.
  package static func settings(_ text: [UInt8]) throws(QueryError) -> [Setting] {
    var parser = try Parser(text)
    let settings = try parser.settingList()
    guard parser.token.kind == .end else { throw parser.expected("',' or the end") }
    return settings
  }

  private mutating func statement() throws(QueryError) -> Statement {
    var purpose = Statement.Purpose.answer
    if skip(word: "explain") { purpose = skip(word: "numbers") ? .explainNumbers : .explain }
    guard isAhead("select") else {
      throw expected(purpose == .answer ? "SELECT or EXPLAIN" : "SELECT", hint: statementHint)
    }
    return Statement(purpose: purpose, query: try select(isNested: false))
  }

  /// What helps whoever began a query with the word ahead.
  private var statementHint: String? {
    guard let word = wordAhead else { return nil }
    let nearest = Spelling.suggestion(for: word, in: ["select", "explain"])
    return Parser.statementHints[word] ?? nearest.map { "did you mean \($0.uppercased())?" }
  }

  private mutating func finish() throws(QueryError) {
    let isClosed = skip(.semicolon)
    guard token.kind != .end else { return }
    throw isClosed ? expected("the end of the query", hint: "one query at a time") : leftover()
  }

  mutating func select(isNested: Bool) throws(QueryError) -> Select {
    try enter()
    let start = place
    try require("select")
    let items = try selectItems()
    let (source, sourcePlace) = try source(after: items)
    var select = Select(items: items, source: source, sourcePlace: sourcePlace)
    var tallest = height
    try clauses(of: &select, tallest: &tallest)
    if isAhead("settings") {
      if isNested {
        throw QueryError("SETTINGS inside a subquery", at: place, hint: "they belong to the end")
      }
      advance()
      select.settings = try settingList()
    }
    select.place = start.extended(to: previousPlace)
    try leave(above: tallest)
    return select
  }

  private mutating func selectItems() throws(QueryError) -> [SelectItem] {
    if isAhead("distinct") {
      throw QueryError(
        "SELECT DISTINCT is not supported", at: place, hint: "GROUP BY the columns instead")
    }
    return try list("SELECT items") { (parser) throws(QueryError) in try parser.selectItem() }
  }

  private mutating func selectItem() throws(QueryError) -> SelectItem {
    let start = place
    if skip(.star) {
      height = 1
      return .all(start)
    }
    let expression = try expression()
    if skip(word: "as") {
      guard let alias = nameAhead() else { throw expected("a name after AS") }
      advance()
      return .expression(expression, alias: alias)
    }
    guard let alias = nameAhead() else { return .expression(expression, alias: nil) }
    advance()
    return .expression(expression, alias: alias)
  }

  private mutating func source(after items: [SelectItem]) throws(QueryError) -> (Source, Place) {
    guard skip(word: "from") else { throw missingFrom(after: items) }
    let table = place
    guard let name = nameAhead() else {
      let hint = token.kind == .symbol(.openParenthesis) ? "a table is a name" : Parser.tableHint
      throw expected("a table", hint: hint)
    }
    guard let source = Source(rawValue: name.text) else {
      let nearest = Spelling.suggestion(for: name.text, in: Source.allCases.map(\.rawValue))
      throw QueryError(
        "unknown table \(Spelling.quote(name.text))", at: table,
        hint: nearest.map { "did you mean '\($0)'?" } ?? Parser.tableHint)
    }
    advance()
    return (source, table)
  }

  private func missingFrom(after items: [SelectItem]) -> QueryError {
    if case .expression(_, let alias?) = items.last, previousPlace.range == alias.place.range,
      Spelling.editDistance(Array(alias.text.utf8), Array("from".utf8)) <= 2
    {
      return QueryError(
        "expected FROM, found \(spelled(alias.place))", at: alias.place, hint: "did you mean FROM?")
    }
    return expected("FROM and a table", hint: Parser.tableHint)
  }

  private mutating func clauses(
    of select: inout Select, tallest: inout Int
  ) throws(QueryError) {
    if skip(word: "where") {
      select.filter = try expression()
      tallest = max(tallest, height)
    }
    if skip(word: "group") {
      try require("by")
      select.groups = try list("GROUP BY keys") { (parser) throws(QueryError) in
        try parser.expression()
      }
      tallest = max(tallest, height)
    }
    if skip(word: "having") {
      select.having = try expression()
      tallest = max(tallest, height)
    }
    if skip(word: "order") {
      try require("by")
      select.order = try list("ORDER BY keys") { (parser) throws(QueryError) in
        try parser.orderItem()
      }
      tallest = max(tallest, height)
    }
    try window(of: &select)
  }

  private mutating func orderItem() throws(QueryError) -> OrderItem {
    var item = OrderItem(try expression())
    if skip(word: "desc") { item.isDescending = true } else { _ = skip(word: "asc") }
    guard skip(word: "nulls") else { return item }
    if skip(word: "first") {
      item.nulls = .first
    } else {
      guard skip(word: "last") else { throw expected("FIRST or LAST") }
      item.nulls = .last
    }
    return item
  }

  /// LIMIT and OFFSET, in either order.
  private mutating func window(of select: inout Select) throws(QueryError) {
    while true {
      if select.limit == nil, skip(word: "limit") {
        select.limit = try rowCount("LIMIT")
      } else if select.offset == nil, skip(word: "offset") {
        select.offset = try rowCount("OFFSET")
      } else {
        return
      }
    }
  }

  private mutating func rowCount(_ clause: String) throws(QueryError) -> RowCount {
    guard case .integer(let value) = token.kind else {
      throw expected("a whole number after \(clause)")
    }
    defer { advance() }
    return RowCount(Int(value), at: place)
  }

  private mutating func settingList() throws(QueryError) -> [Setting] {
    try list("settings") { (parser) throws(QueryError) in try parser.setting() }
  }

  private mutating func setting() throws(QueryError) -> Setting {
    guard let name = nameAhead() else { throw expected("a setting's name") }
    advance()
    guard skip(.equal) else { throw expected("'=' after the setting's name") }
    let value: String
    switch token.kind {
    case .word(let word): value = word
    case .quoted(let name): value = name
    case .text(let bytes): value = String(decoding: bytes, as: UTF8.self)
    case .integer, .number: value = String(decoding: text[place.range], as: UTF8.self)
    case .symbol, .end: throw expected("a value for \(Spelling.quote(name.text))")
    }
    defer { advance() }
    return Setting(name: name, value: Identifier(value, at: place))
  }
}

extension Parser {
  var token: Token { tokens[index] }
  var place: Place { token.place }
  var previousPlace: Place { index > 0 ? tokens[index - 1].place : Place(0..<0) }

  /// The token `distance` further on.
  func peek(_ distance: Int) -> Token { tokens[min(index + distance, tokens.count - 1)] }

  /// The unquoted word ahead, if it is one.
  var wordAhead: String? {
    if case .word(let word) = token.kind { word } else { nil }
  }

  func isAhead(_ word: String) -> Bool { token.kind == .word(word) }

  /// The name ahead: quoted, or a word that is not reserved.
  func nameAhead() -> Identifier? {
    switch token.kind {
    case .quoted(let name): Identifier(name, at: place)
    case .word(let word) where !Keyword.reserved.contains(word): Identifier(word, at: place)
    default: nil
    }
  }

  mutating func advance() { index = min(index + 1, tokens.count - 1) }

  mutating func skip(_ symbol: Symbol) -> Bool {
    guard token.kind == .symbol(symbol) else { return false }
    advance()
    return true
  }

  mutating func skip(word: String) -> Bool {
    guard isAhead(word) else { return false }
    advance()
    return true
  }

  mutating func require(_ symbol: Symbol) throws(QueryError) {
    guard skip(symbol) else { throw expected("'\(symbol.rawValue)'") }
  }

  mutating func require(_ word: String) throws(QueryError) {
    guard skip(word: word) else { throw expected(word.uppercased()) }
  }

  /// One element or more, with commas between; leaves the height of the tallest.
  mutating func list<Element>(
    _ noun: String, _ element: (inout Parser) throws(QueryError) -> Element
  ) throws(QueryError) -> [Element] {
    var elements: [Element] = []
    var tallest = 0
    repeat {
      guard elements.count < LanguageLimits.listCountMax else { throw tooMany(noun) }
      elements.append(try element(&self))
      tallest = max(tallest, height)
    } while skip(.comma)
    height = tallest
    return elements
  }

  func tooMany(_ noun: String) -> QueryError {
    QueryError("more than \(LanguageLimits.listCountMax) \(noun)", at: place)
  }

  /// Goes one level down; every recursion of the parser passes here.
  mutating func enter() throws(QueryError) {
    depth += 1
    guard depth <= LanguageLimits.depthMax else { throw tooDeep() }
  }

  /// Comes back from a level whose children are at most `tallest` high, and adds a node above them.
  mutating func leave(above tallest: Int) throws(QueryError) {
    depth -= 1
    try grow(above: tallest)
  }

  /// Comes back from a level that added no node.
  mutating func leave() { depth -= 1 }

  mutating func grow(above tallest: Int) throws(QueryError) {
    height = tallest + 1
    guard height <= LanguageLimits.depthMax else { throw tooDeep() }
  }

  /// Adds a node above those of a chain of operators, in which each has all before it below.
  mutating func growChain(above tallest: Int) throws(QueryError) {
    height = tallest + 1
    guard height <= LanguageLimits.depthMax else {
      throw tooDeep(hint: "a + b + c nests as (a + b) + c; put parts of a chain in parentheses")
    }
  }

  private func tooDeep(hint: String? = nil) -> QueryError {
    let limit = LanguageLimits.depthMax
    return QueryError("the query is nested more than \(limit) levels deep", at: place, hint: hint)
  }

  func expected(_ what: String, hint: String? = nil) -> QueryError {
    QueryError("expected \(what), found \(found)", at: place, hint: hint ?? quoteHint)
  }

  /// A name in double quotes where none can stand was probably meant as text.
  private var quoteHint: String? {
    guard case .quoted(let name) = token.kind else { return nil }
    return "text is written '\(name)'"
  }

  private var found: String { token.kind == .end ? "the end of the query" : spelled(place) }

  /// The query's own spelling at `place`, in the quotes that it has already if it is a text.
  func spelled(_ place: Place) -> String {
    var bytes = text[place.range]
    if bytes.count > 1, bytes.first == ASCII.apostrophe { bytes = bytes.dropFirst().dropLast() }
    return Spelling.quote(String(decoding: bytes, as: UTF8.self))
  }

  /// The error for a token that nothing can do anything with, after a complete query.
  private func leftover() -> QueryError {
    guard let word = wordAhead else {
      return expected("an operator, a clause or the end of the query")
    }
    if Keyword.clauses.contains(word) {
      return QueryError(
        "\(word.uppercased()) is out of place", at: place,
        hint: "the order is WHERE, GROUP BY, HAVING, ORDER BY, LIMIT, OFFSET, SETTINGS, each once")
    }
    let nearest = Spelling.suggestion(for: word, in: Keyword.clauses + Parser.operatorWords)
    let hint = Parser.leftoverHints[word] ?? nearest.map { "did you mean \($0.uppercased())?" }
    return QueryError("unexpected \(spelled(place))", at: place, hint: hint)
  }

  private static let tableHint = "the tables are events, messages, recipients, campaigns, links"

  private static let columnHint =
    "\(tableHint); SELECT * FROM one of them LIMIT 1 shows its columns, docs/QUERY.md lists all"

  private static let operatorWords = ["and", "or", "not", "in", "between", "like", "ilike", "is"]

  private static let statementHints = [
    "with": "WITH is not supported",
    "insert": "events are ingested, not inserted",
    "show": columnHint, "describe": columnHint, "desc": columnHint,
    "from": "the SELECT list comes first",
  ]

  private static let joinHint =
    "no joins: a message's and recipient's attributes are columns already"

  private static let leftoverHints = [
    "join": joinHint, "left": joinHint, "right": joinHint, "inner": joinHint, "cross": joinHint,
    "full": joinHint, "natural": joinHint,
    "as": "a table takes no alias",
    "union": "UNION is not supported", "intersect": "INTERSECT is not supported",
    "except": "EXCEPT is not supported",
    "window": "window functions are not supported", "over": "window functions are not supported",
  ]
}
