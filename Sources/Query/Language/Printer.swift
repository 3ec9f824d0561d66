// Prints a tree in its canonical spelling: keywords in capitals, one space between words,
// parentheses only where precedence needs them. Parsing what is printed gives the tree back.

internal import Base

package enum Printer {
  /// The canonical spelling of a statement, on one line unless a text contains a newline.
  package static func text(of statement: Statement) -> String {
    let prefix =
      switch statement.purpose {
      case .answer: ""
      case .explain: "EXPLAIN "
      case .explainNumbers: "EXPLAIN NUMBERS "
      }
    return prefix + text(of: statement.query)
  }

  private static func text(of select: Select) -> String {
    var parts = ["SELECT " + join(select.items, text(of:)), "FROM \(select.source.rawValue)"]
    if let filter = select.filter { parts.append("WHERE " + text(of: filter)) }
    if !select.groups.isEmpty { parts.append("GROUP BY " + join(select.groups, text(of:))) }
    if let having = select.having { parts.append("HAVING " + text(of: having)) }
    if !select.order.isEmpty { parts.append("ORDER BY " + join(select.order, text(of:))) }
    if let limit = select.limit { parts.append("LIMIT \(limit.value)") }
    if let offset = select.offset { parts.append("OFFSET \(offset.value)") }
    if !select.settings.isEmpty { parts.append("SETTINGS " + join(select.settings, text(of:))) }
    return parts.joined(separator: " ")
  }

  private static func text(of item: SelectItem) -> String {
    switch item {
    case .all: "*"
    case .expression(let expression, nil): text(of: expression)
    case .expression(let expression, let alias?): "\(text(of: expression)) AS \(name(alias.text))"
    }
  }

  private static func text(of item: OrderItem) -> String {
    let direction = item.isDescending ? " DESC" : ""
    switch item.nulls {
    case nil: return text(of: item.expression) + direction
    case .first: return text(of: item.expression) + direction + " NULLS FIRST"
    case .last: return text(of: item.expression) + direction + " NULLS LAST"
    }
  }

  private static func text(of setting: Setting) -> String {
    let value = setting.value.text
    return "\(name(setting.name.text)) = \(isPlain(value) ? value : quoted(value, "'"))"
  }

  /// The canonical spelling of an expression; also the name of a column without an alias.
  package static func text(of expression: Expression) -> String {
    switch expression {
    case .literal(let literal, _): return text(of: literal)
    case .column(let column):
      let qualifier = column.qualifier.map { name($0) + "." } ?? ""
      return qualifier + name(column.name)
    case .negate(let inner, _): return "-" + text(of: inner, atLeast: .operand)
    case .not(let inner, _): return "NOT " + text(of: inner, atLeast: .not)
    case .and(let terms, _): return join(terms, { text(of: $0, atLeast: .not) }, separator: " AND ")
    case .or(let terms, _): return join(terms, { text(of: $0, atLeast: .and) }, separator: " OR ")
    case .compare(let comparison, let left, let right, _):
      return binary(left, comparison.rawValue, right, .comparison, leftLoosest: .membership)
    case .arithmetic(let operation, let left, let right, _):
      let precedence = expression.precedence
      return binary(left, operation.rawValue, right, precedence, leftLoosest: precedence)
    case .concatenate(let left, let right, _):
      return binary(left, "||", right, .concatenation, leftLoosest: .concatenation)
    case .isNull, .isTruth, .between, .like, .inList, .inQuery: return text(ofTest: expression)
    case .conditional, .call, .extract, .cast: return text(ofForm: expression)
    }
  }

  /// Postfix tests: IS, BETWEEN, LIKE, IN.
  private static func text(ofTest expression: Expression) -> String {
    switch expression {
    case .isNull(let subject, let isNegated, _):
      return text(of: subject, atLeast: .truth) + (isNegated ? " IS NOT NULL" : " IS NULL")
    case .isTruth(let subject, let value, let isNegated, _):
      let word = value ? "TRUE" : "FALSE"
      return text(of: subject, atLeast: .truth) + (isNegated ? " IS NOT " : " IS ") + word
    case .between(let subject, let low, let high, let isNegated, _):
      let bounds =
        "\(text(of: low, atLeast: .concatenation)) AND \(text(of: high, atLeast: .concatenation))"
      return test(subject, isNegated, "BETWEEN") + bounds
    case .like(let subject, let pattern, let ignoresCase, let isNegated, _):
      return test(subject, isNegated, ignoresCase ? "ILIKE" : "LIKE")
        + text(of: pattern, atLeast: .concatenation)
    case .inList(let subject, let elements, let isNegated, _):
      return test(subject, isNegated, "IN") + "(\(join(elements, text(of:))))"
    case .inQuery(let subject, let query, let isNegated, _):
      return test(subject, isNegated, "IN") + "(\(text(of: query)))"
    default: return text(of: expression)
    }
  }

  private static func test(_ subject: Expression, _ isNegated: Bool, _ word: String) -> String {
    "\(text(of: subject, atLeast: .concatenation)) \(isNegated ? "NOT " : "")\(word) "
  }

  /// Forms that bring their own brackets.
  private static func text(ofForm expression: Expression) -> String {
    switch expression {
    case .conditional(let operand, let branches, let otherwise, _):
      var parts = ["CASE"]
      if let operand { parts.append(text(of: operand)) }
      for branch in branches {
        parts.append("WHEN \(text(of: branch.condition)) THEN \(text(of: branch.result))")
      }
      if let otherwise { parts.append("ELSE " + text(of: otherwise)) }
      return parts.joined(separator: " ") + " END"
    case .call(let call): return text(of: call)
    case .extract(let field, let source, _):
      return "extract(\(name(field.text)) FROM \(text(of: source)))"
    case .cast(let inner, let type, _): return "CAST(\(text(of: inner)) AS \(type.rawValue))"
    default: return text(of: expression)
    }
  }

  private static func text(of call: Call) -> String {
    let function = call.name.text
    let isBare = Parser.reservedFunctions.contains(function)
    let isForm = Keyword.forms.contains(function)
    let spelled = isBare ? function : isForm ? quoted(function, "\"") : name(function)
    let arguments = call.isStar ? "*" : join(call.arguments, text(of:))
    let filter = call.filter.map { " FILTER (WHERE \(text(of: $0)))" } ?? ""
    return "\(spelled)(\(call.isDistinct ? "DISTINCT " : "")\(arguments))\(filter)"
  }

  private static func text(of literal: Literal) -> String {
    switch literal {
    case .null: "NULL"
    case .boolean(let value): value ? "TRUE" : "FALSE"
    case .integer(let value): String(value)
    case .number(let value): value.description
    case .text(let bytes): quoted(String(decoding: bytes, as: UTF8.self), "'")
    case .timestamp(let time): "TIMESTAMP '\(CivilTime.format(time))'"
    case .localTimestamp(let time): "TIMESTAMP '\(CivilTime.format(time).dropLast())'"
    case .date(let days):
      "DATE '\(CivilTime.formatDate(CivilDate(daysSinceEpoch: days)))'"
    case .interval(let interval): "INTERVAL '\(interval.text)'"
    }
  }

  private static func binary(
    _ left: Expression, _ symbol: String, _ right: Expression, _ precedence: Precedence,
    leftLoosest: Precedence
  ) -> String {
    let right = text(of: right, atLeast: precedence.tighter)
    return "\(text(of: left, atLeast: leftLoosest)) \(symbol) \(right)"
  }

  private static func text(of expression: Expression, atLeast loosest: Precedence) -> String {
    let text = text(of: expression)
    return expression.precedence < loosest ? "(\(text))" : text
  }

  private static func join<Element>(
    _ elements: [Element], _ text: (Element) -> String, separator: String = ", "
  ) -> String {
    elements.map(text).joined(separator: separator)
  }

  /// `text` as a name, quoted where it could not be read as one otherwise.
  package static func name(_ text: String) -> String {
    let isBare = isPlain(text) && !Keyword.reserved.contains(text)
    return isBare ? text : quoted(text, "\"")
  }

  /// Whether the lexer reads `text` as one word, unchanged. Names beyond ASCII are quoted, to be
  /// safe.
  private static func isPlain(_ text: String) -> Bool {
    guard let first = text.utf8.first, Lexer.startsWord(first) else { return false }
    return text.utf8.allSatisfy {
      $0 < 0x80 && Lexer.continuesWord($0) && ASCII.lowercase($0) == $0
    }
  }

  private static func quoted(_ text: String, _ mark: Character) -> String {
    var quoted = String(mark)
    for character in text.unicodeScalars {
      quoted.unicodeScalars.append(character)
      if Character(character) == mark { quoted.append(mark) }
    }
    return quoted + String(mark)
  }
}
