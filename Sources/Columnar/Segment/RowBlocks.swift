// Ranges of rows cut where blocks end.

extension Range<Int> {
  /// The blocks that have some of these rows.
  package var blocks: Range<Int> {
    isEmpty
      ? 0..<0
      : lowerBound / Limits.blockRowCount..<(upperBound - 1) / Limits.blockRowCount + 1
  }

  /// Those of these rows that are in a block.
  package func rows(inBlock block: Int) -> Range<Int> {
    let start = block * Limits.blockRowCount
    return clamped(to: start..<start + Limits.blockRowCount)
  }
}
