// One shard under one query: the codes of message dimensions as arrays by message ordinal, and the codes of event
// dimensions block by block.
//
// SAFETY: arrays by message have one element per message; events' messages are below that count (checked on load).

internal import Base
internal import Columnar

final class ShardContext {
  let query: QueryContext
  let shard: ShardSnapshot
  /// The shard's number.
  let index: Int
  private var messageCodes: [Dimension: [Code]] = [:]
  /// The messages that pass, ascending, where they are listed.
  var listed: [UInt32] = []
  /// The only recipient that is asked for, where its events are known.
  let person: Person?
  /// The codes of those.
  private var listedCodes: [Dimension: [Code]] = [:]
  /// How many codes were read one by one.
  private var readCounts: [Dimension: Int] = [:]
  /// A code of a message takes hundreds of nanoseconds where runs are walked, those of a whole shard some hundred
  /// microseconds.
  private static let readCountMax = 256
  private var cachedStates: MessageStates?
  private var cachedBounces: MessageStates?
  private var engagements: [EventKind: [UInt32]] = [:]

  /// - Parameters:
  ///   - segments: those whose events are listed; nil for all, which `states`, `bounces` and `person` need.
  ///   - person: whose events are asked for, if they are known.
  init(
    _ query: QueryContext, shard index: Int, _ segments: Range<Int>? = nil, person: Person? = nil
  ) {
    self.query = query
    self.index = index
    self.person = person
    listed = person?.records.messages ?? []
    let shard = query.snapshot.shards[index]
    self.shard = segments.map { shard.keeping($0) } ?? shard
  }

  var messageCount: Int { shard.messageCount }

  /// Events or messages, whichever are more.
  var rowCount: Int { max(messageCount, shard.segments.reduce(0) { $0 + $1.rowCount }) }

  /// What the shard's events make of its messages; folded when it is first needed.
  var states: MessageStates {
    if let cachedStates { return cachedStates }
    let states = MessageStates(
      messageCount: messageCount, segments: shard.segments, rules: query.bounceRules)
    cachedStates = states
    return states
  }

  /// What its bounces make of them, which takes less when nothing else is asked.
  var bounces: MessageStates {
    if let known = cachedStates ?? cachedBounces { return known }
    let bounces = MessageStates(
      bouncesOf: messageCount, segments: shard.segments, rules: query.bounceRules)
    cachedBounces = bounces
    return bounces
  }

  /// How many opens or clicks that exist under the audience each message has; nil for other kinds.
  func engagements(_ kind: EventKind) -> [UInt32]? {
    if let known = engagements[kind] { return known }
    let parts = query.settings.audience.parts(of: kind)
    guard let first = parts.first else { return nil }
    var counts = shard.counts.counts(first)
    for part in parts.dropFirst() {
      let others = shard.counts.counts(part)
      for message in counts.indices { counts[message] &+= others[message] }
    }
    engagements[kind] = counts
    return counts
  }

  /// The code of a message dimension for every message.
  func codes(_ dimension: Dimension) -> [Code] {
    if let known = messageCodes[dimension] { return known }
    let codes = makeCodes(dimension)
    messageCodes[dimension] = codes
    return codes
  }

  /// The code of a message dimension for every message that is listed.
  func codesOfListed(_ dimension: Dimension, make: () -> [Code]) -> [Code] {
    if let known = listedCodes[dimension] { return known }
    let codes = make()
    listedCodes[dimension] = codes
    return codes
  }

  /// Notes that codes of a dimension are asked for one by one; false once that is no longer worth while, and when all
  /// of them are known.
  func countRead(_ dimension: Dimension, _ count: Int) -> Bool {
    if messageCodes[dimension] != nil { return false }
    readCounts[dimension, default: 0] += count
    return readCounts[dimension, default: 0] <= ShardContext.readCountMax
  }

  /// The codes of a message dimension that is a column of its own, as they are stored; nil for the others.
  func storedCodes(_ dimension: Dimension) -> [UInt32]? {
    dimension.messageColumn.map { shard[$0].decodedCodes() }
  }

  private func makeCodes(_ dimension: Dimension) -> [Code] {
    if let column = dimension.messageColumn { return shard[column].decoded() }
    switch dimension {
    case .recipient: return shard[.recipient].decoded().map { $0 + 1 }
    case .tracked:
      return shard[.state].decodedCodes().map { $0 & MessageState.untracked == 0 ? 2 : 1 }
    case .domain: return mapped(.recipient, shard.recipientDomains.decodedCodes())
    case .recipientAttribute(let index):
      guard index < shard.recipientAttributes.count else {
        return [Code](repeating: 0, count: messageCount)
      }
      return mapped(.recipient, shard.recipientAttributes[index].decodedCodes())
    case .campaignAttribute: return mapped(.campaign, query.attributeCodes(dimension) ?? [])
    case .sentBucket(let bucket): return sentCodes(bucket)
    default: preconditionFailure("\(dimension) is no message dimension")
    }
  }

