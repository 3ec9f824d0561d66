// A value in the model, and the ways SQL compares and combines values.

import Glibc

enum ModelValue: Hashable {
  case null
  case boolean(Bool)
  case integer(Int)
  case number(Double)
  case text(String)
  /// UTC milliseconds.
  case time(Int)
  /// Millionths.
  case decimal(Int)
  /// UTC milliseconds of the day's start.
  case date(Int)
  /// A span of time; months are kept apart because their lengths differ.
  case interval(months: Int, milliseconds: Int)

  init(_ text: String?) { self = text.map { .text($0) } ?? .null }

  init(_ truth: Bool?) { self = truth.map { .boolean($0) } ?? .null }

  /// The truth of a condition; nil is unknown.
  var truth: Bool? {
    if case .boolean(let truth) = self { return truth }
    return nil
  }

  var number: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    case .decimal(let value): Double(value) / 1e6
    case .text(let text): Double(text)
    default: nil
    }
  }
}

extension ModelValue {
  /// -1, 0 or 1; nil where the values cannot be compared.
  func order(to other: ModelValue) -> Int? {
    switch (self, other) {
    case (.null, _), (_, .null): return nil
    case (.text(let left), .text(let right)): return ModelValue.order(left, right)
    case (.boolean(let left), .boolean(let right)): return left == right ? 0 : right ? -1 : 1
    case (.integer(let left), .integer(let right)), (.time(let left), .time(let right)):
      return left < right ? -1 : left == right ? 0 : 1
    case (.decimal(let left), .decimal(let right)), (.date(let left), .date(let right)):
      return left < right ? -1 : left == right ? 0 : 1
    case (.integer(let left), .decimal(let right)):
      let millionths = Int128(left) * 1_000_000
      return millionths < right ? -1 : millionths == right ? 0 : 1
    case (.decimal, .integer): return other.order(to: self).map { -$0 }
    case (.interval, .interval):
      guard let left = span, let right = other.span else { return nil }
      return left < right ? -1 : left == right ? 0 : 1
    case (.time, .text(let text)): return ModelTime.parse(text).flatMap { order(to: .time($0)) }
    case (.text, .time), (.text, .boolean): return other.order(to: self).map { -$0 }
    case (.boolean, .text(let text)):
      return ModelValue.truth(text).flatMap { order(to: .boolean($0)) }
    default:
      guard let left = number, let right = other.number else { return nil }
      return left < right ? -1 : left == right ? 0 : 1
    }
  }

  /// The milliseconds of an interval whose months have 30 days.
  var span: Int? {
    guard case .interval(let months, let milliseconds) = self else { return nil }
    return months * 30 * 86_400_000 + milliseconds
  }

  /// The same for values that compare as equal: groups and DISTINCT go by it.
  var canonical: ModelValue {
    span.map { .interval(months: 0, milliseconds: $0) } ?? self
  }

  /// Byte by byte.
  static func order(_ left: String, _ right: String) -> Int {
    let left = Array(left.utf8)
    let right = Array(right.utf8)
    if left == right { return 0 }
    return left.lexicographicallyPrecedes(right) ? -1 : 1
  }

  private static func truth(_ text: String) -> Bool? {
    if ["yes", "true", "on", "1"].contains(text) { return true }
    return ["no", "false", "off", "0"].contains(text) ? false : nil
  }

  /// The order of result rows: NULL last.
  func isRow(before other: ModelValue) -> Bool {
    if self == .null || other == .null { return self != .null && other == .null }
    return (order(to: other) ?? 0) < 0
  }
}

extension String {
  /// SQL's LIKE, by trying everything.
  func isLike(_ pattern: String, ignoresCase: Bool) -> Bool {
    let fold = { (text: String) -> [Unicode.Scalar] in
      text.unicodeScalars.map {
        ignoresCase && ("A"..."Z").contains($0) ? Unicode.Scalar($0.value + 32)! : $0
      }
    }
    return String.matches(fold(self)[...], fold(pattern)[...])
  }

  private static func matches(
    _ text: ArraySlice<Unicode.Scalar>, _ pattern: ArraySlice<Unicode.Scalar>
  ) -> Bool {
    guard let first = pattern.first else { return text.isEmpty }
    switch first {
    case "%":
      return (text.startIndex...text.endIndex).contains {
        matches(text[$0...], pattern.dropFirst())
      }
    case "_": return !text.isEmpty && matches(text.dropFirst(), pattern.dropFirst())
    case "\\" where pattern.count > 1:
      return text.first == pattern.dropFirst().first
        && matches(text.dropFirst(), pattern.dropFirst(2))
    default: return text.first == first && matches(text.dropFirst(), pattern.dropFirst())
    }
  }
}
