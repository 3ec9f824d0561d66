// Which rows of a shard stay when events are removed, and which messages still have one. Segments are read one after
// the other, block by block; one that goes as a whole is not read at all.
//
// SAFETY: scratch has room for a block and the decoders' slack; messages of rows were checked to be below their count.

internal import Base

struct RowSelection {
  /// A segment some rows of which stay.
  struct Part {
    let segment: Segment
    /// The rows that go; nil when all stay.
    let removed: Bitmap?
    /// How many rows stay.
    let rowCount: Int
  }

  private(set) var parts: [Part] = []
  /// How many rows stay in all parts.
  private(set) var rowCount = 0
  /// How many rows go.
  private(set) var removedCount = 0
  /// The messages with a row that stays.
  private(set) var messages: Bitmap
  private let cutoffs: TimeCutoffs
  private let removedMessages: Bitmap?

  /// - Parameters:
  ///   - messageCount: of the shard.
  ///   - removedMessages: whose rows go, whatever their time; nil for none.
  init(
    _ segments: [Segment], messageCount: Int, _ cutoffs: TimeCutoffs, removedMessages: Bitmap?
  ) {
    messages = Bitmap(count: messageCount)
    self.cutoffs = cutoffs
    self.removedMessages = removedMessages
    for segment in segments { add(segment) }
  }

  /// All rows stay, and nobody asks for their messages.
  init(all segments: [Segment]) {
    messages = Bitmap(count: 0)
    (cutoffs, removedMessages) = (TimeCutoffs(), nil)
    parts = segments.map { Part(segment: $0, removed: nil, rowCount: $0.rowCount) }
    rowCount = parts.reduce(0) { $0 + $1.rowCount }
  }

  private mutating func add(_ segment: Segment) {
    guard !cutoffs.covers(segment) else {
      removedCount += segment.rowCount
      return
    }
    var removed = Bitmap(count: segment.rowCount)
    let hasOldRows = cutoffs.mayReach(into: segment)
    let messages = segment[.message]
    let stored = hasOldRows ? segment[.time] : nil
    let capacity = Limits.blockRowCount + Limits.blockSlack
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: capacity) { ordinals in
      withUnsafeTemporaryAllocation(of: UInt64.self, capacity: capacity) { times in
        guard let ordinals = ordinals.baseAddress, let times = times.baseAddress else { return }
        for block in 0..<segment.blockCount {
          if let stored { removeOld(segment, stored, block, times, &removed) }
          messages.decode(block: block, into: ordinals)
          settle(
            block,
            UnsafeBufferPointer(start: ordinals, count: segment.blockRowCount(block)),
            &removed)
        }
      }
    }
    let count = removed.count
    removedCount += count
    guard count < segment.rowCount else { return }
    rowCount += segment.rowCount - count
    parts.append(
      Part(
        segment: segment, removed: count == 0 ? nil : removed,
        rowCount: segment.rowCount - count))
  }

  /// Removes the rows of a block that are older than their kind may be.
  private func removeOld(
    _ segment: Segment, _ stored: EncodedColumn, _ block: Int,
    _ times: UnsafeMutablePointer<UInt64>, _ removed: inout Bitmap
  ) {
    let zone = segment.blocks(.time)[block]
    let start = block * Limits.blockRowCount
    let end = start + segment.blockRowCount(block)
    var isDecoded = false
    for kind in EventKind.allCases where zone.minimum < cutoffs[kind.rawValue] {
      let rows = segment.rows(ofKind: kind.rawValue).clamped(to: start..<end)
      guard !rows.isEmpty else { continue }
      if !isDecoded { stored.decode(block: block, into: times) }
      isDecoded = true
      let cutoff = cutoffs[kind.rawValue]
      var row = rows.lowerBound
      while row < rows.upperBound {
        if times[row &- start] < cutoff { removed.insert(row) }
        row &+= 1
      }
    }
  }

  /// Removes the rows of a block whose message goes, and notes the messages of those that stay.
  private mutating func settle(
    _ block: Int, _ ordinals: UnsafeBufferPointer<UInt32>, _ removed: inout Bitmap
  ) {
    let start = block * Limits.blockRowCount
    var index = 0
    while index < ordinals.count {
      let message = Int(ordinals[index])
      if let removedMessages, removedMessages.contains(message) {
        removed.insert(start &+ index)
      } else if !removed.contains(start &+ index) {
        messages.insert(message)
      }
      index &+= 1
    }
  }
}
