// What the rows, groups and codes of one block are written to, block after block, so that no block asks for memory.
//
// SAFETY: every buffer holds Limits.blockRowCount values, which no block exceeds.

internal import Columnar

final class SelectionScratch {
  let rows: UnsafeMutableBufferPointer<UInt32>
  let groups: UnsafeMutableBufferPointer<UInt32>
  /// Codes that fit 32 bits.
  let narrowCodes: UnsafeMutableBufferPointer<UInt32>
  let codes: UnsafeMutableBufferPointer<Code>

  init() {
    let count = Limits.blockRowCount
    rows = .allocate(capacity: count)
    groups = .allocate(capacity: count)
    narrowCodes = .allocate(capacity: count)
    codes = .allocate(capacity: count)
  }

  deinit {
    rows.deallocate()
    groups.deallocate()
    narrowCodes.deallocate()
    codes.deallocate()
  }
}
