// What the events of a shard made of its messages, fact by fact: arrays by message ordinal, folded when a query
// first asks. docs/SEMANTICS.md, "Tables", says what each fact is.

internal import Base
internal import Columnar

/// One fact of every message.
struct FactColumn {
  /// See `Cell`.
  var words: [UInt64]
  /// The rows that are NULL where a word of 0 does not say so.
  var nulls: Nulls

  enum Nulls {
    /// Every message has a value.
    case never
    /// Words of 0.
    case zeros
    /// Messages without a mark.
    case unmarked([Bool])
  }

  func markNulls(_ vector: Vector, _ rows: Range<Int>) {
    switch nulls {
    case .never: for row in 0..<rows.count { vector.nulls[row] = 0 }
    case .zeros: vector.markZeros(rows.count)
    case .unmarked(let marks):
      for row in 0..<rows.count { vector.nulls[row] = marks[rows.lowerBound + row] ? 0 : 1 }
    }
  }
}

final class MessageFacts {
  private let context: ShardContext
  private let events: EventFolds
  private var columns: [MessageFact: FactColumn] = [:]

  init(_ context: ShardContext) {
    self.context = context
    events = EventFolds(context)
  }

  func column(_ fact: MessageFact) -> FactColumn {
    if let known = columns[fact] { return known }
    // A shard's facts take a while: nobody waits for those of a query that must stop.
    let isInTime = !context.query.mustStop
    let column =
      isInTime
      ? make(fact)
      : FactColumn(words: [UInt64](repeating: 0, count: context.messageCount), nulls: .zeros)
    columns[fact] = column
    return column
  }

  /// Where the codes of a fact point to.
  func pool(_ fact: MessageFact) -> TextPool {
    switch fact {
    case .bounceCode: .dictionary(context.query.snapshot[.code])
    case .bounceReason, .unsubscribeReason: .dictionary(context.query.snapshot[.reason])
    default: fact.type == .text ? .interned(context.query.texts) : .none
    }
  }

  private func make(_ fact: MessageFact) -> FactColumn {
    switch fact {
    case .opens: return counts(.opened)
    case .clicks: return counts(.clicked)
    case .conversions: return counts(.converted)
    case .firstOpenAt: return times(events.times(.opened).first)
    case .lastOpenAt: return times(events.times(.opened).last)
    case .firstClickAt: return times(events.times(.clicked).first)
    case .lastClickAt: return times(events.times(.clicked).last)
    case .unsubscribedAt: return times(events.times(.unsubscribed).first)
    case .complainedAt: return times(events.times(.complained).first)
    case .convertedAt: return times(events.times(.converted).first)
    case .repliedAt: return times(events.times(.replied).first)
    case .respondedAt: return times(events.times(.responded).first)
    case .linksClicked:
      return FactColumn(words: events.distinctLinks().map { UInt64($0) }, nulls: .never)
    case .unsubscribeReason: return codes(events.firstReasons(.unsubscribed))
    case .revenue:
      let (sums, marks) = events.revenue()
      return FactColumn(words: sums.map { Cell.word($0) }, nulls: .unmarked(marks))
    case .opened: return FactColumn(words: openedWords(), nulls: .never)
    case .status: return status()
    case .sentAt, .deliveredAt, .bouncedAt, .bounceClass, .bounceCode, .bounceReason:
      return state(fact)
    }
  }

  private func counts(_ kind: EventKind) -> FactColumn {
    FactColumn(words: events.counts(kind).map { UInt64($0) }, nulls: .never)
  }

  /// From stored times, where 0 is none.
  private func times(_ stored: [UInt64]) -> FactColumn {
    FactColumn(
      words: stored.map { $0 == 0 ? 0 : Cell.word(TimeBias.load($0)) },
      nulls: .unmarked(stored.map { $0 != 0 }))
  }

  private func codes(_ codes: [UInt32]) -> FactColumn {
    FactColumn(words: codes.map { UInt64($0) }, nulls: .zeros)
  }

  // MARK: States

  private func state(_ fact: MessageFact) -> FactColumn {
    let states = context.states
    let messages = 0..<context.messageCount
    let bounce = { (message: Int) in
      states.time(.bounced, message) == 0 ? nil : states.bounce(of: message)
    }
    switch fact {
    case .sentAt: return times(messages.map { states.sentTime[$0] })
    case .deliveredAt: return times(messages.map { states.time(.delivered, $0) })
    case .bouncedAt: return times(messages.map { states.time(.bounced, $0) })
    case .bounceCode: return codes(messages.map { bounce($0)?.code ?? 0 })
    case .bounceReason: return codes(messages.map { bounce($0)?.reason ?? 0 })
    default:
      return named(messages.map { bounce($0).map { Int($0.bounceClass.rawValue) } ?? -1 }) {
        BounceClass(rawValue: UInt8($0))?.name ?? ""
      }
    }
  }

  private func openedWords() -> [UInt64] {
    let opens = events.counts(.opened)
    guard context.query.settings.impliedOpens else { return opens.map { $0 > 0 ? 1 : 0 } }
    let clicks = events.counts(.clicked)
    return opens.indices.map { opens[$0] > 0 || clicks[$0] > 0 ? 1 : 0 }
  }

  // MARK: Status

  /// The furthest first; docs/SEMANTICS.md has the same order.
  private static let statuses: [(name: StaticString, kind: EventKind)] = [
    ("complained", .complained), ("unsubscribed", .unsubscribed), ("converted", .converted),
    ("replied", .replied), ("clicked", .clicked), ("opened", .opened), ("delivered", .delivered),
    ("bounced", .bounced), ("dropped", .dropped), ("deferred", .deferred),
  ]

  private func status() -> FactColumn {
    var numbers = [Int](repeating: -1, count: context.messageCount)
    for (number, status) in MessageFacts.statuses.enumerated() {
      let reached = reached(status.kind)
      for message in numbers.indices where numbers[message] < 0 && reached[message] {
        numbers[message] = number
      }
    }
    return named(numbers) { MessageFacts.statuses[$0].name }
  }

  private func reached(_ kind: EventKind) -> [Bool] {
    let states = context.states
    switch kind {
    case .delivered: return (0..<context.messageCount).map { states.time(.delivered, $0) != 0 }
    case .bounced: return (0..<context.messageCount).map { states.time(.bounced, $0) != 0 }
    default: return events.counts(kind).map { $0 > 0 }
    }
  }

  /// Texts by number; below 0 is NULL.
  private func named(_ numbers: [Int], _ name: (Int) -> StaticString) -> FactColumn {
    var codes: [Int: UInt64] = [:]
    let words = numbers.map { number -> UInt64 in
      guard number >= 0 else { return 0 }
      if let known = codes[number] { return known }
      let code = context.query.textCode(ByteSlice(text: name(number)).array)
      codes[number] = code
      return code
    }
    return FactColumn(words: words, nulls: .zeros)
  }
}
