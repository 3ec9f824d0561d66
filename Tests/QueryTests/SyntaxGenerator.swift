// Random trees of every shape the grammar has, for round trips.

import Base
import Query

/// Draws trees that respect the invariants Expression states.
struct SyntaxGenerator {
  var random: PRNG

  mutating func statement() -> Statement {
    let purposes: [Statement.Purpose] = [.answer, .explain, .explainNumbers]
    var query = select(depth: 5)
    if random.isHit(0.3) {
      query.settings = list(3) { Setting(name: $0.identifier(), value: $0.identifier()) }
    }
    return Statement(purpose: random.pick(purposes), query: query)
  }

  private mutating func select(depth: Int) -> Select {
    let items: [SelectItem] = list(3) { generator in
      if generator.random.isHit(0.1) { return .all(.none) }
      let alias = generator.random.isHit(0.3) ? generator.identifier() : nil
      return .expression(generator.expression(depth), alias: alias)
    }
    var select = Select(items: items, source: random.pick(Source.allCases))
    if random.isHit(0.5) { select.filter = expression(depth) }
    if random.isHit(0.5) { select.groups = list(3) { $0.expression(depth - 1) } }
    if random.isHit(0.3) { select.having = expression(depth) }
    if random.isHit(0.5) { select.order = list(3) { $0.orderItem(depth) } }
    if random.isHit(0.3) { select.limit = RowCount(random.below(1000)) }
    if random.isHit(0.3) { select.offset = RowCount(random.below(1000)) }
    return select
  }

  private mutating func orderItem(_ depth: Int) -> OrderItem {
    let nulls: [OrderItem.Nulls?] = [nil, .first, .last]
    return OrderItem(
      expression(depth - 1), isDescending: random.isHit(0.5), nulls: random.pick(nulls))
  }

  mutating func expression(_ depth: Int) -> Expression {
    guard depth > 0, !random.isHit(0.15) else { return leaf() }
    let isNegated = random.isHit(0.5)
    let below = depth - 1
    switch random.below(14) {
    case 0: return .negate(expression(below), .none)
    case 1: return .not(expression(below), .none)
    case 2: return connected(below, isAnd: isNegated)
    case 3: return connected(below, isAnd: !isNegated)
    case 4:
      let comparison = random.pick(Comparison.allCases)
      return .compare(comparison, expression(below), expression(below), .none)
    case 5, 6:
      let arithmetic = random.pick(Arithmetic.allCases)
      return .arithmetic(arithmetic, expression(below), expression(below), .none)
    case 7: return .concatenate(expression(below), expression(below), .none)
    case 8: return test(below, isNegated)
    case 9:
      return .between(
        expression(below), low: expression(below), high: expression(below), isNegated: isNegated,
        .none)
    case 10: return membership(below, isNegated)
    case 11: return conditional(below)
    case 12: return .call(call(below))
    default: return form(below)
    }
  }

  private mutating func connected(_ depth: Int, isAnd: Bool) -> Expression {
    var terms: [Expression] = []
    let count = 2 + random.below(3)
    while terms.count < count {
      switch (isAnd, expression(depth)) {
      case (true, .and), (false, .or): continue
      case (_, let term): terms.append(term)
      }
    }
    return isAnd ? .and(terms, .none) : .or(terms, .none)
  }

  private mutating func test(_ depth: Int, _ isNegated: Bool) -> Expression {
    random.isHit(0.5)
      ? .isNull(expression(depth), isNegated: isNegated, .none)
      : .isTruth(expression(depth), random.isHit(0.5), isNegated: isNegated, .none)
  }

  private mutating func membership(_ depth: Int, _ isNegated: Bool) -> Expression {
    switch random.below(3) {
    case 0:
      return .inList(
        expression(depth), list(3) { $0.expression(depth) }, isNegated: isNegated, .none)
    case 1:
      var query = select(depth: max(1, depth - 2))
      query.items = [.expression(expression(depth), alias: nil)]
      return .inQuery(expression(depth), query, isNegated: isNegated, .none)
    default:
      return .like(
        expression(depth), pattern: expression(depth), ignoresCase: random.isHit(0.5),
        isNegated: isNegated, .none)
    }
  }

  private mutating func conditional(_ depth: Int) -> Expression {
    let operand = random.isHit(0.5) ? expression(depth) : nil
    let branches = list(3) { Branch(when: $0.expression(depth), then: $0.expression(depth)) }
    let otherwise = random.isHit(0.5) ? expression(depth) : nil
    return .conditional(operand: operand, branches, otherwise: otherwise, .none)
  }

  private mutating func call(_ depth: Int) -> Call {
    var call = Call(identifier())
    if random.isHit(0.2) {
      call.isStar = true
    } else if random.isHit(0.8) {
      call.arguments = list(3) { $0.expression(depth) }
      call.isDistinct = random.isHit(0.3)
    }
    if random.isHit(0.3) { call.filter = expression(depth) }
    return call
  }

  private mutating func form(_ depth: Int) -> Expression {
    random.isHit(0.5)
      ? .extract(identifier(), from: expression(depth), .none)
      : .cast(expression(depth), to: random.pick(CastType.allCases), .none)
  }

  private mutating func leaf() -> Expression {
    guard random.isHit(0.6) else { return .literal(literal(), .none) }
    let qualifier = random.isHit(0.2) ? identifier().text : nil
    return .column(ColumnName(identifier().text, of: qualifier))
  }

  private mutating func literal() -> Literal {
    switch random.below(9) {
    case 0: .null
    case 1: .boolean(random.isHit(0.5))
    case 2: .integer(Int64(bitPattern: random.next() >> UInt64(1 + random.below(63))))
    case 3: .number(finite())
    case 4: .text(Array(text().utf8))
    case 5: .timestamp(Int64(random.below(300_000_000_000_000)) - 60_000_000_000_000)
    case 6: .localTimestamp(Int64(random.below(300_000_000_000_000)) - 60_000_000_000_000)
    case 7: .date(random.below(3_000_000) - 700_000)
    default:
      .interval(
        Interval(
          months: random.below(100) - 50, milliseconds: Int64(random.below(1 << 40)) - 1 << 39))
    }
  }

  /// Any positive double: the sign is an operator of its own.
  private mutating func finite() -> Double {
    let value = Double(bitPattern: random.next()).magnitude
    return value.isFinite ? value : 0.1
  }

  private mutating func identifier() -> Identifier {
    let words = [
      "campaign", "time", "date", "interval", "timestamp", "cast", "extract", "filter", "nulls",
      "select", "from", "not", "end", "settings", "explain", "numbers", "Upper", "two words", "1st",
      "it's", "say \"hi\"", "größe", "-- no comment", "a.b", "x\ny", ";",
    ]
    return Identifier(random.pick(words))
  }

  private mutating func text() -> String {
    let parts = [
      "", "a", "'", "''", "\"", "%", "_", "\\", "\n", "\u{0}", "é", "日本", "🎉", "--", ";",
    ]
    return list(4) { $0.random.pick(parts) }.joined()
  }

  private mutating func list<Element>(
    _ countMax: Int, _ element: (inout SyntaxGenerator) -> Element
  ) -> [Element] {
    (0...random.below(countMax)).map { _ in element(&self) }
  }
}
