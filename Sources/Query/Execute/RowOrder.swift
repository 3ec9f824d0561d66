// ORDER BY: rows by several sort keys, each with its direction and its place for NULLs.

internal import Base

/// One sort key over all groups.
struct SortKey {
  private enum Content {
    case whole([Int64])
    /// NaN is NULL.
    case fractional([Double])
    case values([Value])
    case key(KeyColumn)
  }

  private let content: Content
  private let isDescending: Bool
  private let nullsFirst: Bool

  private init(_ content: Content, _ order: Plan.Order) {
    self.content = content
    isDescending = order.isDescending
    nullsFirst = order.nullsFirst
  }

  init(_ measure: MeasureColumn, _ order: Plan.Order) {
    switch measure {
    case .integers(let values): self.init(.whole(values), order)
    case .rates(let values): self.init(.fractional(values), order)
    case .decimals(let values, let isNull):
      let numbers = values.indices.map { isNull[$0] ? .nan : Double(values[$0]) }
      self.init(.fractional(numbers), order)
    }
  }

  init(_ values: [Value], _ order: Plan.Order) { self.init(.values(values), order) }

  init(_ key: KeyColumn, _ order: Plan.Order) { self.init(.key(key), order) }

  /// Negative when `left` comes first, positive when `right` does, 0 when the key leaves it open.
  func order(_ left: Int, _ right: Int) -> Int {
    switch content {
    case .whole(let values):
      return directed(values[left] < values[right] ? -1 : values[left] == values[right] ? 0 : 1)
    case .fractional(let values):
      let (a, b) = (values[left], values[right])
      if a.isNaN || b.isNaN { return nullOrder(a.isNaN, b.isNaN) }
      return directed(a < b ? -1 : a == b ? 0 : 1)
    case .values(let values):
      let (a, b) = (values[left], values[right])
      if a == .null || b == .null { return nullOrder(a == .null, b == .null) }
      return directed(a.order(to: b) ?? 0)
    case .key(let key):
      let (isLeftNull, isRightNull) = (key.isNull(left), key.isNull(right))
      if isLeftNull || isRightNull { return nullOrder(isLeftNull, isRightNull) }
      return directed(key.order(left, right))
    }
  }

  private func directed(_ order: Int) -> Int { isDescending ? -order : order }

  private func nullOrder(_ isLeftNull: Bool, _ isRightNull: Bool) -> Int {
    if isLeftNull == isRightNull { return 0 }
    return isLeftNull == nullsFirst ? -1 : 1
  }
}

struct RowOrder {
  private let keys: [SortKey]

  init(_ keys: [SortKey]) { self.keys = keys }

  /// The first `limit` rows in order.
  ///
  /// - Complexity: O(n log limit) with a small limit: rows that cannot be among the first are seen once.
  func first(_ limit: Int, of rows: [Int]) -> [Int] {
    guard !keys.isEmpty else { return Array(rows.prefix(limit)) }
    guard limit < rows.count / 8 else { return Array(rows.sorted(by: isBefore).prefix(limit)) }
    guard limit > 0 else { return [] }
    var best: [Int] = []
    best.reserveCapacity(limit * 2)
    for row in rows {
      if best.count >= limit, !isBefore(row, best[limit - 1]) { continue }
      best.append(row)
      if best.count == limit || best.count == limit * 2 { cut(&best, limit) }
    }
    cut(&best, limit)
    return best
  }

  private func cut(_ rows: inout [Int], _ limit: Int) {
    rows.sort(by: isBefore)
    rows.removeLast(max(0, rows.count - limit))
  }

  private func isBefore(_ left: Int, _ right: Int) -> Bool {
    for key in keys {
      let order = key.order(left, right)
      if order != 0 { return order < 0 }
    }
    return false
  }
}
