// When each message of a shard was sent, as a column. Few questions ask for it, its events have it too, and it takes
// two bytes a message; so it is found when somebody first asks, and from then on brought up to date.

internal import Base
internal import Synchronization

package final class SentTimes: Sendable {
  private let segments: [Segment]
  private let messageCount: Int
  private let state: Mutex<EncodedColumn?>

  /// A larger part of all messages than one in so many is found anew.
  private static let patchedShare = 8

  /// - Parameters:
  ///   - segments: all events of the shard; in memory, or nobody will ask before these are known.
  ///   - known: the column, where it is known.
  package init(of segments: [Segment], messageCount: Int, known: EncodedColumn? = nil) {
    self.segments = segments
    self.messageCount = messageCount
    state = Mutex(known)
  }

  /// The column as below, if it was asked for.
  package var known: EncodedColumn? { state.withLock { $0 } }

  /// By message: the earliest `sent` event, biased (`TimeBias`). A message that was not sent, which its state says, has
  /// the time of a neighbour or 0, whatever takes the least room.
  package var column: EncodedColumn {
    if let known { return known }
    // Whoever publishes asks whether they are known, and must not wait for this.
    let found = find()
    return state.withLock { state in
      let column = state ?? found
      state = column
      return column
    }
  }

  private func find() -> EncodedColumn {
    let times = MessageTimes(earliest: .sent, of: segments, messageCount: messageCount)
    var encoder = ColumnEncoder(forcing: nil)
    for start in stride(from: 0, to: messageCount, by: Limits.blockRowCount) {
      let messages = start..<min(start + Limits.blockRowCount, messageCount)
      let filled = SentTimes.filled(messages.map { times[$0] })
      filled.withUnsafeBufferPointer { encoder.append($0) }
    }
    return encoder.column(rowCount: messageCount)
  }

  /// Fills the gaps of messages that were not sent.
  private static func filled(_ times: [UInt64]) -> [UInt64] {
    var times = times
    var previous = times.first { $0 != 0 } ?? 0
    for index in times.indices {
      if times[index] != 0 { previous = times[index] }
      times[index] = previous
    }
    return times
  }

  /// The times after a change; known only where these are.
  ///
  /// - Parameters:
  ///   - blocks: those of messages that are new.
  ///   - states: of the messages before the change.
  ///   - segments: all events that there are now.
  package func updated(
    by change: EventChange, blocks: [Int], states: EncodedColumn, segments: [Segment],
    messageCount: Int
  ) -> SentTimes {
    let unknown = SentTimes(of: segments, messageCount: messageCount)
    guard let known else { return unknown }
    let sends = SentTimes.sends(of: change)
    guard sends.count <= messageCount / SentTimes.patchedShare else { return unknown }
    let byBlock = Dictionary(grouping: sends) { $0.message / Limits.blockRowCount }
    let patches = Set(blocks).union(byBlock.keys).sorted().map { block in
      let start = block * Limits.blockRowCount
      var times = SentTimes.times(known, states, block)
      let count = min(Limits.blockRowCount, messageCount - start)
      times.append(contentsOf: repeatElement(0, count: count - times.count))
      for send in byBlock[block] ?? [] {
        let before = times[send.message - start]
        times[send.message - start] = before == 0 ? send.time : min(before, send.time)
      }
      return BlockPatch(block: block, values: SentTimes.filled(times))
    }
    return SentTimes(
      of: segments, messageCount: messageCount,
      known: known.patched(patches, rowCount: messageCount))
  }

  private static func sends(of change: EventChange) -> [(message: Int, time: UInt64)] {
    var sends: [(message: Int, time: UInt64)] = []
    for segment in change.added {
      segment.forEachRow(of: .sent) { message, time, _ in sends.append((message, time)) }
    }
    change.rows?.withRows { rows in
      for row in rows where row.kind == EventKind.sent.rawValue {
        sends.append((Int(row.message), TimeBias.store(row.time)))
      }
    }
    return sends
  }

  /// The times of a block, 0 for messages that were not sent.
  private static func times(
    _ column: EncodedColumn, _ states: EncodedColumn, _ block: Int
  ) -> [UInt64] {
    guard block < column.blocks.count else { return [] }
    return zip(column.decoded(block: block), states.decodedCodes(block: block)).map {
      $1 & MessageState.sent == 0 ? 0 : $0
    }
  }
}
