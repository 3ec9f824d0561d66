// Random histories of opens and clicks, and what they are when counted row by row.

import Base
import Columnar
import TestSupport

enum EngagementSamples {
  /// By user-agent code: none, a person's, a machine's, a person's.
  static let machineMarks: [UInt8] = [0, 0, 1, 0]

  /// Rows of all sorts at any hours before and after 1970, some not engagement at all.
  static func rows(
    _ random: inout PRNG, _ messageCount: Int, count: Int? = nil
  ) -> [EventRow] {
    (0..<(count ?? random.below(300))).map { _ in
      var row = EventRow()
      row.kind = random.pick([EventKind.opened, .opened, .clicked, .sent, .unsubscribed]).rawValue
      row.message = UInt32(random.below(messageCount))
      row.userAgent = UInt32(random.below(machineMarks.count))
      row.flags = random.isHit(0.1) ? EventFlags.head : 0
      row.time = Int64(random.below(400_000_000)) - 100_000_000
      row.link = UInt32(random.below(4))
      return row
    }
  }

  /// The naive part of a row.
  static func part(of row: EventRow) -> EngagementPart? {
    let isMachine = row.userAgent == 2 || row.flags & EventFlags.head != 0
    return switch EventKind(rawValue: row.kind) {
    case .opened: isMachine ? .machineOpens : .humanOpens
    case .clicked: isMachine ? .machineClicks : .humanClicks
    default: nil
    }
  }

  /// Lets events arrive: some as rows, some sealed, and then those that were rows before are sealed with them.
  ///
  /// - Parameter step: is told of each change, and of all rows so far.
  /// - Returns: the segments that hold all of them in the end.
  @discardableResult
  static func arrive(
    _ random: inout PRNG, _ messageCount: Int, step: (EventChange, [EventRow]) -> Void
  ) -> [Segment] {
    var seen: [EventRow] = []
    var sealed: [Segment] = []
    var open: [Segment] = []
    var builder = SegmentBuilder(rowCountMax: 100_000)
    for _ in 0..<random.below(8) {
      let taken = builder.rowCount
      let fresh = rows(&random, messageCount)
      for row in fresh { builder.append(row) }
      seen += fresh
      var change = EventChange(removed: [], added: [], rows: nil)
      if random.isHit(0.3) {
        change.removed = open
        change.added = [builder.seal()]
        sealed += change.added
        open = []
      } else {
        let run = builder.lend().suffix(from: taken)
        change.rows = run
        open.append(run.segment(forcing: nil))
      }
      step(change, seen)
    }
    return sealed + open
  }
}
