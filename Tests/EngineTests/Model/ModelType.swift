// The types of plain SQL, and how text is read as one of them. docs/SEMANTICS.md, "Types and operators".

import Query

enum ModelType: String {
  case text
  case integer
  case decimal
  case number
  case rate
  case boolean
  case timestamp
  case date
  case interval

  var isNumeric: Bool { [.integer, .decimal, .number, .rate].contains(self) }

  var isTime: Bool { self == .timestamp || self == .date }

  /// The type of two results that stand for one another, or nil where there is none.
  func joined(with other: ModelType) -> ModelType? {
    if self == other { return self }
    if Set([self, other]) == [.integer, .decimal] { return .decimal }
    if isNumeric && other.isNumeric { return .number }
    return isTime && other.isTime ? .timestamp : nil
  }
}

/// What a text says, or nil where it says nothing of the kind.
enum ModelReading {
  static func integer(_ text: String) -> Int? {
    let digits = text.unicodeScalars.drop { $0 == "+" || $0 == "-" }
    let isSigned = text.unicodeScalars.count - digits.count
    guard isSigned <= 1, !digits.isEmpty, digits.allSatisfy(isDigit) else { return nil }
    return Int(text)
  }

  /// As literals are written, with a sign: `-12`, `1.5`, `.5`, `1e-3`.
  static func number(_ text: String) -> Double? {
    var rest = Array(text.unicodeScalars)[...]
    if let sign = rest.first, "+-".unicodeScalars.contains(sign) { rest = rest.dropFirst() }
    let whole = rest.prefix(while: isDigit)
    rest = rest.dropFirst(whole.count)
    var fraction: ArraySlice<Unicode.Scalar> = []
    if rest.first == "." {
      fraction = rest.dropFirst().prefix(while: isDigit)
      rest = rest.dropFirst(fraction.count + 1)
    }
    guard !whole.isEmpty || !fraction.isEmpty else { return nil }
    if let mark = rest.first, mark == "e" || mark == "E" {
      rest = rest.dropFirst()
      if let sign = rest.first, "+-".unicodeScalars.contains(sign) { rest = rest.dropFirst() }
      guard !rest.isEmpty, rest.allSatisfy(isDigit) else { return nil }
      rest = []
    }
    guard rest.isEmpty, let value = Double(text), value.isFinite else { return nil }
    return value
  }

  static func boolean(_ text: String) -> Bool? {
    if ["yes", "true", "on", "1"].contains(text) { return true }
    return ["no", "false", "off", "0"].contains(text) ? false : nil
  }

  static func time(_ text: String) -> Int? {
    TimeText.milliseconds(of: Array(text.utf8)).map(Int.init)
  }

  static func day(_ text: String) -> Int? {
    TimeText.days(of: Array(text.utf8)).map { $0 * 86_400_000 }
  }

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }
}

extension ModelValue {
  /// The value in another type; NULL where it cannot be cast.
  func cast(to type: ModelType) -> ModelValue {
    switch (self, type) {
    case (.null, _): .null
    case (_, .text): .text(csv)
    case (_, .integer): castToInteger
    case (.integer(let value), .decimal):
      Int(exactly: Int128(value) * 1_000_000).map { .decimal($0) } ?? .null
    case (.text(let text), .number): ModelReading.number(text).map { .number($0) } ?? .null
    case (_, .number), (_, .rate): number.map { .number($0) } ?? .null
    case (.text(let text), .boolean): ModelValue(ModelReading.boolean(text))
    case (.integer(let value), .boolean): .boolean(value != 0)
    case (.text(let text), .timestamp): ModelReading.time(text).map { .time($0) } ?? .null
    case (.text(let text), .date):
      ModelReading.time(text).map { .date(ModelTime.dayStart(of: $0)) } ?? .null
    case (.date(let day), .timestamp): .time(day)
    case (.time(let time), .date): .date(ModelTime.dayStart(of: time))
    default: self
    }
  }

  private var castToInteger: ModelValue {
    switch self {
    case .text(let text): ModelReading.integer(text).map { .integer($0) } ?? .null
    case .boolean(let value): .integer(value ? 1 : 0)
    case .integer: self
    case .decimal: rounded(.toNearestOrAwayFromZero)
    default: number.map { ModelValue.whole($0.rounded(.toNearestOrAwayFromZero)) } ?? .null
    }
  }

  /// The whole number beside it; NULL beyond the range.
  func rounded(_ rule: FloatingPointRoundingRule) -> ModelValue {
    guard case .decimal(let millionths) = self else {
      if case .integer = self { return self }
      return number.map { ModelValue.whole($0.rounded(rule)) } ?? .null
    }
    let whole = ModelTime.floor(millionths, 1_000_000)
    let rest = millionths - whole * 1_000_000
    switch rule {
    case .down: return .integer(whole)
    case .up: return .integer(rest == 0 ? whole : whole + 1)
    default:
      let isUp = rest > 500_000 || rest == 500_000 && millionths > 0
      return .integer(isUp ? whole + 1 : whole)
    }
  }

  /// A number without a fraction as an integer; NULL beyond the range.
  static func whole(_ value: Double) -> ModelValue {
    Int(exactly: value).map { .integer($0) } ?? .null
  }

  /// `-2 days 03:04:05.678`; a sign stands for the whole.
  private static func intervalText(_ milliseconds: Int) -> String {
    let (days, rest) = abs(milliseconds).quotientAndRemainder(dividingBy: 86_400_000)
    let two = { (number: Int) in number < 10 ? "0\(number)" : "\(number)" }
    var text = milliseconds < 0 ? "-" : ""
    if days > 0 { text += days == 1 ? "1 day " : "\(days) days " }
    text += "\(two(rest / 3_600_000)):\(two(rest / 60_000 % 60)):\(two(rest / 1000 % 60))"
    if rest % 1000 > 0 { text += "." + String(1000 + rest % 1000).dropFirst() }
    return text
  }

  /// As csv writes it.
  var csv: String {
    switch self {
    case .null: return ""
    case .boolean(let value): return value ? "true" : "false"
    case .integer(let value): return String(value)
    case .number(let value): return value.description
    case .text(let text): return text
    case .time(let time): return ModelTime.text(time)
    case .date(let day): return String(ModelTime.text(day).prefix(10))
    case .interval: return ModelValue.intervalText(span ?? 0)
    case .decimal(let millionths):
      var text = WorkloadFiles.decimal(millionths)
      while text.hasSuffix("0") { text.removeLast() }
      if text.hasSuffix(".") { text.removeLast() }
      return text
    }
  }
}
