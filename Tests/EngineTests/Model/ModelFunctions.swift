// The functions of docs/SEMANTICS.md, "Types and operators", one by one.

import Glibc

enum ModelFunctions {
  /// - Parameter now: what `now()` gives.
  static func bind(_ name: String, _ arguments: [ModelBound], now: Int) throws -> ModelBound {
    switch name {
    case "lower", "upper", "length", "trim", "substr", "left", "right", "split_part",
      "starts_with":
      return try text(name, arguments)
    case "abs", "round", "floor", "ceil": return try number(name, arguments)
    case "coalesce", "greatest", "least", "nullif": return try choice(name, arguments)
    case "date_trunc", "date_part":
      guard arguments.count == 2, let word = arguments[0].constant else { throw misuse(name) }
      let field = String(String.UnicodeScalarView(lower(word)))
      if name == "date_part" { return try extract(field, arguments[1]) }
      let time = try arguments[1].read(as: .timestamp)
      guard ModelTime.units.contains(field), isTime(time) else { throw misuse(name) }
      return apply(.timestamp, [time]) { values in
        values[0].moment.map { .time(ModelTime.truncate($0, to: field)) } ?? .null
      }
    case "now":
      guard arguments.isEmpty else { throw misuse(name) }
      return ModelBound(.timestamp, constant: .time(now))
    default: throw ModelRefusal.nonsense("no function \(name)")
    }
  }

  private static func misuse(_ name: String) -> ModelRefusal { .nonsense("\(name) of these") }

  /// A function that is NULL where any argument is.
  private static func apply(
    _ type: ModelType?, _ arguments: [ModelBound],
    _ body: @escaping ([ModelValue]) -> ModelValue
  ) -> ModelBound {
    ModelBound(type) { context in
      let values = try arguments.map { try $0.value(context) }
      return values.contains(.null) ? .null : body(values)
    }
  }

  private static func isTime(_ argument: ModelBound) -> Bool { argument.type?.isTime ?? true }

  // MARK: Texts

  /// By function, the types its arguments must have, and how many may be left out.
  private static let texts: [String: (arguments: [ModelType], optionalCount: Int)] = [
    "lower": ([.text], 0), "upper": ([.text], 0), "length": ([.text], 0), "trim": ([.text], 0),
    "substr": ([.text, .integer, .integer], 1), "left": ([.text, .integer], 0),
    "right": ([.text, .integer], 0), "split_part": ([.text, .text, .integer], 0),
    "starts_with": ([.text, .text], 0),
  ]

  private static func text(_ name: String, _ arguments: [ModelBound]) throws -> ModelBound {
    guard let known = texts[name], arguments.count <= known.arguments.count,
      arguments.count >= known.arguments.count - known.optionalCount,
      zip(arguments, known.arguments).allSatisfy({ $0.type == nil || $0.type == $1 })
    else { throw misuse(name) }
    let type: ModelType =
      name == "length" ? .integer : name == "starts_with" ? .boolean : .text
    return apply(type, arguments) { values in
      guard case .text(let text) = values[0] else { return .null }
      return compute(name, Array(text.unicodeScalars), Array(values.dropFirst()))
    }
  }

  private static func compute(
    _ name: String, _ text: [Unicode.Scalar], _ rest: [ModelValue]
  ) -> ModelValue {
    switch (name, rest.first, rest.last) {
    case ("lower", _, _): return joined(text.map { fold($0, "A"..."Z", 32) })
    case ("upper", _, _): return joined(text.map { fold($0, "a"..."z", -32) })
    case ("length", _, _): return .integer(text.count)
    case ("trim", _, _): return joined(trimmed(text))
    case ("left", .integer(let count), _):
      return joined(count >= 0 ? text.prefix(count) : text.dropLast(magnitude(count)))
    case ("right", .integer(let count), _):
      return joined(count >= 0 ? text.suffix(count) : text.dropFirst(magnitude(count)))
    case ("substr", .integer(let start), .integer(let count)):
      return substring(text, start, count: rest.count == 1 ? nil : count)
    case ("split_part", .text(let separator), .integer(let number)):
      let parts = split(text, Array(separator.unicodeScalars))
      return number >= 1 && number <= parts.count ? joined(parts[number - 1]) : .text("")
    case ("starts_with", .text(let prefix), _):
      return .boolean(text.starts(with: prefix.unicodeScalars))
    default: return .null
    }
  }

  private static func magnitude(_ count: Int) -> Int { Int(min(count.magnitude, 1 << 60)) }

  private static func joined(_ scalars: some Sequence<Unicode.Scalar>) -> ModelValue {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return .text(String(view))
  }

  private static func lower(_ text: String) -> [Unicode.Scalar] {
    text.unicodeScalars.map { fold($0, "A"..."Z", 32) }
  }

  private static func fold(
    _ scalar: Unicode.Scalar, _ letters: ClosedRange<Unicode.Scalar>, _ distance: Int
  ) -> Unicode.Scalar {
    letters.contains(scalar) ? Unicode.Scalar(UInt8(Int(scalar.value) + distance)) : scalar
  }

