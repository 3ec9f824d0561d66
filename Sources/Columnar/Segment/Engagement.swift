// Opens and clicks, those of people and those of machines apart: what is counted beforehand.
//
// SAFETY: scratch columns hold a block and the decoders' slack; there is a mark for every user agent that rows name.

package import Base

/// What is counted together.
package enum EngagementPart: Int, CaseIterable, Sendable {
  case humanOpens = 0
  case machineOpens = 1
  case humanClicks = 2
  case machineClicks = 3

  /// The opens or clicks of people; those of machines are the next part.
  static let kinds: [(kind: EventKind, part: EngagementPart)] = [
    (.opened, .humanOpens), (.clicked, .humanClicks),
  ]

  /// What people did and what machines did of a kind; nil for kinds that are neither opens nor clicks.
  package static func parts(
    of kind: EventKind
  ) -> (human: EngagementPart, machine: EngagementPart)? {
    switch kind {
    case .opened: (.humanOpens, .machineOpens)
    case .clicked: (.humanClicks, .machineClicks)
    default: nil
    }
  }

  /// The part of an event; nil when it is neither an open nor a click.
  ///
  /// - Parameter machineMarks: by user-agent code, 1 for a machine and 0 for a person.
  init?(_ row: EventRow, _ machineMarks: [UInt8]) {
    guard let (_, human) = EngagementPart.kinds.first(where: { $0.kind.rawValue == row.kind })
    else { return nil }
    let isMachine = machineMarks[Int(row.userAgent)] | row.flags & EventFlags.head
    self.init(rawValue: human.rawValue + Int(isMachine))
  }
}

/// The columns of a segment that say whose open or click a row is, and when it was.
struct EngagementColumns {
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
    forEachBlock(rows) { _, rows, message, isMachine in
      var row = rows.lowerBound
      while row < rows.upperBound {
        body(Int(message[row]), Int(isMachine[row]))
        row &+= 1
      }
    }
  }

  /// Calls `body` with each block that has some of the rows, which rows of it these are, and by row of the block the
  /// message, and 1 where a machine did it, else 0.
  @inline(__always)
  func forEachBlock(
    _ rows: Range<Int>,
    _ body: (Int, Range<Int>, UnsafePointer<UInt32>, UnsafePointer<UInt32>) -> Void
  ) {
    guard !rows.isEmpty else { return }
    let capacity = Limits.blockRowCount + Limits.blockSlack
    let head = UInt32(EventFlags.head)
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 3 * capacity) { scratch in
      guard let message = scratch.baseAddress else { return }
      let (agent, flag) = (message + capacity, message + 2 * capacity)
      machineMarks.withUnsafeBufferPointer { marks in
        for block in rows.blocks {
          messages.decode(block: block, into: message)
          agents.decode(block: block, into: agent)
          flags.decode(block: block, into: flag)
          let start = block * Limits.blockRowCount
          let inside = rows.rows(inBlock: block)
          let shown = inside.lowerBound - start..<inside.upperBound - start
          var row = shown.lowerBound
          while row < shown.upperBound {
            flag[row] = UInt32(marks[Int(agent[row])]) | flag[row] & head
            row &+= 1
          }
          body(block, shown, message, flag)
        }
      }
    }
  }
}
