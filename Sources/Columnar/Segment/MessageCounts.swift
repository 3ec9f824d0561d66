// How many opens and clicks each message of a shard has, those of people and those of machines apart. Whatever asks
// about engagement by message needs no more, and a message's counts take a few bits where its events take bytes.
//
// SAFETY: counts have one element per message and part; every row's message was checked to be below the message count.

internal import Base

package struct MessageCounts: Sendable {
  private var messageCount = 0
  /// By part: a count per message. Messages that came later have none.
  private var columns: [EncodedColumn]
  /// By part: the message of each event that is not in the columns yet. They are few: columns are encoded anew when
  /// they would no longer be.
  private var pending: [[UInt32]]

  /// No messages.
  package init() {
    columns = EngagementPart.allCases.map { _ in .empty }
    pending = EngagementPart.allCases.map { _ in [] }
  }

  /// Memory of columns and of what is not in them yet.
  package var byteCount: Int {
    columns.reduce(0) { $0 + $1.byteCount } + pending.reduce(0) { $0 + $1.capacity * 4 }
  }

  /// The counts of a part, by message.
  package func counts(_ part: EngagementPart) -> [UInt32] {
    var counts = columns[part.rawValue].decodedCodes()
    counts.append(contentsOf: repeatElement(0, count: messageCount - counts.count))
    for message in pending[part.rawValue] { counts[Int(message)] &+= 1 }
    return counts
  }

  /// The counts of a part as a column by message.
  package func column(_ part: EngagementPart) -> EncodedColumn {
    let column = columns[part.rawValue]
    if column.rowCount == messageCount, pending[part.rawValue].isEmpty { return column }
    return counts(part).withUnsafeBufferPointer { EncodedColumn(encoding: $0, forcing: .plain) }
  }

  /// Brings the counts up to date.
  ///
  /// - Parameters:
  ///   - messageCount: at least the messages there are now.
  ///   - machineMarks: by user-agent code, 1 for a machine and 0 for a person.
  package mutating func update(_ change: EventChange, messageCount: Int, machineMarks: [UInt8]) {
    self.messageCount = messageCount
    if let rows = change.rows { add(rows, machineMarks) }
    let pendingCount = pending.reduce(0) { $0 + $1.count }
    let pendingCountMax = max(Limits.blockRowCount, messageCount / 8)
    guard !change.removed.isEmpty || !change.added.isEmpty || pendingCount > pendingCountMax
    else { return }
    // One part behind the other, so that an event's place follows from its part without a branch.
    var counts = EngagementPart.allCases.flatMap { self.counts($0) }
    counts.withUnsafeMutableBufferPointer { counts in
      for segment in change.removed { fold(segment, machineMarks) { counts[$0] &-= 1 } }
      for segment in change.added { fold(segment, machineMarks) { counts[$0] &+= 1 } }
    }
    columns = EngagementPart.allCases.map { part in
      counts.withUnsafeBufferPointer { counts in
        let start = part.rawValue * messageCount
        return EncodedColumn(
          encoding: UnsafeBufferPointer(rebasing: counts[start..<start + messageCount]))
      }
    }
    pending = EngagementPart.allCases.map { _ in [] }
  }

  private mutating func add(_ rows: RowRun, _ machineMarks: [UInt8]) {
    rows.withRows { rows in
      for row in rows {
        guard let part = EngagementPart(row, machineMarks) else { continue }
        pending[part.rawValue].append(row.message)
      }
    }
  }

  /// Calls `change` with the place of the count of each open and click of a segment.
  @inline(__always)
  private func fold(_ segment: Segment, _ machineMarks: [UInt8], _ change: (Int) -> Void) {
    for (kind, part) in EngagementPart.kinds {
      let start = part.rawValue * messageCount
      let rows = segment.rows(ofKind: kind.rawValue)
      EngagementColumns(segment, machineMarks).forEach(rows) { message, isMachine in
        change(start &+ isMachine &* messageCount &+ message)
      }
    }
  }
}
