// ORDER BY: rows by several sort keys, each with its direction and its place for NULLs.

internal import Base

/// One sort key.
struct SortKey {
  let column: FrameColumn
  let isDescending: Bool
  let nullsFirst: Bool

  /// Negative when `left` comes first, positive when `right` does, 0 when the key leaves it open.
  func order(_ left: Int, _ right: Int) -> Int {
    let (isLeftNull, isRightNull) = (column.isNull(left), column.isNull(right))
    if isLeftNull || isRightNull {
      return isLeftNull == isRightNull ? 0 : isLeftNull == nullsFirst ? -1 : 1
    }
    let order = column.order(left, right)
    return isDescending ? -order : order
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
