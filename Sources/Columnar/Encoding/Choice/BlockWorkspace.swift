// The working memory of encoding one block, allocated once and shared by all columns that one thread encodes.
//
// SAFETY: both areas hold `Limits.blockRowCount` values, and no codec writes more than one per row. Whoever shares a
// workspace encodes one block at a time.

final class BlockWorkspace {
  /// The block's values, widened; room for codes once they are no longer needed.
  let values = UnsafeMutablePointer<UInt64>.allocate(capacity: Limits.blockRowCount)
  /// What is about to be packed.
  let integers = UnsafeMutablePointer<UInt64>.allocate(capacity: Limits.blockRowCount)
  var distinct = ValueSet()

  deinit {
    values.deallocate()
    integers.deallocate()
  }
}
