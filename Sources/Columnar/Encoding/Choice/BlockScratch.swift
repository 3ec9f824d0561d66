// One block's worth of working memory, allocated once per column.
//
// SAFETY: both areas hold `Limits.blockRowCount` values, and no codec writes more than one per row.

struct BlockScratch: ~Copyable {
  /// The block's values, widened.
  let values = UnsafeMutablePointer<UInt64>.allocate(capacity: Limits.blockRowCount)
  /// What is about to be packed.
  let integers = UnsafeMutablePointer<UInt64>.allocate(capacity: Limits.blockRowCount)

  init() {}

  deinit {
    values.deallocate()
    integers.deallocate()
  }
}
