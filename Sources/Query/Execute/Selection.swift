// The rows of one block that count, and the group of each: narrowed step by step, always in row order.
//
// SAFETY: both buffers hold Limits.blockRowCount values, and `count` never exceeds the block's rows.

internal import Base
internal import Columnar

struct Selection {
  private let rowBuffer: UnsafeMutableBufferPointer<UInt32>
  private let groupBuffer: UnsafeMutableBufferPointer<UInt32>
  private(set) var count = 0
  /// Whether all rows are selected, all of group 0, and not written down yet.
  private var isUnwritten = false

  init(rows: UnsafeMutableBufferPointer<UInt32>, groups: UnsafeMutableBufferPointer<UInt32>) {
    rowBuffer = rows
    groupBuffer = groups
  }

  var isEmpty: Bool { count == 0 }
  var rows: UnsafeBufferPointer<UInt32> { UnsafeBufferPointer(rebasing: rowBuffer[..<count]) }
  var groups: UnsafeBufferPointer<UInt32> { UnsafeBufferPointer(rebasing: groupBuffer[..<count]) }

  /// Takes all rows of a block whose message has a group.
  mutating func start(_ block: EventBlock, _ messages: MessageGroups) {
    let (ordinals, rowCount) = (block.codes(.message), block.count)
    guard let rows = rowBuffer.baseAddress, let groups = groupBuffer.baseAddress else { return }
    if let marks = messages.marks {
      startMarked(ordinals, rowCount, marks, messages.sieve)
      if messages.groups.isEmpty { return groups.update(repeating: 0, count: count) }
      for index in 0..<count { groups[index] = messages.groups[Int(ordinals[Int(rows[index])])] }
      return
    }
    count = messages.groups.withUnsafeBufferPointer { groupOfMessage in
      var (row, kept) = (0, 0)
      if !messages.hasGaps {
        while row < rowCount {
          rows[row] = UInt32(truncatingIfNeeded: row)
          groups[row] = groupOfMessage[Int(ordinals[row])]
          row &+= 1
        }
        return rowCount
      }
      while row < rowCount {
        let group = groupOfMessage[Int(ordinals[row])]
        rows[kept] = UInt32(truncatingIfNeeded: row)
        groups[kept] = group
        kept &+= group != MessageGroups.none ? 1 : 0
        row &+= 1
      }
      return kept
    }
  }

  /// Takes the rows whose message is marked; their groups are not written.
  private mutating func startMarked(
    _ ordinals: UnsafePointer<UInt32>, _ rowCount: Int, _ marks: Bitmap, _ sieve: MessageSieve?
  ) {
    guard let rows = rowBuffer.baseAddress else { return }
    count = marks.withWords { words in
      var kept = 0
      let keep = { (start: Int, end: Int) in
        var row = start
        while row < end {
          let message = ordinals[row]
          rows[kept] = UInt32(truncatingIfNeeded: row)
          kept &+= Int(truncatingIfNeeded: words[Int(message >> 6)] &>> UInt64(message & 63) & 1)
          row &+= 1
        }
      }
      if let sieve { sieve.forEachRun(ordinals, rowCount, keep) } else { keep(0, rowCount) }
      return kept
    }
  }

  /// Takes all rows of a block, all of group 0, which are written down by whoever drops some first, or by `write`.
  mutating func startUnwritten(_ rowCount: Int) {
    count = rowCount
    isUnwritten = true
  }

  /// Writes down what was not yet.
  mutating func write() { if isUnwritten { startWhole(count) } }

  /// Takes all rows of a block, all of group 0.
  mutating func startWhole(_ rowCount: Int) {
    for row in 0..<rowCount {
      rowBuffer[row] = UInt32(row)
      groupBuffer[row] = 0
    }
    count = rowCount
    isUnwritten = false
  }

  /// Takes the rows that are left for the first ones of a narrowed block.
  mutating func renumber() {
    for row in 0..<count { rowBuffer[row] = UInt32(row) }
  }

  /// Drops all rows.
  mutating func clear() { count = 0 }

  /// Drops the rows for which `isKept` is false.
  @inline(__always)
  mutating func keep(_ isKept: (Int) -> Bool) { keepMarked { isKept($0) ? 1 : 0 } }

  /// Drops the rows whose mark is 0; the others have 1. Nothing is decided on the way, for whether a row stays is as
  /// good as random, and a processor that guesses wrong loses more than the whole row takes.
  @inline(__always)
  mutating func keepMarked(_ mark: (Int) -> Int) {
    guard let rows = rowBuffer.baseAddress, let groups = groupBuffer.baseAddress else { return }
    let rowCount = count
    var (index, kept) = (0, 0)
    if isUnwritten {
      isUnwritten = false
      while index < rowCount {
        rows[kept] = UInt32(truncatingIfNeeded: index)
        kept &+= mark(index)
        index &+= 1
      }
      groups.update(repeating: 0, count: kept)
      count = kept
      return
    }
    while index < rowCount {
      let row = rows[index]
      groups[kept] = groups[index]
      rows[kept] = row
      kept &+= mark(Int(row))
      index &+= 1
    }
    count = kept
  }

  /// Refines the groups by one key, given its code for every row of the block.
  mutating func refine(_ index: inout GroupIndex, byNarrow codes: UnsafePointer<UInt32>) {
    index.refine(UnsafeMutableBufferPointer(rebasing: groupBuffer[..<count]), rows, byNarrow: codes)
  }

  /// Refines the groups by one key, given its code for every row of the block.
  mutating func refine(_ index: inout GroupIndex, by codes: UnsafeMutableBufferPointer<Code>) {
    // Codes are moved to the front, so that they stand beside the groups.
    for position in 0..<count { codes[position] = codes[Int(rowBuffer[position])] }
    guard let base = codes.baseAddress else { return }
    index.refine(
      UnsafeMutableBufferPointer(rebasing: groupBuffer[..<count]), by: base,
      skipped: MessageGroups.none)
  }
}
