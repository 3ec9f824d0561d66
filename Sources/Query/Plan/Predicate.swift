// A WHERE condition with its names resolved. Leaves test one dimension each, so that a leaf can be answered once per
// dictionary entry instead of once per row.

internal import Base

/// A value on its way through a test.
package enum Value: Equatable, Sendable {
  case null
  case boolean(Bool)
  case integer(Int64)
  case number(Double)
  case text([UInt8])
  /// UTC milliseconds.
  case time(Int64)
}

indirect enum Predicate: Equatable, Sendable {
  case test(Dimension, Test)
  /// Whatever no leaf can say: computed row by row.
  case term(Term)
  /// The event's time lies in a range.
  case during(ClosedRange<Int64>)
  case and([Predicate])
  case or([Predicate])
  case not(Predicate)
  case constant(Truth)

  /// The columns it looks at.
  var columns: Set<ColumnKey> {
    switch self {
    case .test(let dimension, _): [.dimension(dimension)]
    case .term(let term): term.columns
    case .during: [.dimension(.time)]
    case .and(let terms), .or(let terms):
      terms.reduce(into: []) { $0.formUnion($1.columns) }
    case .not(let term): term.columns
    case .constant: []
    }
  }

  /// Its top-level AND terms.
  var conjuncts: [Predicate] {
    if case .and(let terms) = self { return terms.flatMap(\.conjuncts) }
    return [self]
  }
}

extension ConstantSet {
  fileprivate func contains(_ value: Value) -> Bool {
    switch value {
    case .null: false
    case .boolean(let value): words.contains(Cell.word(value))
    case .integer(let value), .time(let value): words.contains(Cell.word(value))
    case .number(let value): words.contains(Cell.word(value))
    case .text(let bytes):
      // An attribute of whole numbers is a text where it is stored.
      texts.contains(bytes) || !words.isEmpty && containsNumber(bytes)
    }
  }

  private func containsNumber(_ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBufferPointer { buffer in
      TextReading.integer(ByteSlice(buffer)).map { words.contains(Cell.word($0)) } ?? false
    }
  }
}

/// One comparison of a dimension's value with constants.
enum Test: Equatable, Sendable {
  case compare(Comparison, Value)
  case isNull
  case isIn(ConstantSet)
  /// Of recipients only, and answered for a shard's all at once.
  case isAmong(RecipientSet)
  case like(LikePattern)
  /// The value is a boolean and true.
  case isTrue
}

/// SQL's three truth values. AND is the minimum, OR the maximum, NOT the mirror.
enum Truth: UInt8, Comparable, Sendable {
  case no = 0
  case unknown = 1
  case yes = 2

  init(_ value: Bool) { self = value ? .yes : .no }

  static func < (left: Truth, right: Truth) -> Bool { left.rawValue < right.rawValue }
}

extension Test {
  /// The truth of the test for a value.
  func truth(of value: Value) -> Truth {
    if case .isNull = self { return Truth(value == .null) }
    if value == .null { return .unknown }
    switch self {
    case .isNull: return .no
    case .isAmong: preconditionFailure("a set of recipients is asked by their numbers")
    case .compare(let comparison, let constant): return Test.truth(value, comparison, constant)
    case .isIn(let set):
      if set.contains(value) { return .yes }
      return set.hasNull ? .unknown : .no
    case .like(let pattern):
      guard case .text(let bytes) = value else { return .unknown }
      return Truth(pattern.matches(bytes))
    case .isTrue: return Truth(value == .boolean(true))
    }
  }

  private static func truth(_ value: Value, _ comparison: Comparison, _ constant: Value) -> Truth {
    guard let order = value.order(to: constant) else { return .unknown }
    switch comparison {
    case .equal: return Truth(order == 0)
    case .notEqual: return Truth(order != 0)
    case .less: return Truth(order < 0)
    case .lessOrEqual: return Truth(order <= 0)
    case .greater: return Truth(order > 0)
    case .greaterOrEqual: return Truth(order >= 0)
    }
  }
}

extension Value {
  /// Negative, zero or positive; nil where the two cannot be compared (NULL, or a text that is no number).
  package func order(to other: Value) -> Int? {
    switch (self, other) {
    case (.null, _), (_, .null): nil
    case (.text(let left), .text(let right)): Value.order(left, right)
    case (.boolean(let left), .boolean(let right)): (left ? 1 : 0) - (right ? 1 : 0)
    case (.integer(let left), .integer(let right)), (.time(let left), .time(let right)):
      left < right ? -1 : left == right ? 0 : 1
    default: wholeOrder(to: other) ?? numericOrder(to: other)
    }
  }

  /// The order of two whole numbers, which as doubles might be the same.
  private func wholeOrder(to other: Value) -> Int? {
    // First what is on the right, which is mostly a constant: beside a fraction no text need be read.
    guard let right = other.wholeValue, let left = wholeValue else { return nil }
    return left < right ? -1 : left == right ? 0 : 1
  }

  private var wholeValue: Int64? {
    switch self {
    case .integer(let value): value
    case .text(let bytes): bytes.withUnsafeBufferPointer { TextReading.integer(ByteSlice($0)) }
    case .null, .boolean, .number, .time: nil
    }
  }

  private func numericOrder(to other: Value) -> Int? {
    guard let left = numericValue, let right = other.numericValue else { return nil }
    return left < right ? -1 : left == right ? 0 : 1
  }

  /// The value as a number; texts that read as one count as one.
  package var numericValue: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    case .text(let bytes): bytes.withUnsafeBufferPointer { TextReading.number(ByteSlice($0)) }
    case .null, .boolean, .time: nil
    }
  }

  private static func order(_ left: [UInt8], _ right: [UInt8]) -> Int {
    for (a, b) in zip(left, right) where a != b { return a < b ? -1 : 1 }
    return left.count - right.count
  }
}
