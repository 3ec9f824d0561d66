// Random conditions: neither always true nor always false where that can be helped.

import Base
import Query

extension RandomExpression {
  mutating func condition(_ depth: Int) -> Expression {
    guard depth > 0, isHit(0.45) else { return test(depth) }
    switch random.below(5) {
    case 0: return .not(condition(depth - 1), .none)
    case 1, 2: return connected(depth - 1, isAnd: true)
    default: return connected(depth - 1, isAnd: false)
    }
  }

  /// Terms that are no such chain themselves: trees are flat.
  private mutating func connected(_ depth: Int, isAnd: Bool) -> Expression {
    var terms: [Expression] = []
    while terms.count < 2 {
      switch (isAnd, condition(depth)) {
      case (true, .and(let inner, _)), (false, .or(let inner, _)): terms += inner
      case (_, let term): terms.append(term)
      }
    }
    return isAnd ? .and(terms, .none) : .or(terms, .none)
  }

  private mutating func comparison() -> Comparison {
    pick([.equal, .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual])
  }

  private mutating func test(_ depth: Int) -> Expression {
    let isNegated = isHit(0.3)
    switch random.below(12) {
    case 0, 1, 2:
      let (side, literal) = subject(depth)
      if isHit(0.2) { return .compare(comparison(), literal, side, .none) }
      return .compare(comparison(), side, literal, .none)
    case 3:
      let type = self.type()
      return .compare(comparison(), make(type, depth), make(type, depth), .none)
    case 4: return .isNull(make(type(), depth), isNegated: isNegated, .none)
    case 5:
      let (side, low) = subject(depth)
      return .between(side, low: low, high: other(than: side, low), isNegated: isNegated, .none)
    case 6, 7:
      let (side, first) = subject(depth)
      var elements = [first] + (0..<random.below(3)).map { _ in other(than: side, first) }
      if isHit(0.15) { elements.append(.literal(.null, .none)) }
      return .inList(side, elements, isNegated: isNegated, .none)
    case 8: return like(isNegated)
    case 9:
      guard groupLeaves == nil, depth > 0 else { return mixed() }
      return inQuery(isNegated)
    case 10:
      let term = isHit(0.5) ? leaf(.boolean) : condition(max(0, depth - 1))
      return isHit(0.3) ? term : .isTruth(term, isHit(0.5), isNegated: isNegated, .none)
    default:
      if isHit(0.5) { return mixed() }
      let prefix = RandomExpression.text(pick(["a", "s", "", "b", "x"]))
      return RandomExpression.call("starts_with", [make(.text, depth), prefix])
    }
  }

  /// Something to test, and a literal that it might equal.
  private mutating func subject(_ depth: Int) -> (Expression, Expression) {
    guard groupLeaves == nil, isHit(0.75), !columns.isEmpty else {
      let type = self.type()
      return (make(type, max(1, depth)), constant(type))
    }
    let (name, type) = pick(columns)
    return (column(name), sample(name, type))
  }

  /// Another literal for the same side.
  private mutating func other(than side: Expression, _ first: Expression) -> Expression {
    if case .column(let name) = side, let full = table.canonical(name),
      let type = table.type(of: full)
    {
      return sample(full, type)
    }
    return first
  }

  /// Text beside a number, read row by row.
  private mutating func mixed() -> Expression {
    let number = isHit(0.7) ? constant(.integer) : make(.integer, 1)
    return .compare(comparison(), leafOfText(), number, .none)
  }

  private mutating func leafOfText() -> Expression {
    let text = leaf(.text)
    if case .literal = text { return RandomExpression.call("trim", [text]) }
    return text
  }

  private mutating func like(_ isNegated: Bool) -> Expression {
    var text = "spring"
    let own = columns.filter { $0.type == .text }
    let name = own.isEmpty ? nil : pick(own).name
    if let name, !table.rows.isEmpty, case .text(let found) = pick(table.rows).values[name] {
      text = found
    }
    var pattern = ""
    for scalar in text.unicodeScalars {
      switch random.below(8) {
      case 0: pattern += "_"
      case 1: pattern += "%"
      default: pattern += "%_\\".unicodeScalars.contains(scalar) ? "\\\(scalar)" : "\(scalar)"
      }
    }
    if isHit(0.5) {
      pattern = "%" + String(String.UnicodeScalarView(pattern.unicodeScalars.suffix(3)))
    }
    let side = groupLeaves == nil && name != nil ? column(name ?? "") : leaf(.text)
    return .like(
      side, pattern: RandomExpression.text(pattern), ignoresCase: isHit(0.4), isNegated: isNegated,
      .none)
  }

  /// Mostly about people and campaigns: columns that several tables have.
  private mutating func inQuery(_ isNegated: Bool) -> Expression {
    let shared = ["recipient", "campaign", "link", "domain"].filter { table.types[$0] != nil }
    let name = shared.isEmpty || isHit(0.2) ? nil : pick(shared)
    let sources = Source.allCases.filter { source in
      guard let name else { return source == self.source }
      return database.table(source, settings).types[name] != nil
    }
    var inner = RandomExpression(random, database, pick(sources), settings)
    let type: ModelType = name == nil ? pick([.integer, .timestamp, .text]) : .text
    let subject = name.map { column($0) } ?? make(has(type) ? type : .text, 0)
    let item = name.map { inner.column($0) } ?? inner.make(has(type) ? type : .text, 0)
    var query = Select(items: [.expression(item, alias: nil)], source: inner.source)
    if inner.isHit(0.85) { query.filter = inner.condition(1) }
    if inner.isHit(0.25), case .column = item {
      query.groups = [item]
      inner.groupLeaves = [(.text, item)]
      query.having = inner.condition(1)
    }
    if inner.isHit(0.1) { query.limit = RowCount(inner.random.below(4)) }
    random = inner.random
    return .inQuery(subject, query, isNegated: isNegated, .none)
  }
}
