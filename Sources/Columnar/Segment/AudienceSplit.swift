// Where in a segment people's opens and clicks end and those of machines begin, so that who asks about people looks at
// no row of a machine and need not find out whose a row is. It is derived, never stored: who is a machine may be judged
// differently tomorrow, and segments of other origin have them mixed.

package import Base

package struct AudienceSplit: Sendable {
  private let opens: Int?
  private let clicks: Int?

  /// - Parameter machineMarks: by user-agent code, 1 for a machine and 0 for a person.
  package init(_ segment: Segment, machineMarks: [UInt8]) {
    let columns = EngagementColumns(segment, machineMarks)
    opens = AudienceSplit.firstMachine(columns, segment.rows(ofKind: EventKind.opened.rawValue))
    clicks = AudienceSplit.firstMachine(columns, segment.rows(ofKind: EventKind.clicked.rawValue))
  }

  private static func firstMachine(_ columns: EngagementColumns, _ rows: Range<Int>) -> Int? {
    var (row, peopleEnd, strayCount) = (rows.lowerBound, rows.lowerBound, 0)
    columns.forEach(rows) { _, isMachine in
      strayCount &+= (1 &- isMachine) & (peopleEnd == row ? 0 : 1)
      peopleEnd &+= 1 &- isMachine
      row &+= 1
    }
    return strayCount == 0 ? peopleEnd : nil
  }

  /// The first row of a machine among the opens or clicks, and the end of the kind's rows where there is none; nil when
  /// rows of people and machines are mixed, and for other kinds.
  package func firstMachine(of kind: EventKind) -> Int? {
    switch kind {
    case .opened: opens
    case .clicked: clicks
    default: nil
    }
  }
}