  private static func trimmed(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
    Array(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }

  /// The characters at `start` (from 1) and after it, `count` of them; places before the first hold none.
  private static func substring(_ text: [Unicode.Scalar], _ start: Int, count: Int?) -> ModelValue {
    let (sum, isLost) = start.addingReportingOverflow(max(count ?? 0, 0))
    let end = count == nil || isLost ? Int.max : sum
    return joined(
      text.enumerated().filter { $0.offset + 1 >= start && $0.offset + 1 < end }.map(\.element))
  }

  private static func split(
    _ text: [Unicode.Scalar], _ separator: [Unicode.Scalar]
  ) -> [[Unicode.Scalar]] {
    guard !separator.isEmpty else { return [text] }
    var parts: [[Unicode.Scalar]] = [[]]
    var rest = text[...]
    while let next = rest.first {
      if rest.starts(with: separator) {
        parts.append([])
        rest = rest.dropFirst(separator.count)
      } else {
        parts[parts.count - 1].append(next)
        rest = rest.dropFirst()
      }
    }
    return parts
  }

  // MARK: Numbers

  private static func number(_ name: String, _ arguments: [ModelBound]) throws -> ModelBound {
    let arguments = try arguments.map { try $0.read(as: .number) }
    guard arguments.count == 1 || arguments.count == 2 && name == "round",
      arguments[0].type?.isNumeric ?? true
    else { throw misuse(name) }
    let type = arguments[0].type == .rate ? .number : arguments[0].type
    if arguments.count == 2 {
      guard [nil, .integer].contains(arguments[1].type) else { throw misuse(name) }
      return apply(type, arguments) { values in
        guard case .integer(let digits) = values[1] else { return .null }
        return rounded(values[0], digits)
      }
    }
    switch name {
    case "abs":
      return apply(type, arguments) { values in
        let isNegative = values[0].number.map { $0 < 0 } ?? false
        return isNegative ? ModelArithmetic.negated(values[0]) : values[0]
      }
    case "floor": return apply(.integer, arguments) { $0[0].rounded(.down) }
    case "ceil": return apply(.integer, arguments) { $0[0].rounded(.up) }
    default: return apply(.integer, arguments) { $0[0].rounded(.toNearestOrAwayFromZero) }
    }
  }

  /// To a number of digits behind the point, or before it if that is negative.
  private static func rounded(_ value: ModelValue, _ digits: Int) -> ModelValue {
    switch value {
    case .integer(let whole):
      return Int(exactly: rounded(Int128(whole), -digits)).map { .integer($0) } ?? .null
    case .decimal(let millionths):
      return Int(exactly: rounded(Int128(millionths), 6 - digits)).map { .decimal($0) } ?? .null
    case .number(let number):
      let scale = pow(10, Double(magnitude(digits)))
      let shifted = digits >= 0 ? number * scale : number / scale
      guard shifted.isFinite, scale.isFinite else { return digits >= 0 ? value : .number(0) }
      let whole = shifted.rounded(.toNearestOrAwayFromZero)
      let result = digits >= 0 ? whole / scale : whole * scale
      return result.isFinite ? .number(result) : .null
    default: return .null
    }
  }

  /// Without its last `digits` digits, halves away from 0.
  private static func rounded(_ value: Int128, _ digits: Int) -> Int128 {
    guard digits > 0 else { return value }
    guard digits <= 30 else { return 0 }
    var unit: Int128 = 1
    for _ in 0..<digits { unit *= 10 }
    let (quotient, rest) = value.quotientAndRemainder(dividingBy: unit)
    let isUp = Int128(rest.magnitude) * 2 >= unit
    return (quotient + (isUp ? value.signum() : 0)) * unit
  }

  // MARK: Choices

  private static func choice(_ name: String, _ arguments: [ModelBound]) throws -> ModelBound {
    guard !arguments.isEmpty else { throw misuse(name) }
    if name == "nullif" {
      guard arguments.count == 2 else { throw misuse(name) }
      try ModelWords.check(arguments[0], arguments[1])
      let (left, right) = try ModelBound.alike(arguments[0], arguments[1])
      let first = arguments[0]
      return ModelBound(first.type) { context in
        let isSame = try left.value(context).order(to: try right.value(context)) == 0
        return isSame ? .null : try first.value(context)
      }
    }
    let joined = try ModelBound.joined(arguments)
    return ModelBound(joined.type) { context in
      let values = try joined.results.map { try $0.value(context) }.filter { $0 != .null }
      let wanted = name == "greatest" ? 1 : -1
      guard var best = values.first else { return .null }
      if name == "coalesce" { return best }
      for value in values where value.order(to: best) == wanted { best = value }
      return best
    }
  }

  // MARK: Times

  static func extract(_ field: String, _ source: ModelBound) throws -> ModelBound {
    let field = String(String.UnicodeScalarView(lower(field)))
    let source = try source.read(as: .timestamp)
    let type: ModelType = field == "epoch" ? .number : .integer
    guard ModelTime.fields.contains(field), let sourceType = source.type else {
      throw ModelRefusal.nonsense("\(field) of nothing")
    }
    if sourceType == .interval, field == "epoch" {
      return apply(type, [source]) { .number(Double($0[0].span ?? 0) / 1000) }
    }
    guard sourceType.isTime else { throw ModelRefusal.nonsense("\(field) of \(sourceType)") }
    return apply(type, [source]) { values in
      values[0].moment.map { ModelTime.field(field, of: $0) } ?? .null
    }
  }
}
