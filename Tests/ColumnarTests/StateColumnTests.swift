import Base
import Columnar
import TestSupport
import Testing

/// What is kept of messages from one published state to the next, against a fold over everything.
@Suite("States of messages, kept up to date")
struct StateColumnTests {
  @Test("states and sent times follow in any order, and rows that come twice change nothing")
  func pieces() {
    forAll(count: 80) { random, seed in
      var shard = LiveSample()
      var rows = MessageStatesTests.rows(&random, 8).shuffled(using: &random)[...]
      while !rows.isEmpty {
        var piece = Array(rows.prefix(1 + random.below(9)))
        rows = rows.dropFirst(piece.count)
        if random.isHit(0.3) { piece += shard.rows.prefix(random.below(4)) }
        for index in piece.indices where piece[index].message < 8 {
          // In two blocks.
          piece[index].message *= 700
        }
        shard.take(piece, asSegment: random.isHit(0.5), newMessageCount: random.below(300))
        shard.check(seed)
        if random.isHit(0.3) { _ = shard.sentTimes.column }
      }
    }
  }

  @Test("a bounce is held against deliveries of long ago, and against later ones")
  func lateBounce() {
    var shard = LiveSample()
    for (kind, time) in [(EventKind.delivered, 5), (.delivered, 3), (.bounced, 4), (.bounced, 6)] {
      var row = EventRow()
      (row.kind, row.message, row.time) = (kind.rawValue, 7, Int64(time))
      shard.take([row], asSegment: true, newMessageCount: 0)
      shard.check("time \(time)")
    }
    #expect(shard.states.column.decodedCodes()[7] & MessageState.bounced != 0)
    var row = EventRow()
    (row.kind, row.message, row.time) = (EventKind.delivered.rawValue, 7, 8)
    shard.take([row], asSegment: false, newMessageCount: 0)
    shard.check("delivered after all")
    #expect(shard.states.column.decodedCodes()[7] & MessageState.bounced == 0)
  }

  @Test("sent times are found when somebody asks, and only then")
  func lazily() {
    var row = EventRow()
    (row.kind, row.message, row.time) = (EventKind.sent.rawValue, 1, 7)
    let times = SentTimes(of: [StorageSamples.seal([row])], messageCount: 3)
    #expect(times.known == nil)
    #expect(times.column.decoded() == [UInt64](repeating: TimeBias.store(7), count: 3))
    #expect(times.known === times.column)
    #expect(SentTimes(of: [], messageCount: 2).column.decoded() == [0, 0])
  }
}

/// A shard that takes rows as a published one does.
private struct LiveSample {
  private(set) var states = StateColumn()
  private(set) var sentTimes = SentTimes(of: [], messageCount: 0)
  private(set) var rows: [EventRow] = []
  private var segments: [Segment] = []
  private var messageCount = 0

  private var flags: [UInt32] {
    (0..<UInt32(messageCount)).map { $0 % 3 == 0 ? MessageFlags.untracked : 0 }
  }

  /// - Parameters:
  ///   - asSegment: whether they are sealed, or rows that are in a segment only for those who look at everything.
  ///   - newMessageCount: messages without an event here.
  mutating func take(_ piece: [EventRow], asSegment: Bool, newMessageCount: Int) {
    let firstNew = messageCount
    for row in piece { messageCount = max(messageCount, Int(row.message) + 1) }
    messageCount += newMessageCount
    rows += piece
    var builder = SegmentBuilder(rowCountMax: piece.count)
    for row in piece { builder.append(row) }
    let run = builder.lend()
    let segment = run.segment(forcing: nil)
    segments.append(segment)
    let change = EventChange(
      removed: [], added: asSegment ? [segment] : [], rows: asSegment ? nil : run)
    let blocks = Array((firstNew..<messageCount).blocks)
    let before = states.column
    states.update(
      change, blocks: blocks, segments: segments, flags: StorageSamples.column(flags),
      rules: MessageStatesTests.rules)
    sentTimes = sentTimes.updated(
      by: change, blocks: blocks, states: before, segments: segments, messageCount: messageCount)
  }

  func check(_ seed: String) {
    let whole = MessageStates(
      messageCount: messageCount, segments: [StorageSamples.seal(rows)],
      rules: MessageStatesTests.rules)
    let expected = flags.enumerated().map { whole.state(of: $0, isUntracked: $1 != 0) }
    #expect(states.column.decodedCodes() == expected, "\(seed)")
    guard let known = sentTimes.known?.decoded() else { return }
    #expect(known.count == messageCount, "\(seed)")
    for message in known.indices where whole.sentTime[message] != 0 {
      #expect(known[message] == whole.sentTime[message], "message \(message), \(seed)")
    }
  }
}
