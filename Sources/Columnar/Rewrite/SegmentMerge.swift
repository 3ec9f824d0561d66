// New segments of the rows that stay: in the order of segments (`EventOrder`) over the whole shard, each as full as
// segments may be. So a rewrite also merges small segments, and afterwards most blocks hold one kind and a short span
// of time.
//
// One column at a time is decoded for all rows, always into the same memory: of large arrays made anew for every column
// the system would clear each page each time. The most this takes is 36 bytes for each row of one shard, while its rows
// are sorted.
//
// SAFETY: a column's scratch has room for all rows that stay, and behind them for the whole segment that is read last
// and the decoders' slack; the order is a permutation of the rows that stay, and no segment has more rows than are
// gathered at once.

internal import Base

struct SegmentMerge {
  let selection: RowSelection
  /// The new number of each message that stays.
  let messageNumbers: [UInt32]
  /// By user-agent code, 1 for a machine.
  let machineMarks: [UInt8]

  /// - Parameter rowCountMax: of one segment.
  func segments(rowCountMax: Int, forcing: Encoding?) -> [Segment] {
    let longest = selection.parts.reduce(0) { max($0, $1.segment.rowCount) }
    let capacity = selection.rowCount + longest + Limits.blockSlack
    return withUnsafeTemporaryAllocation(of: UInt64.self, capacity: capacity) { scratch in
      let order = RadixSort.order(of: keys(scratch))
      let starts = Array(stride(from: 0, to: order.count, by: rowCountMax))
      let runs = starts.map { order[$0..<min($0 + rowCountMax, order.count)] }
      var columns = runs.map { _ in [EncodedColumn]() }
      for column in EventColumn.allCases {
        let made = self.columns(column, runs, scratch, forcing)
        for (index, column) in made.enumerated() { columns[index].append(column) }
      }
      return columns.map { Segment(rowCount: $0[0].rowCount, columns: $0) }
    }
  }

  /// What rows are sorted by.
  private func keys(_ scratch: UnsafeMutableBufferPointer<UInt64>) -> [UInt64] {
    var keys = Array(values(.time, scratch))
    let order = EventOrder(earliest: keys.min() ?? 0, machineMarks: machineMarks)
    for index in keys.indices { keys[index] = order.ofTime(keys[index]) }
    add(.kind, to: &keys, scratch) { order.ofPart(kind: $0, userAgent: 0, flags: 0) }
    add(.userAgent, to: &keys, scratch) { order.ofPart(kind: 0, userAgent: $0, flags: 0) }
    add(.flags, to: &keys, scratch) { order.ofPart(kind: 0, userAgent: 0, flags: $0) }
    return keys
  }

  /// Sets the bits of each key that a column's value has in it.
  private func add(
    _ column: EventColumn, to keys: inout [UInt64],
    _ scratch: UnsafeMutableBufferPointer<UInt64>, _ part: (UInt64) -> UInt64
  ) {
    let values = values(column, scratch)
    for index in keys.indices { keys[index] |= part(values[index]) }
  }

  /// A column of the new segments, whose rows are `runs`.
  private func columns(
    _ column: EventColumn, _ runs: [ArraySlice<UInt32>],
    _ scratch: UnsafeMutableBufferPointer<UInt64>, _ forcing: Encoding?
  ) -> [EncodedColumn] {
    let values = values(column, scratch)
    let countMax = runs.reduce(0) { max($0, $1.count) }
    return withUnsafeTemporaryAllocation(of: UInt64.self, capacity: countMax) { gathered in
      runs.map { rows in
        SegmentMerge.gather(values, rows, into: gathered)
        return EncodedColumn(
          encoding: UnsafeBufferPointer(rebasing: gathered[..<rows.count]), forcing: forcing)
      }
    }
  }

  /// The values of all rows that stay; in the scratch, until others are read.
  private func values(
    _ column: EventColumn, _ scratch: UnsafeMutableBufferPointer<UInt64>
  ) -> UnsafeBufferPointer<UInt64> {
    guard let base = scratch.baseAddress else { return UnsafeBufferPointer(scratch) }
    var count = 0
    for part in selection.parts {
      part.segment[column].decodeAll(into: base + count)
      SegmentMerge.close(base + count, part)
      count += part.rowCount
    }
    if column == .message {
      for row in 0..<count { base[row] = UInt64(messageNumbers[Int(base[row])]) }
    }
    return UnsafeBufferPointer(start: base, count: count)
  }

  /// Moves the values of rows that stay to the front.
  private static func close(_ values: UnsafeMutablePointer<UInt64>, _ part: RowSelection.Part) {
    guard let removed = part.removed else { return }
    var (row, target) = (0, 0)
    while target < part.rowCount {
      if !removed.contains(row) {
        values[target] = values[row]
        target &+= 1
      }
      row &+= 1
    }
  }

  private static func gather(
    _ values: UnsafeBufferPointer<UInt64>, _ rows: ArraySlice<UInt32>,
    into target: UnsafeMutableBufferPointer<UInt64>
  ) {
    rows.withUnsafeBufferPointer { rows in
      var index = 0
      while index < rows.count {
        target[index] = values[Int(rows[index])]
        index &+= 1
      }
    }
  }
}
