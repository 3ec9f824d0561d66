// Rows that stand for messages that are alike: columns that all messages of a profile share. Of counts and times is
// known whether there are any, which is all that terms ask (`Term.isOfProfiles`).
//
// SAFETY: runs are no longer than a block, for which vectors and scratch have room.

internal import Base
internal import Columnar

final class ProfileRows: ColumnSource {
  private let profiles: [MessageProfile]
  private let context: ShardContext
  private let facts: MessageFacts
  private var slots = ColumnSlots()
  private var rows = 0..<0

  init(_ profiles: [MessageProfile], _ context: ShardContext) {
    self.profiles = profiles
    self.context = context
    facts = MessageFacts(context, nil)
  }

  /// Hands over the profiles for which all terms are true, block by block.
  func forEachBlock(
    where filters: [Term], _ body: (ArraySlice<MessageProfile>, UnsafeBufferPointer<UInt32>) -> Void
  ) {
    let filters = filters.map { context.query.evaluator($0, self) }
    let scratch = SelectionScratch()
    context.query.forEachBlock(of: profiles.count) { range in
      rows = range
      slots.invalidate()
      var selection = Selection(rows: scratch.rows, groups: scratch.groups)
      selection.startWhole(range.count)
      for filter in filters where !selection.isEmpty {
        let truths = filter.run(range.count)
        selection.keep { truths.isTrue($0) }
      }
      if !selection.isEmpty { body(profiles[range], selection.rows) }
    }
  }

  func slot(_ key: ColumnKey) -> ColumnSlot { slots.slot(key) { make(key) } }

  private func make(_ key: ColumnKey) -> ColumnSlot {
    switch key {
    case .dimension(let dimension):
      let reader = DimensionReader(dimension, context)
      let code = code(dimension)
      return ColumnSlot(reader.vector) { [unowned self] in
        let codes = profiles[rows].map(code)
        codes.withUnsafeBufferPointer { codes in
          if let base = codes.baseAddress { reader.read(base, codes.count) }
        }
      }
    case .fact(let fact):
      let vector = Vector(fact.type, pool: facts.pool(fact))
      let fill = filler(fact, vector)
      return ColumnSlot(vector) { [unowned self] in fill(profiles[rows]) }
    case .value, .frame: preconditionFailure("profiles have no \(key)")
    }
  }

  // MARK: Dimensions

  private func code(_ dimension: Dimension) -> (MessageProfile) -> Code {
    switch dimension {
    case .campaign: return { Code($0.campaign) }
    case .tracked: return { $0.state & MessageState.untracked == 0 ? 2 : 1 }
    default:
      let codes = context.query.attributeCodes(dimension) ?? []
      return { Int($0.campaign) < codes.count ? Code(codes[Int($0.campaign)]) : 0 }
    }
  }

  // MARK: Facts

  /// What fills a vector with a fact of some profiles.
  private func filler(
    _ fact: MessageFact, _ vector: Vector
  ) -> (ArraySlice<MessageProfile>) -> Void {
    switch fact {
    case .status:
      let words = facts.words([nil] + MessageFacts.statuses.map { $0.name })
      let tests = MessageFacts.statuses.map { ProfileTest($0.kind, context.query.settings) }
      return { profiles in
        for (row, profile) in profiles.enumerated() {
          let reached = tests.firstIndex { $0.passes(profile) }
          vector.set(row, reached.map { words[$0 + 1] })
        }
      }
    case .bounceClass:
      let words = facts.words(MessageFacts.classNames)
      return { profiles in
        for (row, profile) in profiles.enumerated() {
          let bounceClass = MessageState.bouncedClass(UInt64(profile.state))
          vector.set(row, bounceClass == 0 ? nil : words[bounceClass])
        }
      }
    default: return presenceFiller(fact, vector)
    }
  }

  /// 1 where there is any of what a fact counts or dates; 0, or NULL of a time, elsewhere.
  private func presenceFiller(
    _ fact: MessageFact, _ vector: Vector
  ) -> (ArraySlice<MessageProfile>) -> Void {
    guard let test = ProfileTest(fact, context.query.settings) else {
      preconditionFailure("alike messages do not share \(fact.rawValue)")
    }
    let absent: UInt8 = fact.type == .timestamp ? 1 : 0
    return { profiles in
      for (row, profile) in profiles.enumerated() {
        let isPresent = test.passes(profile)
        vector.words[row] = isPresent ? 1 : 0
        vector.nulls[row] = isPresent ? 0 : absent
      }
    }
  }
}

/// Which profiles have any of some bits.
private struct ProfileTest {
  private var state: UInt32 = 0
  private var engagement: UInt32 = 0
  private var outcomes: UInt32 = 0

  /// Those with events of a kind that count; for sends, deliveries and bounces those in that state.
  init(_ kind: EventKind, _ settings: QuerySettings) {
    switch kind {
    case .sent: state = MessageState.sent
    case .delivered: state = MessageState.delivered
    case .bounced: state = MessageState.bounced
    case .opened, .clicked:
      engagement = settings.audience.parts(of: kind).reduce(0) { $0 | 1 << UInt32($1.rawValue) }
    default: outcomes = MessageProfile.outcome(kind)
    }
  }

  /// Those where a fact is more than 0, or not NULL; nil where profiles do not say.
  init?(_ fact: MessageFact, _ settings: QuerySettings) {
    guard let kind = fact.presentKind else { return nil }
    self.init(kind, settings)
    if fact == .opened, settings.impliedOpens {
      engagement |= ProfileTest(EventKind.clicked, settings).engagement
    }
  }

  @inline(__always)
  func passes(_ profile: MessageProfile) -> Bool {
    profile.state & state | profile.engagement & engagement | profile.outcomes & outcomes != 0
  }
}

extension MessageFact {
  /// The kind whose events make it more than 0 or not NULL.
  var presentKind: EventKind? {
    switch self {
    case .sentAt: .sent
    case .deliveredAt: .delivered
    case .bouncedAt: .bounced
    case .opens, .opened, .firstOpenAt, .lastOpenAt: .opened
    case .clicks, .firstClickAt, .lastClickAt: .clicked
    case .unsubscribedAt: .unsubscribed
    case .complainedAt: .complained
    case .conversions, .convertedAt: .converted
    case .repliedAt: .replied
    default: nil
    }
  }
}
