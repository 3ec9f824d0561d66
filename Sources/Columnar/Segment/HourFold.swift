// Counts a shard's opens and clicks by campaign and hour. Rows come mostly in the order of time, so the hour changes
// seldom, and what is touched per row is a counter of its campaign.
//
// SAFETY: every row's message was checked to be below the message count; there are counters for every campaign of a
// message, and a place in the list of touched ones for each and one behind them, where writing comes before deciding.

internal import Base

package struct HourFold: ~Copyable {
  /// The campaign's code, by message.
  private let campaigns: EncodedColumn
  private let machineMarks: [UInt8]
  private var cells: [HourCounts.Cell] = []

  /// So many cells are put together before there are more.
  private static let cellCountMax = 1 << 18

  /// - Parameters:
  ///   - campaigns: the code of each message's campaign.
  ///   - machineMarks: by user-agent code, 1 for a machine and 0 for a person.
  package init(campaigns: EncodedColumn, machineMarks: [UInt8]) {
    self.campaigns = campaigns
    self.machineMarks = machineMarks
  }

  /// The cells of what changed: one for each place, ascending.
  package consuming func cells(of change: EventChange) -> [HourCounts.Cell] {
    change.rows?.withRows { rows in for row in rows { add(row) } }
    if !change.removed.isEmpty || !change.added.isEmpty {
      let campaigns = campaigns.decodedCodes()
      var counters = CampaignCounters(campaignCount: Int(campaigns.max() ?? 0) + 1)
      for segment in change.removed { add(segment, -1, campaigns, &counters) }
      for segment in change.added { add(segment, 1, campaigns, &counters) }
    }
    return HourCounts.sum(cells)
  }

  private mutating func add(_ row: EventRow) {
    guard let part = EngagementPart(row, machineMarks) else { return }
    let campaign = UInt32(truncatingIfNeeded: campaigns.value(at: Int(row.message)))
    let hour = HourSpan(around: TimeBias.store(row.time)).number
    cells.append(HourCounts.Cell(part, campaign: campaign, hour: hour, count: 1))
  }

  private mutating func add(
    _ segment: Segment, _ sign: Int64, _ campaigns: [UInt32], _ counters: inout CampaignCounters
  ) {
    let times = segment[.time]
    for (kind, part) in EngagementPart.kinds {
      var hour = HourSpan()
      let rows = segment.rows(ofKind: kind.rawValue)
      EngagementColumns(segment, machineMarks).forEachBlock(rows) { block, rows, message, machine in
        let times = times.decoded(block: block)
        campaigns.withUnsafeBufferPointer { campaigns in
          for row in rows {
            if !hour.contains(times[row]) {
              counters.take(part, hour.number, sign, into: &cells)
              hour = HourSpan(around: times[row])
            }
            counters.count(Int(campaigns[Int(message[row])]), isMachine: Int(machine[row]))
          }
        }
      }
      counters.take(part, hour.number, sign, into: &cells)
    }
    if cells.count > HourFold.cellCountMax { cells = HourCounts.sum(cells) }
  }
}

/// For each campaign a counter of what people did in the hour at hand, and one of machines.
private struct CampaignCounters: ~Copyable {
  private let counts: UnsafeMutablePointer<UInt32>
  /// The counters that are not 0.
  private let touched: UnsafeMutablePointer<UInt32>
  private var touchedCount = 0

  init(campaignCount: Int) {
    counts = .allocate(capacity: 2 * campaignCount)
    counts.initialize(repeating: 0, count: 2 * campaignCount)
    touched = .allocate(capacity: 2 * campaignCount + 1)
  }

  deinit {
    counts.deallocate()
    touched.deallocate()
  }

  @inline(__always)
  mutating func count(_ campaign: Int, isMachine: Int) {
    let counter = campaign << 1 | isMachine
    touched[touchedCount] = UInt32(truncatingIfNeeded: counter)
    touchedCount &+= counts[counter] == 0 ? 1 : 0
    counts[counter] &+= 1
  }

  /// Makes cells of the counters, which are 0 then.
  mutating func take(
    _ human: EngagementPart, _ hour: Int32, _ sign: Int64, into cells: inout [HourCounts.Cell]
  ) {
    for index in 0..<touchedCount {
      let counter = Int(touched[index])
      guard let part = EngagementPart(rawValue: human.rawValue + counter & 1) else { continue }
      let count = sign * Int64(counts[counter])
      cells.append(
        HourCounts.Cell(part, campaign: UInt32(counter >> 1), hour: hour, count: count))
      counts[counter] = 0
    }
    touchedCount = 0
  }
}