  private func sentCodes(_ bucket: TimeBucket) -> [Code] {
    guard messageCount > 0 else { return [] }
    var times = shard[.sentTime].decoded()
    let states = shard[.state].decodedCodes()
    // A message that was not sent has some time or none at all; any time of the range will do, for its code is dropped.
    for message in states.indices where states[message] & MessageState.sent == 0 {
      times[message] = TimeBias.store(query.times.lowerBound)
    }
    var codes = [Code](unsafeUninitializedCapacity: times.count) { codes, count in
      count = times.count
      guard let base = codes.baseAddress else { return }
      times.withUnsafeBufferPointer { times in
        guard let source = times.baseAddress else { return }
        query.clock(bucket).fill(base, source, count: times.count)
      }
    }
    for message in states.indices where states[message] & MessageState.sent == 0 {
      codes[message] = 0
    }
    return codes
  }

  private func mapped(_ column: MessageColumn, _ map: [UInt32]) -> [Code] {
    shard[column].decodedCodes().map { key in Int(key) < map.count ? Code(map[Int(key)]) : 0 }
  }

  /// Writes the code of `dimension` for each event of `block`.
  func fill(
    _ codes: UnsafeMutableBufferPointer<Code>, _ dimension: Dimension, of block: EventBlock
  ) {
    if dimension.isOfMessage {
      let messages = block.codes(.message)
      if fillFew(codes, dimension, messages, count: block.count) { return }
      let byMessage = self.codes(dimension)
      byMessage.withUnsafeBufferPointer { byMessage in
        for row in 0..<block.count { codes[row] = byMessage[Int(messages[row])] }
      }
      return
    }
    guard let target = codes.baseAddress else { return }
    switch dimension {
    case .time: target.update(from: block.words(.time), count: block.count)
    case .bucket(let bucket):
      query.clock(bucket).fill(target, block.words(.time), count: block.count)
    case .kind: target.update(repeating: Code(block.kind.rawValue), count: block.count)
    case .address:
      query.addresses.fill(
        target, high: block.words(.addressHigh), low: block.words(.addressLow), count: block.count)
    case .bounceClass: fillBounceClass(codes, block)
    case .machineClass: fillMachineClass(codes, block)
    case .client, .device, .os:
      fillMapped(codes, block, .userAgent, query.vocabulary(dimension)?.codes ?? [])
    case .linkAttribute: fillMapped(codes, block, .link, query.attributeCodes(dimension) ?? [])
    case .absentLinkAttribute: for row in 0..<block.count { codes[row] = 0 }
    default: fillPlain(codes, block, ShardContext.column(of: dimension))
    }
  }

  /// The event column whose values are the dimension's codes.
  static func column(of dimension: Dimension) -> EventColumn {
    switch dimension {
    case .link: .link
    case .userAgent: .userAgent
    case .country: .country
    case .code: .code
    case .reason: .reason
    case .currency: .currency
    default: preconditionFailure("\(dimension) has no column of its own")
    }
  }

  private func fillBounceClass(_ codes: UnsafeMutableBufferPointer<Code>, _ block: EventBlock) {
    guard block.kind == .bounced else {
      for row in 0..<block.count { codes[row] = 0 }
      return
    }
    let stated = block.codes(.bounceClass)
    let statusCodes = block.codes(.code)
    for row in 0..<block.count {
      let bounceClass = query.bounceRules.effectiveClass(
        stated: UInt8(stated[row]), code: statusCodes[row])
      codes[row] = Code(bounceClass.rawValue)
    }
  }

  private func fillMachineClass(_ codes: UnsafeMutableBufferPointer<Code>, _ block: EventBlock) {
    let agents = block.codes(.userAgent)
    let flags = block.codes(.flags)
    let isEngagement = block.kind == .opened || block.kind == .clicked
    let (head, headCode) = (UInt32(EventFlags.head), Code(MachineClass.head.rawValue) + 1)
    for row in 0..<block.count {
      if flags[row] & head != 0 {
        codes[row] = headCode
      } else if agents[row] != 0 || isEngagement {
        codes[row] = Code(query.machineClasses[Int(agents[row])]) + 1
      } else {
        codes[row] = 0
      }
    }
  }

  private func fillMapped(
    _ codes: UnsafeMutableBufferPointer<Code>, _ block: EventBlock, _ column: EventColumn,
    _ map: [UInt32]
  ) {
    let keys = block.codes(column)
    map.withUnsafeBufferPointer { map in
      for row in 0..<block.count {
        let key = Int(keys[row])
        codes[row] = key < map.count ? Code(map[key]) : 0
      }
    }
  }

  private func fillPlain(
    _ codes: UnsafeMutableBufferPointer<Code>, _ block: EventBlock, _ column: EventColumn
  ) {
    let values = block.codes(column)
    for row in 0..<block.count { codes[row] = Code(values[row]) }
  }
}

extension Dimension {
  /// The column of messages that holds just its codes, if one does.
  var messageColumn: MessageColumn? {
    switch self {
    case .campaign: .campaign
    case .send: .send
    case .variant: .variant
    case .template: .template
    case .sender: .sender
    case .subject: .subject
    default: nil
    }
  }
}
