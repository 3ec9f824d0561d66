// Recipients that a query behind IN found, by their numbers: no text is looked at again.

internal import Base
internal import Columnar

final class RecipientSet: Sendable {
  /// By shard; one bit per recipient.
  private let members: [Bitmap]
  /// Whether NULL was among them.
  let hasNull: Bool

  /// - Parameter column: of recipients (`TextPool.recipients`).
  init(_ column: FrameColumn, _ snapshot: Snapshot) {
    var members = snapshot.shards.map { Bitmap(count: $0.recipients.count) }
    var hasNull = false
    for (row, word) in column.words.enumerated() {
      if column.isNull(row) {
        hasNull = true
      } else {
        members[Int(word >> 32)].insert(Int(UInt32(truncatingIfNeeded: word)) - 1)
      }
    }
    self.members = members
    self.hasNull = hasNull
  }

  /// Whether a recipient's word is one of them.
  @inline(__always)
  func contains(_ word: UInt64) -> Bool {
    members[Int(word >> 32)].contains(Int(UInt32(truncatingIfNeeded: word)) - 1)
  }

  /// The truth by recipient code of one shard, whose first is NULL's.
  func truths(shard: Int, count: Int) -> [UInt8] {
    let missing = hasNull ? Truth.unknown : .no
    return [Truth.unknown.rawValue]
      + (0..<count - 1).map { (members[shard].contains($0) ? .yes : missing).rawValue }
  }
}

extension RecipientSet: Hashable {
  static func == (left: RecipientSet, right: RecipientSet) -> Bool {
    left === right || left.hasNull == right.hasNull && left.members == right.members
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(hasNull)
    hasher.combine(members.map(\.count))
  }
}
