import Base
import Columnar
import TestSupport
import Testing

@Suite("Message states")
struct MessageStatesTests {
  @Test("the fold says what the definitions say, ties and late deliveries included")
  func definitions() {
    forAll(count: 60) { random, seed in
      let messageCount = 1 + random.below(8)
      let rows = MessageStatesTests.rows(&random, messageCount)
      let segments = MessageStatesTests.segments(rows, &random)
      let rules = MessageStatesTests.rules
      let states = MessageStates(messageCount: messageCount, segments: segments, rules: rules)
      for message in 0..<messageCount {
        let own = rows.filter { $0.message == UInt32(message) }
        let naive = NaiveState(own, rules)
        for isUntracked in [false, true] {
          let state = states.state(of: message, isUntracked: isUntracked)
          let expected = naive.bits | (isUntracked ? MessageState.untracked : 0)
          #expect(state == expected, "message \(message), \(seed)")
        }
        #expect(states.sentTime[message] == naive.sent.map(TimeBias.store) ?? 0, "\(seed)")
        let delivered = naive.delivered.map(TimeBias.store) ?? 0
        #expect(states.firstDelivered[message] == delivered, "\(seed)")
        let bounce = states.bounce(of: message)
        #expect(bounce?.time == naive.bounce.map { TimeBias.store($0.time) }, "\(seed)")
        #expect(bounce?.code == naive.bounce?.code, "\(seed)")
        #expect(bounce?.reason == naive.bounce?.reason, "\(seed)")
      }
    }
  }

  @Test("what no message has takes no memory")
  func memory() {
    func states(_ rows: [EventRow]) -> MessageStates {
      MessageStates(
        messageCount: 8192, segments: [StorageSamples.seal(rows)], rules: MessageStatesTests.rules)
    }
    #expect(states([row(.opened, 4000)]).byteCount == 8192 / 8)
    let sent = states([row(.sent, 4096)])
    #expect(sent.byteCount == 8192 / 8 + 8192 * 8)
    #expect(sent.sentTime[4095] == 0 && sent.sentTime[4096] == TimeBias.store(1))
  }

  private func row(_ kind: EventKind, _ message: UInt32) -> EventRow {
    var row = EventRow()
    (row.kind, row.message, row.time) = (kind.rawValue, message, 1)
    return row
  }

  /// Few times and texts, so that everything ties; texts sort in another order than their codes do.
  static let rules = DecidingBounces.Rules(
    classes: [.soft, .hard, .unspecified, .block],
    codes: StorageSamples.dictionary(["4.2.2", "5.1.1", "9.9.9", "5.7.1"]),
    reasons: StorageSamples.dictionary(["zebra", "ant", "bear", "an"]))

  static func rows(_ random: inout PRNG, _ messageCount: Int) -> [EventRow] {
    let kinds: [EventKind] = [
      .sent, .delivered, .bounced, .bounced, .bounced, .deferred, .opened,
    ]
    return (0..<random.below(60)).map { _ in
      var row = EventRow()
      row.kind = random.pick(kinds).rawValue
      row.message = UInt32(random.below(messageCount))
      row.time = Int64(random.below(5)) - 2
      row.code = UInt32(random.below(5))
      row.reason = UInt32(random.below(5))
      row.bounceClass = UInt8(random.below(5))
      return row
    }
  }

  private static func segments(_ rows: [EventRow], _ random: inout PRNG) -> [Segment] {
    var segments: [Segment] = []
    var rest = rows[...]
    while !rest.isEmpty {
      let count = 1 + random.below(rest.count)
      segments.append(StorageSamples.seal(Array(rest.prefix(count))))
      rest = rest.dropFirst(count)
    }
    return segments
  }
}

/// A message by the sentences of docs/SEMANTICS.md.
private struct NaiveState {
  var sent: Int64?
  var delivered: Int64?
  var bounce: EventRow?
  var bits: UInt32 = 0

  init(_ rows: [EventRow], _ rules: DecidingBounces.Rules) {
    func times(_ kind: EventKind) -> [Int64] {
      rows.filter { $0.kind == kind.rawValue }.map(\.time)
    }
    sent = times(.sent).min()
    delivered = times(.delivered).min()
    let last = times(.bounced).max()
    let candidates = rows.filter { $0.kind == EventKind.bounced.rawValue && $0.time == last }
    bounce = candidates.min {
      NaiveState.key($0, rules).lexicographicallyPrecedes(NaiveState.key($1, rules))
    }
    let isBounced = last.map { last in !times(.delivered).contains { $0 > last } } ?? false
    if sent != nil { bits |= MessageState.sent }
    if delivered != nil || sent != nil && !isBounced { bits |= MessageState.delivered }
    if isBounced, let bounce {
      let bounceClass = rules.effectiveClass(stated: bounce.bounceClass, code: bounce.code)
      bits |= MessageState.bounced | UInt32(bounceClass.rawValue) << MessageState.classShift
    }
  }

  /// Class, code and reason as texts; NULL sorts before all of them.
  private static func key(_ row: EventRow, _ rules: DecidingBounces.Rules) -> [String] {
    let bounceClass = rules.effectiveClass(stated: row.bounceClass, code: row.code)
    return [
      "\(bounceClass.name)", row.code == 0 ? "" : rules.codes[row.code - 1].text,
      row.reason == 0 ? "" : rules.reasons[row.reason - 1].text,
    ]
  }
}
