// What the events of a shard made of its messages, fact by fact: columns of messages where these say it, else arrays by
// place, folded when a query first asks. docs/SEMANTICS.md, "Tables", says what each fact is.

internal import Base
internal import Columnar

final class MessageFacts {
  private let context: ShardContext
  private let events: EventFolds
  private let list: MessageList?
  private var columns: [MessageFact: FactColumn] = [:]

  /// - Parameter list: the messages whose facts are asked for; nil for all.
  init(_ context: ShardContext, _ list: MessageList?) {
    self.context = context
    self.list = list
    events = EventFolds(context, list)
  }

  private var count: Int { list?.messages.count ?? context.messageCount }

  func column(_ fact: MessageFact) -> FactColumn {
    if let known = columns[fact] { return known }
    // A shard's facts take a while: nobody waits for those of a query that must stop.
    let isInTime = !context.query.mustStop
    let column =
      isInTime
      ? make(fact)
      : FactColumn(values: .numbers([UInt32](repeating: 0, count: count)))
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
    case .opens: return FactColumn(values: .counts(engagements([.opened])), nulls: .never)
    case .clicks: return FactColumn(values: .counts(engagements([.clicked])), nulls: .never)
    case .conversions:
      return FactColumn(values: .numbers(events.counts(.converted)), nulls: .never)
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
    case .opened: return FactColumn(values: .presence(engagements(openingKinds)), nulls: .never)
    case .status: return status()
    case .sentAt, .deliveredAt, .bouncedAt, .bounceClass, .bounceCode, .bounceReason:
      return state(fact)
    }
  }

  private func times(_ stored: [UInt64]) -> FactColumn { FactColumn(values: .times(stored)) }

  private func codes(_ codes: [UInt32]) -> FactColumn { FactColumn(values: .numbers(codes)) }

  // MARK: Opens and clicks

  private var openingKinds: [EventKind] {
    context.query.settings.impliedOpens ? [.opened, .clicked] : [.opened]
  }

  /// The columns that count opens and clicks that exist under the audience.
  private func engagements(_ kinds: [EventKind]) -> [EncodedColumn] {
    kinds.flatMap { context.query.settings.audience.parts(of: $0) }
      .map { context.shard.counts.column($0) }
  }

  private func engagements(of kind: EventKind) -> [UInt32] {
    var counts = [UInt32](repeating: 0, count: count)
    for column in engagements([kind]) {
      let column = values(of: column)
      for place in counts.indices { counts[place] &+= column[place] }
    }
    return counts
  }

  // MARK: States

  /// The values of a column of messages, by place; they fit 32 bits.
  private func values(of column: EncodedColumn) -> [UInt32] {
    guard let list else { return column.decodedCodes() }
    return column.values(of: list.messages).map { UInt32(truncatingIfNeeded: $0) }
  }

  /// By place: `MessageState` bits, which say whether a message is sent, delivered or bounced, and how.
  private func states() -> [UInt32] { values(of: context.shard[.state]) }

  private func state(_ fact: MessageFact) -> FactColumn {
    let states = context.shard[.state]
    switch fact {
    case .sentAt:
      return FactColumn(values: .sentTimes(context.shard[.sentTime], states: states))
    case .deliveredAt: return times(deliveredTimes())
    case .bouncedAt: return times(bouncedTimes())
    case .bounceCode: return codes(ofBounced(\.code))
    case .bounceReason: return codes(ofBounced(\.reason))
    default:
      let names = words(MessageFacts.classNames)
      return FactColumn(values: .bounceClasses(states: states, of: names))
    }
  }

  private func deliveredTimes() -> [UInt64] {
    var times = events.times(.delivered).first
    let sentTime = context.shard[.sentTime]
    let sent = list.map { sentTime.values(of: $0.messages) } ?? sentTime.decoded()
    let states = states()
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

  private func ofBounced(_ code: (DecidingBounces.Bounce) -> UInt32) -> [UInt32] {
    let (bits, bounces) = (states(), context.bounces)
    return bits.indices.map { place in
      guard bits[place] & MessageState.bounced != 0 else { return 0 }
      let message = list.map { Int($0.messages[place]) } ?? place
      return bounces.bounce(of: message).map(code) ?? 0
    }
  }

  /// By a bounce's class.
  static let classNames: [StaticString?] = (0..<8).map {
    $0 == 0 ? nil : BounceClass(rawValue: $0)?.name
  }

  // MARK: Status

  /// The furthest first; docs/SEMANTICS.md has the same order.
  static let statuses: [(name: StaticString, kind: EventKind)] = [
    ("complained", .complained), ("unsubscribed", .unsubscribed), ("converted", .converted),
    ("replied", .replied), ("clicked", .clicked), ("opened", .opened), ("delivered", .delivered),
    ("bounced", .bounced), ("dropped", .dropped), ("deferred", .deferred),
  ]

  private func status() -> FactColumn {
    // From the least on, so that whatever goes further is written over it.
    var places = [UInt8](repeating: 0, count: count)
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
    case .opened, .clicked: (numbers, mask) = (engagements(of: kind), .max)
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
  func words(_ texts: [StaticString?]) -> [UInt64] {
    texts.map { text in text.map { context.query.textCode(ByteSlice(text: $0).array) } ?? 0 }
  }
}
