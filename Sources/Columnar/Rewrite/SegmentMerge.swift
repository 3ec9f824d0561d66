// New segments of the rows that stay: in the order of segments (`EventOrder`) over the whole shard, each as full as
// segments may be. So a rewrite also merges small segments, and afterwards most blocks hold one kind and a short span
// of time.
//
// One column at a time is decoded for all rows, so the most memory this takes is 16 bytes for each row of one shard.
//
// SAFETY: a column's scratch has room for all rows that stay, and behind them for the whole segment that is read last
// and the decoders' slack; the order is a permutation of the rows that stay.

internal import Base

struct SegmentMerge {
  let selection: RowSelection
  /// The new number of each message that stays.
  let messageNumbers: [UInt32]
  /// By user-agent code, 1 for a machine.
  let machineMarks: [UInt8]

  /// - Parameter rowCountMax: of one segment.
  func segments(rowCountMax: Int, forcing: Encoding?) -> [Segment] {
    let order = RadixSort.order(of: keys())
    let starts = Array(stride(from: 0, to: order.count, by: rowCountMax))
    var columns = starts.map { _ in [EncodedColumn]() }
    for column in EventColumn.allCases {
      let values = values(column)
      for (index, start) in starts.enumerated() {
        let rows = order[start..<min(start + rowCountMax, order.count)]
        columns[index].append(SegmentMerge.gather(values, rows, forcing))
      }
    }
    return columns.map { Segment(rowCount: $0[0].rowCount, columns: $0) }
  }

  /// What rows are sorted by.
  private func keys() -> [UInt64] {
    var keys = values(.time)
    let order = EventOrder(earliest: keys.min() ?? 0, machineMarks: machineMarks)
    for index in keys.indices { keys[index] = order.ofTime(keys[index]) }
    add(.kind, to: &keys) { order.ofPart(kind: $0, userAgent: 0, flags: 0) }
    add(.userAgent, to: &keys) { order.ofPart(kind: 0, userAgent: $0, flags: 0) }
    add(.flags, to: &keys) { order.ofPart(kind: 0, userAgent: 0, flags: $0) }
    return keys
  }

  /// Sets the bits of each key that a column's value has in it.
  private func add(_ column: EventColumn, to keys: inout [UInt64], _ part: (UInt64) -> UInt64) {
    let values = values(column)
    for index in keys.indices { keys[index] |= part(values[index]) }
  }

  /// The values of all rows that stay.
  private func values(_ column: EventColumn) -> [UInt64] {
    let longest = selection.parts.reduce(0) { max($0, $1.segment.rowCount) }
    let capacity = selection.rowCount + longest + Limits.blockSlack
    return [UInt64](unsafeUninitializedCapacity: capacity) { buffer, count in
      guard let base = buffer.baseAddress else { return }
      for part in selection.parts {
        part.segment[column].decodeAll(into: base + count)
        SegmentMerge.close(base + count, part)
        count += part.rowCount
      }
      guard column == .message else { return }
      for row in 0..<count { base[row] = UInt64(messageNumbers[Int(base[row])]) }
    }
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
    _ values: [UInt64], _ rows: ArraySlice<UInt32>, _ forcing: Encoding?
  ) -> EncodedColumn {
    let gathered = [UInt64](unsafeUninitializedCapacity: rows.count) { buffer, count in
      rows.withUnsafeBufferPointer { rows in
        values.withUnsafeBufferPointer { values in
          while count < rows.count {
            buffer[count] = values[Int(rows[count])]
            count &+= 1
          }
        }
      }
    }
    return gathered.withUnsafeBufferPointer { EncodedColumn(encoding: $0, forcing: forcing) }
  }
}
