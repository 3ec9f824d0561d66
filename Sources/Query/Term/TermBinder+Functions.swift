// Calls: which arguments a function takes, and what comes out.

internal import Base

extension TermBinder {
  private static let functionNames = [
    "abs", "ceil", "ceiling", "coalesce", "date_part", "date_trunc", "extract", "floor", "greatest",
    "least", "left", "length", "lower", "now", "nullif", "right", "round", "split_part",
    "starts_with", "substr", "substring", "trim", "upper", "count", "sum", "avg", "min", "max",
  ]

  func call(_ call: Call) throws(QueryError) -> Term {
    if call.isStar || call.isDistinct || call.filter != nil {
      throw QueryError("\(call.name.text) is no aggregate", at: call.place)
    }
    switch call.name.text {
    case "lower": return try simple(.lower, call, [.text], .text)
    case "upper": return try simple(.upper, call, [.text], .text)
    case "trim": return try simple(.trim, call, [.text], .text)
    case "length": return try simple(.length, call, [.text], .integer)
    case "left": return try simple(.left, call, [.text, .integer], .text)
    case "right": return try simple(.right, call, [.text, .integer], .text)
    case "substr", "substring":
      try expect(call, 2...3)
      let types: [TermType] = [.text, .integer, .integer]
      return try simple(.substring, call, Array(types.prefix(call.arguments.count)), .text)
    case "split_part": return try simple(.splitPart, call, [.text, .text, .integer], .text)
    case "starts_with": return try simple(.startsWith, call, [.text, .text], .boolean)
    case "now":
      try expect(call, 0...0)
      return Term(.constant(.integer(now)), .timestamp)
    case "date_trunc", "date_part": return try calendarCall(call)
    case "abs", "floor", "ceil", "ceiling", "round": return try numericCall(call)
    case "coalesce", "nullif", "greatest", "least": return try choiceCall(call)
    default: throw .unknown("function", call.name, among: TermBinder.functionNames)
    }
  }

  private func expect(_ call: Call, _ counts: ClosedRange<Int>) throws(QueryError) {
    guard !counts.contains(call.arguments.count) else { return }
    let wanted =
      counts.count == 1
      ? "\(counts.lowerBound)"
      : counts.upperBound == .max
        ? "at least \(counts.lowerBound)"
        : "\(counts.lowerBound) or \(counts.upperBound)"
    let noun = counts == 1...1 || counts == 1...Int.max ? "argument" : "arguments"
    throw QueryError("\(call.name.text) takes \(wanted) \(noun)", at: call.place)
  }

  private func simple(
    _ function: Function, _ call: Call, _ types: [TermType], _ result: TermType
  ) throws(QueryError) -> Term {
    try expect(call, types.count...types.count)
    var arguments: [Term] = []
    for (argument, type) in zip(call.arguments, types) {
      arguments.append(try term(argument, as: type))
    }
    return Term(.call(function, arguments), result)
  }

  // MARK: Numbers

  private func numericCall(_ call: Call) throws(QueryError) -> Term {
    try expect(call, call.name.text == "round" ? 1...2 : 1...1)
    var argument = try term(call.arguments[0])
    if argument.type == .null { argument = Term(.constant(.null), .number) }
    if argument.type == .text { argument = try read(argument, as: .number, call.place) }
    if call.name.text == "abs" {
      guard argument.type.isNumeric || argument.type == .interval else {
        throw QueryError("abs takes a number", at: call.arguments[0].place)
      }
      return Term(.call(.absolute, [argument]), argument.type)
    }
    guard argument.type.isNumeric else {
      throw QueryError("\(call.name.text) takes a number", at: call.arguments[0].place)
    }
    if call.arguments.count == 2 {
      let digits = try term(call.arguments[1], as: .integer)
      return Term(.call(.roundDigits, [argument, digits]), argument.type)
    }
    if argument.type == .integer { return argument }
    let function: Function =
      switch call.name.text {
      case "floor": .floor
      case "round": .round
      default: .ceiling
      }
    return Term(.call(function, [argument]), .integer)
  }

  // MARK: Choices

  private func choiceCall(_ call: Call) throws(QueryError) -> Term {
    if call.name.text == "nullif" {
      try expect(call, 2...2)
      let first = try term(call.arguments[0])
      let test = try compare(
        .equal, (first, call.arguments[0].place), try term(call.arguments[1]), call.place)
      return choice([test], [Term(.constant(.null), first.type), first])
    }
    try expect(call, 1...Int.max)
    let values = try unified(call.arguments, call.place)
    guard call.name.text == "coalesce" else {
      let function = call.name.text == "greatest" ? Function.greatest : .least
      return Term(.call(function, values), values[0].type)
    }
    let tests = values.dropLast().map { Term.boolean(.not(.boolean(.isNull($0)))) }
    return tests.isEmpty ? values[0] : choice(Array(tests), values)
  }

  // MARK: Times

  /// `date_trunc('unit', time)` and `date_part('field', time)`.
  private func calendarCall(_ call: Call) throws(QueryError) -> Term {
    try expect(call, 2...2)
    guard case .literal(.text(let bytes), let place) = call.arguments[0] else {
      throw QueryError("a unit in quotes was expected, such as 'day'", at: call.arguments[0].place)
    }
    let word = Identifier(String(decoding: bytes, as: UTF8.self).lowercased(), at: place)
    if call.name.text == "date_part" { return try extract(word, call.arguments[1], call.place) }
    guard let unit = TimeUnit(rawValue: word.text) else {
      throw .unknown("unit", word, among: TimeUnit.allCases.map(\.rawValue))
    }
    let time = try term(call.arguments[1], as: .timestamp)
    return Term(.call(.truncate(unit), [time]), .timestamp)
  }

  func extract(
    _ field: Identifier, _ operand: Expression, _ place: Place
  ) throws(QueryError) -> Term {
    let value = try term(operand)
    if field.text.lowercased() == "epoch" {
      let source = value.type == .interval ? value : try converted(value, to: .timestamp, place)
      return Term(.call(.epoch, [source]), .number)
    }
    guard let known = TimeField(rawValue: field.text.lowercased()) else {
      throw .unknown("field", field, among: TimeField.allCases.map(\.rawValue) + ["epoch"])
    }
    let time = try converted(value, to: .timestamp, place)
    return Term(.call(.extract(known), [time]), .integer)
  }
}
