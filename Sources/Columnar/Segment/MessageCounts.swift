// How many opens and clicks each message of a shard has, those of people and those of machines apart. Whatever asks
// about engagement by message needs no more, and a message's counts take a few bits where its events take bytes.
//
// SAFETY: counts have one element per message and part; every row's message was checked to be below the message count,
// and there is a mark for every user agent that rows name.

internal import Base

package struct MessageCounts: Sendable {
  /// What is counted together.
  package enum Part: Int, CaseIterable, Sendable {
    case humanOpens = 0
    case machineOpens = 1
    case humanClicks = 2
    case machineClicks = 3

    /// The opens or clicks of people; those of machines are the next part.
    fileprivate static let kinds: [(kind: EventKind, part: Part)] = [
      (.opened, .humanOpens), (.clicked, .humanClicks),
    ]
  }

  private var messageCount = 0
  /// By part: a count per message. Messages that came later have none.
  private var columns: [EncodedColumn]
  /// By part: the message of each event that is not in the columns yet. They are few: columns are encoded anew when
  /// they would no longer be.
  private var pending: [[UInt32]]

  /// No messages.
  package init() {
    let empty = [UInt32]().withUnsafeBufferPointer { EncodedColumn(encoding: $0) }
    columns = Part.allCases.map { _ in empty }
    pending = Part.allCases.map { _ in [] }
  }

  /// Memory of columns and of what is not in them yet.
  package var byteCount: Int {
    columns.reduce(0) { $0 + $1.byteCount } + pending.reduce(0) { $0 + $1.capacity * 4 }
  }

  /// The counts of a part, by message.
  package func counts(_ part: Part) -> [UInt32] {
    var counts = columns[part.rawValue].decodedCodes()
    counts.append(contentsOf: repeatElement(0, count: messageCount - counts.count))
    for message in pending[part.rawValue] { counts[Int(message)] &+= 1 }
    return counts
  }

  /// What happened to the events that are counted.
  package struct Change {
    /// Segments whose events are no longer counted, and others whose events are.
    package var removed: [Segment]
    package var added: [Segment]
    /// Further events.
    package var rows: RowRun?

    package init(removed: [Segment], added: [Segment], rows: RowRun?) {
      self.removed = removed
      self.added = added
      self.rows = rows
    }
  }

  /// Brings the counts up to date.
  ///
  /// - Parameters:
  ///   - messageCount: at least the messages there are now.
  ///   - machineMarks: by user-agent code, 1 for a machine and 0 for a person.
  package mutating func update(_ change: Change, messageCount: Int, machineMarks: [UInt8]) {
    self.messageCount = messageCount
    if let rows = change.rows { add(rows, machineMarks) }
    let pendingCount = pending.reduce(0) { $0 + $1.count }
    let pendingCountMax = max(Limits.blockRowCount, messageCount / 8)
    guard !change.removed.isEmpty || !change.added.isEmpty || pendingCount > pendingCountMax
    else { return }
    // One part behind the other, so that an event's place follows from its part without a branch.
    var counts = Part.allCases.flatMap { self.counts($0) }
    counts.withUnsafeMutableBufferPointer { counts in
      for segment in change.removed { fold(segment, machineMarks) { counts[$0] &-= 1 } }
      for segment in change.added { fold(segment, machineMarks) { counts[$0] &+= 1 } }
    }
    columns = Part.allCases.map { part in
      counts.withUnsafeBufferPointer { counts in
        let start = part.rawValue * messageCount
        return EncodedColumn(
          encoding: UnsafeBufferPointer(rebasing: counts[start..<start + messageCount]))
      }
    }
    pending = Part.allCases.map { _ in [] }
  }

  private mutating func add(_ rows: RowRun, _ machineMarks: [UInt8]) {
    rows.withRows { rows in
      for row in rows {
        guard let (_, part) = Part.kinds.first(where: { $0.kind.rawValue == row.kind }) else {
          continue
        }
        let isMachine = machineMarks[Int(row.userAgent)] | row.flags & EventFlags.head
        pending[part.rawValue + Int(isMachine)].append(row.message)
      }
    }
  }

  /// Calls `change` with the place of the count of each open and click of a segment.
  @inline(__always)
  private func fold(_ segment: Segment, _ machineMarks: [UInt8], _ change: (Int) -> Void) {
    for (kind, part) in Part.kinds {
      let rows = segment.rows(ofKind: kind.rawValue)
      guard !rows.isEmpty else { continue }
      let start = part.rawValue * messageCount
      EngagementColumns(segment, machineMarks).forEach(rows) { message, isMachine in
        change(start &+ isMachine &* messageCount &+ message)
      }
    }
  }
}

/// The columns that say whose open or click a row is.
private struct EngagementColumns {
  private let messages: EncodedColumn
  private let agents: EncodedColumn
  private let flags: EncodedColumn
  private let machineMarks: [UInt8]

  init(_ segment: Segment, _ machineMarks: [UInt8]) {
    (messages, agents, flags) = (segment[.message], segment[.userAgent], segment[.flags])
    self.machineMarks = machineMarks
  }

  /// Calls `body` with the message of each row, and 1 where a machine did it, else 0.
  @inline(__always)
  func forEach(_ rows: Range<Int>, _ body: (Int, Int) -> Void) {
    let capacity = Limits.blockRowCount + Limits.blockSlack
    let head = UInt32(EventFlags.head)
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 3 * capacity) { scratch in
      guard let message = scratch.baseAddress else { return }
      let (agent, flag) = (message + capacity, message + 2 * capacity)
      machineMarks.withUnsafeBufferPointer { marks in
        let lastBlock = (rows.upperBound - 1) / Limits.blockRowCount
        for block in rows.lowerBound / Limits.blockRowCount...lastBlock {
          messages.decode(block: block, into: message)
          agents.decode(block: block, into: agent)
          flags.decode(block: block, into: flag)
          let start = block * Limits.blockRowCount
          var row = max(rows.lowerBound, start) - start
          let end = min(rows.upperBound - start, Limits.blockRowCount)
          while row < end {
            let isMachine = UInt32(marks[Int(agent[row])]) | flag[row] & head
            body(Int(message[row]), Int(isMachine))
            row &+= 1
          }
        }
      }
    }
  }
}
