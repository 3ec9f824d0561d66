// Smaller statements that might still show a disagreement: without a clause, without an item, with a part of an
// expression in place of the whole.

import Query

enum StatementShrinking {
  /// The smallest statement found that still `fails`; at most a few hundred are tried.
  static func smallest(_ statement: Statement, fails: (Statement) throws -> Bool) rethrows
    -> Statement
  {
    var best = statement
    var triesLeft = 300
    var isSmaller = true
    while isSmaller {
      isSmaller = false
      for query in candidates(best.query) where triesLeft > 0 {
        triesLeft -= 1
        let candidate = Statement(purpose: best.purpose, query: query)
        guard let read = try? Parser.statement(Printer.text(of: candidate)), read == candidate,
          try fails(candidate)
        else { continue }
        best = candidate
        isSmaller = true
        break
      }
    }
    return best
  }

  private static func candidates(_ query: Select) -> [Select] {
    var candidates: [Select] = []
    let change = { (body: (inout Select) -> Void) in
      var smaller = query
      body(&smaller)
      if smaller != query { candidates.append(smaller) }
    }
    change { $0.filter = nil }
    change { $0.having = nil }
    change { $0.order = [] }
    change { $0.limit = nil }
    change { $0.offset = nil }
    change { $0.settings = [] }
    for index in query.items.indices where query.items.count > 1 {
      change { $0.items.remove(at: index) }
    }
    for index in query.groups.indices { change { $0.groups.remove(at: index) } }
    for index in query.order.indices { change { $0.order.remove(at: index) } }
    for index in query.settings.indices { change { $0.settings.remove(at: index) } }
    for part in query.filter.map(parts) ?? [] { change { $0.filter = part } }
    for part in query.having.map(parts) ?? [] { change { $0.having = part } }
    for (index, item) in query.items.enumerated() {
      guard case .expression(let expression, let alias) = item else { continue }
      for part in parts(expression) { change { $0.items[index] = .expression(part, alias: alias) } }
    }
    for (index, group) in query.groups.enumerated() {
      for part in parts(group) { change { $0.groups[index] = part } }
    }
    for (index, item) in query.order.enumerated() {
      for part in parts(item.expression) { change { $0.order[index].expression = part } }
    }
    return candidates
  }

  /// What an expression consists of, and the expression with one of them replaced by a part of it.
  private static func parts(_ expression: Expression) -> [Expression] {
    switch expression {
    case .literal, .column: return []
    case .negate(let term, let place):
      return [term] + parts(term).map { .negate($0, place) }
    case .not(let term, let place): return [term] + parts(term).map { .not($0, place) }
    case .and(let terms, let place): return terms + shorter(terms) { .and($0, place) }
    case .or(let terms, let place): return terms + shorter(terms) { .or($0, place) }
    case .compare(let comparison, let left, let right, let place):
      return [left, right] + pairs(left, right) { .compare(comparison, $0, $1, place) }
    case .arithmetic(let operation, let left, let right, let place):
      return [left, right] + pairs(left, right) { .arithmetic(operation, $0, $1, place) }
    case .concatenate(let left, let right, let place):
      return [left, right] + pairs(left, right) { .concatenate($0, $1, place) }
    case .isNull(let term, let isNegated, let place):
      return [term] + parts(term).map { .isNull($0, isNegated: isNegated, place) }
    case .isTruth(let term, let wanted, let isNegated, let place):
      return [term] + parts(term).map { .isTruth($0, wanted, isNegated: isNegated, place) }
    case .cast(let term, let type, let place):
      return [term] + parts(term).map { .cast($0, to: type, place) }
    case .extract(let field, let term, let place):
      return [term] + parts(term).map { .extract(field, from: $0, place) }
    default: return partsOfForm(expression)
    }
  }

  private static func partsOfForm(_ expression: Expression) -> [Expression] {
    switch expression {
    case .inList(let term, let elements, let isNegated, let place):
      return parts(term).map { .inList($0, elements, isNegated: isNegated, place) }
        + elements.indices.map { index in
          .inList(term, [elements[index]], isNegated: isNegated, place)
        }
    case .between(let term, let low, let high, let isNegated, let place):
      return [term]
        + parts(term).map { .between($0, low: low, high: high, isNegated: isNegated, place) }
    case .like(let term, let pattern, let ignoresCase, let isNegated, let place):
      return parts(term).map {
        .like($0, pattern: pattern, ignoresCase: ignoresCase, isNegated: isNegated, place)
      }
    case .inQuery(let term, let query, let isNegated, let place):
      return candidates(query).map { .inQuery(term, $0, isNegated: isNegated, place) }
    case .conditional(let operand, let branches, let otherwise, let place):
      let results = branches.map(\.result) + [otherwise].compactMap { $0 }
      let first = parts(branches[0].condition).map {
        Branch(when: $0, then: branches[0].result)
      }
      return results
        + first.map {
          .conditional(
            operand: operand, [$0] + branches.dropFirst(), otherwise: otherwise, place)
        }
        + (branches.count > 1
          ? [
            .conditional(
              operand: operand, Array(branches.dropLast()), otherwise: otherwise, place)
          ] : [])
    case .call(let call): return partsOfCall(call)
    default: return []
    }
  }

  private static func partsOfCall(_ call: Call) -> [Expression] {
    var found = call.arguments
    if call.filter != nil || call.isDistinct {
      var plain = call
      plain.filter = nil
      found.append(.call(plain))
      plain.isDistinct = false
      found.append(.call(plain))
    }
    for part in call.filter.map(parts) ?? [] {
      var filtered = call
      filtered.filter = part
      found.append(.call(filtered))
    }
    for index in call.arguments.indices {
      if call.arguments.count > 1 {
        var shorter = call
        shorter.arguments.remove(at: index)
        found.append(.call(shorter))
      }
      for part in parts(call.arguments[index]) {
        var smaller = call
        smaller.arguments[index] = part
        found.append(.call(smaller))
      }
    }
    return found
  }

  private static func shorter(
    _ terms: [Expression], _ make: ([Expression]) -> Expression
  ) -> [Expression] {
    var found: [Expression] = []
    for index in terms.indices {
      if terms.count > 2 { found.append(make(Array(terms[..<index] + terms[(index + 1)...]))) }
      for part in parts(terms[index]) {
        var smaller = terms
        smaller[index] = part
        found.append(make(smaller))
      }
    }
    return found
  }

  private static func pairs(
    _ left: Expression, _ right: Expression, _ make: (Expression, Expression) -> Expression
  ) -> [Expression] {
    parts(left).map { make($0, right) } + parts(right).map { make(left, $0) }
  }
}
