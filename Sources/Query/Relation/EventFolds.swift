// Passes over the events of a kind that leave something per message: how many, the first, the last, ... Opens and
// clicks count under the audience. Arrays are by place: a message's on the list of those that are asked for, or its
// ordinal where there is none.
//
// SAFETY: events' messages are on the list or, without one, below the shard's message count (checked on load), which is
// the arrays' length.

internal import Base
internal import Columnar

final class EventFolds {
  private let context: ShardContext
  private var knownCounts: [EventKind: [UInt32]] = [:]
  private var knownTimes: [EventKind: (first: [UInt64], last: [UInt64])] = [:]

  private let list: MessageList?
  private let passing: MessageGroups?
  private let count: Int

  /// - Parameter list: the messages whose events matter; nil for all.
  init(_ context: ShardContext, _ list: MessageList?) {
    self.context = context
    self.list = list
    passing = list.map {
      MessageGroups(listed: $0.messages, messageCount: context.messageCount)
    }
    count = list?.messages.count ?? context.messageCount
  }

  @inline(__always)
  private func place(_ message: UInt32) -> Int {
    list?.place(of: Int(message)) ?? Int(message)
  }

  /// Events of a kind by message.
  func counts(_ kind: EventKind) -> [UInt32] {
    if let known = knownCounts[kind] { return known }
    var counts = [UInt32](repeating: 0, count: count)
    counts.withUnsafeMutableBufferPointer { counts in
      forEachBlock(kind) { block, rows in
        let messages = block.codes(.message)
        for row in rows { counts[place(messages[Int(row)])] &+= 1 }
      }
    }
    knownCounts[kind] = counts
    return counts
  }

  /// Calls `body` with the place of the message of each event of a kind.
  func forEach(_ kind: EventKind, _ body: (Int) -> Void) {
    forEachBlock(kind) { block, rows in
      let messages = block.codes(.message)
      for row in rows { body(place(messages[Int(row)])) }
    }
  }

  /// The earliest and the latest event of a kind by message, as stored; 0 for none.
  func times(_ kind: EventKind) -> (first: [UInt64], last: [UInt64]) {
    if let known = knownTimes[kind] { return known }
    var first = [UInt64](repeating: 0, count: count)
    var last = first
    first.withUnsafeMutableBufferPointer { first in
      last.withUnsafeMutableBufferPointer { last in
        forEachBlock(kind) { block, rows in
          let messages = block.codes(.message)
          let times = block.words(.time)
          for row in rows {
            let (message, time) = (place(messages[Int(row)]), times[Int(row)])
            if first[message] == 0 || time < first[message] { first[message] = time }
            if time > last[message] { last[message] = time }
          }
        }
      }
    }
    knownTimes[kind] = (first, last)
    return (first, last)
  }

  /// Distinct links of the clicks of each message.
  func distinctLinks() -> [UInt32] {
    var pairs: [UInt64] = []
    forEachBlock(.clicked) { block, rows in
      let messages = block.codes(.message)
      let links = block.codes(.link)
      for row in rows where links[Int(row)] != 0 {
        pairs.append(UInt64(place(messages[Int(row)])) << 32 | UInt64(links[Int(row)]))
      }
    }
    pairs.sort()
    var counts = [UInt32](repeating: 0, count: count)
    for (index, pair) in pairs.enumerated() where index == 0 || pairs[index - 1] != pair {
      counts[Int(pair >> 32)] += 1
    }
    return counts
  }

  /// The reason of the earliest event of a kind; of several at that time the smallest that is not NULL.
  func firstReasons(_ kind: EventKind) -> [UInt32] {
    let first = times(kind).first
    let texts = context.query.snapshot[.reason]
    var reasons = [UInt32](repeating: 0, count: count)
    forEachBlock(kind) { block, rows in
      let messages = block.codes(.message)
      let times = block.words(.time)
      let stated = block.codes(.reason)
      for row in rows {
        let (message, reason) = (place(messages[Int(row)]), stated[Int(row)])
        guard reason != 0, times[Int(row)] == first[message] else { continue }
        let known = reasons[message]
        if known == 0 || texts[reason - 1].isOrderedBefore(texts[known - 1]) {
          reasons[message] = reason
        }
      }
    }
    return reasons
  }

  /// The sum of the values of each message's events, in millionths, and which messages have any.
  func revenue() -> (sums: [Int64], hasValue: [Bool]) {
    // Values that cancel out may leave the range on the way.
    var sums = [Int128](repeating: 0, count: count)
    var hasValue = [Bool](repeating: false, count: count)
    for kind in EventKind.allCases where kind.mayHaveValue {
      forEachBlock(kind) { block, rows in
        guard block.zone(.value)?.maximum != 0 else { return }
        let messages = block.codes(.message)
        let values = block.words(.value)
        for row in rows where values[Int(row)] != 0 {
          let message = place(messages[Int(row)])
          sums[message] += Int128(ValueCode.load(values[Int(row)]))
          hasValue[message] = true
        }
      }
    }
    return (sums.map { context.query.revenue($0) }, hasValue)
  }

  /// Hands over the rows of a kind that exist under the audience, block by block.
  private func forEachBlock(
    _ kind: EventKind, _ body: (EventBlock, UnsafeBufferPointer<UInt32>) -> Void
  ) {
    let filter = EventFilter(context, kinds: [kind], messages: passing)
    filter.forEachBlock { block in
      filter.withSelection(block) { selection in body(block, selection.rows) }
    }
  }
}
