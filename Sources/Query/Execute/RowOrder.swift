// ORDER BY: rows sorted by several keys, each with its direction and its place for NULLs. Numbers are compared as
// plain doubles; everything else value by value.

internal import Base

struct SortKey {
  private let numbers: [Double]
  private let values: [Value]
  private let isDescending: Bool
  private let nullsFirst: Bool

  init(_ values: [Value], isDescending: Bool, nullsFirst: Bool) {
    let numbers = values.map(SortKey.number)
    let isNumeric = numbers.allSatisfy { $0 != nil }
    self.numbers = isNumeric ? numbers.map { $0 ?? .nan } : []
    self.values = isNumeric ? [] : values
    self.isDescending = isDescending
    self.nullsFirst = nullsFirst
  }

  /// The value as a double that sorts like it; NaN for NULL, nil where doubles do not serve.
  private static func number(_ value: Value) -> Double? {
    switch value {
    case .null: .nan
    case .integer(let value), .time(let value):
      value.magnitude <= 1 << 53 ? Double(value) : nil
    case .number(let value): value
    case .boolean(let value): value ? 1 : 0
    case .text: nil
    }
  }

  /// Negative when `left` comes first, positive when `right` does, 0 when the key leaves it open.
  func order(_ left: Int, _ right: Int) -> Int {
    if !numbers.isEmpty { return order(numbers[left], numbers[right]) }
    let (a, b) = (values[left], values[right])
    if a == .null || b == .null { return nullOrder(a == .null, b == .null) }
    let order = a.order(to: b) ?? 0
    return isDescending ? -order : order
  }

  private func order(_ left: Double, _ right: Double) -> Int {
    if left.isNaN || right.isNaN { return nullOrder(left.isNaN, right.isNaN) }
    let order = left < right ? -1 : left == right ? 0 : 1
    return isDescending ? -order : order
  }

  private func nullOrder(_ isLeftNull: Bool, _ isRightNull: Bool) -> Int {
    if isLeftNull == isRightNull { return 0 }
    return isLeftNull == nullsFirst ? -1 : 1
  }
}

struct RowOrder {
  private let keys: [SortKey]

  init(_ keys: [SortKey]) { self.keys = keys }

  func sort(_ rows: [Int]) -> [Int] {
    guard !keys.isEmpty else { return rows }
    return rows.sorted { left, right in
      for key in keys {
        let order = key.order(left, right)
        if order != 0 { return order < 0 }
      }
      return false
    }
  }
}
