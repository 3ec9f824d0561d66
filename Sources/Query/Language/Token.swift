// What the lexer makes of the bytes: words, texts, numbers and symbols, each with its place.

package struct Token: Equatable, Sendable {
  package enum Kind: Equatable, Sendable {
    /// An unquoted name or keyword, in lower case.
    case word(String)
    /// A name in double quotes, as written.
    case quoted(String)
    /// Text in single quotes, with doubled quotes undone.
    case text([UInt8])
    case integer(Int64)
    case number(Double)
    case symbol(Symbol)
    /// The end of the query.
    case end
  }

  package let kind: Kind
  package let place: Place
}

/// Operators and punctuation. Raw values are the canonical spelling.
package enum Symbol: String, CaseIterable, Sendable {
  case openParenthesis = "("
  case closeParenthesis = ")"
  case comma = ","
  case dot = "."
  case semicolon = ";"
  case star = "*"
  case slash = "/"
  case percent = "%"
  case plus = "+"
  case minus = "-"
  case equal = "="
  case notEqual = "<>"
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case concatenate = "||"
  case cast = "::"
}

extension Symbol {
  /// The symbol that a byte is.
  init?(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "("): self = .openParenthesis
    case UInt8(ascii: ")"): self = .closeParenthesis
    case UInt8(ascii: ","): self = .comma
    case UInt8(ascii: "."): self = .dot
    case UInt8(ascii: ";"): self = .semicolon
    case UInt8(ascii: "*"): self = .star
    case UInt8(ascii: "/"): self = .slash
    case UInt8(ascii: "%"): self = .percent
    case UInt8(ascii: "+"): self = .plus
    case UInt8(ascii: "-"): self = .minus
    case UInt8(ascii: "="): self = .equal
    case UInt8(ascii: "<"): self = .less
    case UInt8(ascii: ">"): self = .greater
    default: return nil
    }
  }

  /// The symbol that two bytes are.
  init?(_ first: UInt8, _ second: UInt8) {
    switch (first, second) {
    case (UInt8(ascii: "<"), UInt8(ascii: ">")): self = .notEqual
    case (UInt8(ascii: "!"), UInt8(ascii: "=")): self = .notEqual
    case (UInt8(ascii: "<"), UInt8(ascii: "=")): self = .lessOrEqual
    case (UInt8(ascii: ">"), UInt8(ascii: "=")): self = .greaterOrEqual
    case (UInt8(ascii: "|"), UInt8(ascii: "|")): self = .concatenate
    case (UInt8(ascii: ":"), UInt8(ascii: ":")): self = .cast
    default: return nil
    }
  }
}

/// Words that cannot be names unless quoted, because a name may stand where they do.
package enum Keyword {
  package static let reserved: Set<String> = [
    "and", "as", "asc", "between", "by", "case", "cross", "desc", "distinct", "else", "end",
    "except",
    "exists", "false", "from", "full", "group", "having", "ilike", "in", "inner", "intersect", "is",
    "join", "left", "like", "limit", "natural", "not", "null", "offset", "or", "order", "outer",
    "over",
    "right", "select", "settings", "then", "true", "union", "using", "when", "where", "window",
    "with",
  ]

  /// Words that start a form of their own before a parenthesis; a function of that name must be
  /// quoted.
  package static let forms: Set<String> = ["cast", "extract"]

  /// The words that may follow the table, in their order.
  package static let clauses = [
    "where", "group", "having", "order", "limit", "offset", "settings",
  ]
}
