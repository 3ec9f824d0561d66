// Binary search in what ascends.

extension RandomAccessCollection where Index == Int, Element: Comparable {
  /// The first index of an element that is not below `bound`, or the end; elements ascend.
  @inlinable package func firstIndex(notBelow bound: Element) -> Int {
    var (low, high) = (startIndex, endIndex)
    while low < high {
      let middle = low + (high - low) / 2
      if self[middle] < bound { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
