// One attribute of a shard's recipients while it takes statements.

internal import Base
internal import Columnar

struct AttributeColumn {
  /// Value codes by recipient; shorter than the recipients where the rest has no value.
  let values: StableBuffer<UInt32>
  let marks: BlockMarks

  /// States the value of a recipient; of several the last one stays.
  @inline(__always)
  func state(_ recipient: UInt32, as value: UInt32) {
    if Int(recipient) >= values.count { grow(to: Int(recipient)) }
    values.base[Int(recipient)] = value
    marks.mark(Int(recipient))
  }

  /// Fills up with recipients that have no value, up to one that is about to get one.
  @inline(never)
  private func grow(to recipient: Int) {
    let count = values.count
    for row in stride(from: count, through: recipient, by: Columnar.Limits.blockRowCount) {
      marks.mark(row)
    }
    let missing = recipient + 1 - count
    values.grow(by: missing).initialize(repeating: 0, count: missing)
  }
}
