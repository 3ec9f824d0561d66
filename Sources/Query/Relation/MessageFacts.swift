// What the events of a shard made of its messages, fact by fact: arrays by message ordinal, folded when a query
// first asks. docs/SEMANTICS.md, "Tables", says what each fact is.

internal import Base
internal import Columnar

final class MessageFacts {
  private let context: ShardContext
  private let events: EventFolds
  private var columns: [MessageFact: FactColumn] = [:]

  /// - Parameter passing: the messages whose facts are asked for; nil for all.
  init(_ context: ShardContext, passing: MessageGroups?) {
    self.context = context
    events = EventFolds(context, passing: passing)
  }

  func column(_ fact: MessageFact) -> FactColumn {
    if let known = columns[fact] { return known }
    // A shard's facts take a while: nobody waits for those of a query that must stop.
    let isInTime = !context.query.mustStop
    let column =
      isInTime
      ? make(fact)
      : FactColumn(values: .numbers([UInt32](repeating: 0, count: context.messageCount)))
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
      return FactColumn(values: .numbers(events.distinctLinks()), nulls: .never)
    case .unsubscribeReason: return codes(events.firstReasons(.unsubscribed))
    case .revenue:
      let (sums, marks) = events.revenue()
      return FactColumn(values: .words(sums.map { Cell.word($0) }), nulls: .unmarked(marks))
    case .opened: return FactColumn(values: .numbers(opened()), nulls: .never)
    case .status: return status()
    case .sentAt, .deliveredAt, .bouncedAt, .bounceClass, .bounceCode, .bounceReason:
      return state(fact)
    }
  }

  private func counts(_ kind: EventKind) -> FactColumn {
    FactColumn(values: .numbers(events.counts(kind)), nulls: .never)
  }

  private func times(_ stored: [UInt64]) -> FactColumn { FactColumn(values: .times(stored)) }

  private func codes(_ codes: [UInt32]) -> FactColumn { FactColumn(values: .numbers(codes)) }

  private func opened() -> [UInt32] {
    var opened = events.counts(.opened)
    if context.query.settings.impliedOpens {
      let clicks = events.counts(.clicked)
      for message in opened.indices { opened[message] |= clicks[message] }
    }
    for message in opened.indices { opened[message] = opened[message] != 0 ? 1 : 0 }
    return opened
  }

  // MARK: States

  /// By message: its `MessageState` bits, which say whether it is sent, delivered or bounced, and how.
  private func states() -> [UInt32] { context.shard[.state].decodedCodes() }

  private func state(_ fact: MessageFact) -> FactColumn {
    switch fact {
    case .sentAt: return times(sentTimes())
    case .deliveredAt: return times(deliveredTimes())
    case .bouncedAt: return times(bouncedTimes())
    case .bounceCode: return codes(ofBounced(\.code))
    case .bounceReason: return codes(ofBounced(\.reason))
    default: return bounceClasses()
    }
  }

  private func sentTimes() -> [UInt64] {
    var times = context.shard[.sentTime].decoded()
    let states = states()
    for message in states.indices where states[message] & MessageState.sent == 0 {
      times[message] = 0
    }
    return times
  }

  private func deliveredTimes() -> [UInt64] {
    var times = events.times(.delivered).first
    let (states, sent) = (states(), context.shard[.sentTime].decoded())
    for message in states.indices {
      if states[message] & MessageState.delivered == 0 {
        times[message] = 0
      } else if times[message] == 0 {
        times[message] = sent[message]
      }
    }
    return times
  }

  /// The last bounce decides.
  private func bouncedTimes() -> [UInt64] {
    var times = events.times(.bounced).last
    let states = states()
    for message in states.indices where states[message] & MessageState.bounced == 0 {
      times[message] = 0
    }
    return times
  }

  private func ofBounced(_ code: (MessageStates.Bounce) -> UInt32) -> [UInt32] {
    let (bits, bounces) = (states(), context.bounces)
    return bits.indices.map { message in
      guard bits[message] & MessageState.bounced != 0 else { return 0 }
      return bounces.bounce(of: message).map(code) ?? 0
    }
  }

  private func bounceClasses() -> FactColumn {
    let shift = MessageState.classShift
    let classes = states().map { state in
      state & MessageState.bounced != 0 ? UInt8(truncatingIfNeeded: state >> shift) & 7 : 0
    }
    return FactColumn(
      values: .choices(
        classes,
        of: words((0..<8).map { $0 == 0 ? nil : BounceClass(rawValue: $0)?.name })))
  }

  // MARK: Status

  /// The furthest first; docs/SEMANTICS.md has the same order.
  private static let statuses: [(name: StaticString, kind: EventKind)] = [
    ("complained", .complained), ("unsubscribed", .unsubscribed), ("converted", .converted),
    ("replied", .replied), ("clicked", .clicked), ("opened", .opened), ("delivered", .delivered),
    ("bounced", .bounced), ("dropped", .dropped), ("deferred", .deferred),
  ]

  private func status() -> FactColumn {
    // From the least on, so that whatever goes further is written over it.
    var places = [UInt8](repeating: 0, count: context.messageCount)
    for (index, status) in MessageFacts.statuses.enumerated().reversed() {
      mark(UInt8(index + 1), reaching: status.kind, &places)
    }
    return FactColumn(
      values: .choices(places, of: words([nil] + MessageFacts.statuses.map { $0.name })))
  }

  /// Writes a place for every message that came so far.
  private func mark(_ place: UInt8, reaching kind: EventKind, _ places: inout [UInt8]) {
    let numbers: [UInt32]
    let mask: UInt32
    switch kind {
    case .delivered: (numbers, mask) = (states(), MessageState.delivered)
    case .bounced: (numbers, mask) = (states(), MessageState.bounced)
    case .opened, .clicked: (numbers, mask) = (events.counts(kind), .max)
    default: return events.forEach(kind) { places[$0] = place }
    }
    places.withUnsafeMutableBufferPointer { places in
      numbers.withUnsafeBufferPointer { numbers in
        for message in places.indices {
          places[message] = numbers[message] & mask != 0 ? place : places[message]
        }
      }
    }
  }

  /// The words of some texts; nil is NULL.
  private func words(_ texts: [StaticString?]) -> [UInt64] {
    texts.map { text in text.map { context.query.textCode(ByteSlice(text: $0).array) } ?? 0 }
  }
}
