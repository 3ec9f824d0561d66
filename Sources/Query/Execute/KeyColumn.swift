// One GROUP BY key of the counted groups: codes, their order and their values.

internal import Base
internal import Columnar

struct KeyColumn {
  let dimension: Dimension
  private let codes: [Code]
  private let context: QueryContext

  init(_ dimension: Dimension, _ codes: [Code], _ context: QueryContext) {
    self.dimension = dimension
    self.codes = codes
    self.context = context
  }

  var resultType: ResultType { context.resultType(dimension) }

  /// The value of a group's key.
  func value(_ group: Int) -> Value {
    let code = codes[group]
    if let text = text(group) {
      if resultType == .integer { return .integer(Int64(text.text) ?? 0) }
      return .text(text.array)
    }
    return context.value(dimension, code, shard: nil)
  }

  func isNull(_ group: Int) -> Bool { codes[group] == 0 }

  /// The bytes of a key that lies in a dictionary; nil for NULL and for other keys.
  func text(_ group: Int) -> ByteSlice? {
    let code = codes[group]
    guard code != 0 else { return nil }
    if let dictionary = dimension.dictionary {
      return context.snapshot[dictionary][UInt32(code) - 1]
    }
    guard dimension == .recipient else { return nil }
    let shard = context.snapshot.shards[Int(code >> 32)]
    return shard.recipients[UInt32(truncatingIfNeeded: code) - 1]
  }

  /// Negative when `left` comes first: by value, NULL last.
  func order(_ left: Int, _ right: Int) -> Int {
    let (a, b) = (codes[left], codes[right])
    if a == b { return 0 }
    if a == 0 || b == 0 { return a == 0 ? 1 : -1 }
    if resultType == .integer || !isTextual { return valueOrder(left, right) }
    guard let leftText = text(left), let rightText = text(right) else {
      return valueOrder(left, right)
    }
    return leftText.isOrderedBefore(rightText) ? -1 : 1
  }

  private var isTextual: Bool { dimension.dictionary != nil || dimension == .recipient }

  private func valueOrder(_ left: Int, _ right: Int) -> Int {
    if dimension.hasOrderedCodes { return codes[left] < codes[right] ? -1 : 1 }
    return value(left).order(to: value(right)) ?? 0
  }

  /// The column of a result for the given groups.
  func column(_ name: String, _ groups: [Int]) -> ResultColumn {
    var column = ResultColumn(name: name, type: resultType)
    column.reserveCapacity(groups.count)
    for group in groups {
      if codes[group] == 0 {
        column.appendNull()
      } else if resultType == .text, let text = text(group) {
        column.append(text)
      } else {
        column.append(value(group))
      }
    }
    return column
  }
}

extension Dimension {
  /// Whether larger codes are larger values.
  fileprivate var hasOrderedCodes: Bool {
    switch self {
    case .time, .bucket, .sentBucket, .tracked, .client, .device, .os: true
    default: false
    }
  }
}
