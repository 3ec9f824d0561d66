// One shard under one query: the codes of message dimensions as arrays by message ordinal, and the codes of event
// dimensions block by block.
//
// SAFETY: arrays by message have one element per message; events' messages are below that count (checked on load).

internal import Base
internal import Columnar

final class ShardContext {
  let query: QueryContext
  let shard: ShardSnapshot
  private var messageCodes: [Dimension: [Code]] = [:]
  private var cachedStates: MessageStates?

  init(_ query: QueryContext, _ shard: ShardSnapshot) {
    self.query = query
    self.shard = shard
  }

  var messageCount: Int { shard.messageCount }

  /// What the shard's events make of its messages; folded when it is first needed.
  var states: MessageStates {
    if let cachedStates { return cachedStates }
    let states = MessageStates(
      messageCount: messageCount, segments: shard.segments, rules: query.bounceRules)
    cachedStates = states
    return states
  }

  /// The code of a message dimension for every message.
  func codes(_ dimension: Dimension) -> [Code] {
    if let known = messageCodes[dimension] { return known }
    let codes = makeCodes(dimension)
    messageCodes[dimension] = codes
    return codes
  }

  private func makeCodes(_ dimension: Dimension) -> [Code] {
    switch dimension {
    case .campaign: return plain(.campaign)
    case .send: return plain(.send)
    case .variant: return plain(.variant)
    case .template: return plain(.template)
    case .sender: return plain(.sender)
    case .subject: return plain(.subject)
    case .recipient: return shard[.recipient].decodedCodes().map { Code(low: UInt64($0) + 1) }
    case .tracked:
      return shard[.state].decodedCodes().map {
        Code(low: $0 & MessageState.untracked == 0 ? 2 : 1)
      }
    case .domain: return mapped(.recipient, shard.recipientDomains.decodedCodes())
    case .recipientAttribute(let index):
      guard index < shard.recipientAttributes.count else { return nulls }
      return mapped(.recipient, shard.recipientAttributes[index].decodedCodes())
    case .campaignAttribute: return mapped(.campaign, query.attributeCodes(dimension) ?? [])
    case .sentBucket(let bucket):
      let states = shard[.state].decodedCodes()
      return zip(shard[.sentTime].decoded(), states).map { time, state in
        guard state & MessageState.sent != 0 else { return .null }
        return Code(low: bucket.code(TimeBias.load(time), from: query.times))
      }
    default: preconditionFailure("\(dimension) is no message dimension")
    }
  }

  private var nulls: [Code] { [Code](repeating: .null, count: messageCount) }

  private func plain(_ column: MessageColumn) -> [Code] {
    shard[column].decodedCodes().map { Code(low: UInt64($0)) }
  }

  private func mapped(_ column: MessageColumn, _ map: [UInt32]) -> [Code] {
    shard[column].decodedCodes().map { key in
      Int(key) < map.count ? Code(low: UInt64(map[Int(key)])) : .null
    }
  }

  /// Writes the code of `dimension` for each event of `block`.
  func fill(
    _ codes: UnsafeMutableBufferPointer<Code>, _ dimension: Dimension, of block: EventBlock
  ) {
    if dimension.isOfMessage {
      let byMessage = self.codes(dimension)
      let messages = block.codes(.message)
      byMessage.withUnsafeBufferPointer { byMessage in
        for row in 0..<block.count { codes[row] = byMessage[Int(messages[row])] }
      }
      return
    }
    switch dimension {
    case .time: fillTime(codes, block) { $0 }
    case .bucket(let bucket):
      let range = query.times
      fillTime(codes, block) { bucket.code(TimeBias.load($0), from: range) }
    case .kind: for row in 0..<block.count { codes[row] = Code(low: UInt64(block.kind.rawValue)) }
    case .address: fillAddress(codes, block)
    case .bounceClass: fillBounceClass(codes, block)
    case .machineClass: fillMachineClass(codes, block)
    case .client, .device, .os:
      fillMapped(codes, block, .userAgent, query.vocabulary(dimension)?.codes ?? [])
    case .linkAttribute: fillMapped(codes, block, .link, query.attributeCodes(dimension) ?? [])
    case .absentLinkAttribute: for row in 0..<block.count { codes[row] = .null }
    default: fillPlain(codes, block, ShardContext.column(of: dimension))
    }
  }

  /// The event column whose values are the dimension's codes.
  private static func column(of dimension: Dimension) -> EventColumn {
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

  private func fillTime(
    _ codes: UnsafeMutableBufferPointer<Code>, _ block: EventBlock, _ code: (UInt64) -> UInt64
  ) {
    let times = block.words(.time)
    // Messages without the state a block shows have time 0: NULL, for it would be far outside of every table.
    for row in 0..<block.count {
      codes[row] = times[row] == 0 ? .null : Code(low: code(times[row]))
    }
  }

  private func fillAddress(_ codes: UnsafeMutableBufferPointer<Code>, _ block: EventBlock) {
    let low = block.words(.addressLow)
    let high = block.words(.addressHigh)
    for row in 0..<block.count { codes[row] = Code(low: low[row], high: high[row]) }
  }

  private func fillBounceClass(_ codes: UnsafeMutableBufferPointer<Code>, _ block: EventBlock) {
    guard block.kind == .bounced else {
      for row in 0..<block.count { codes[row] = .null }
      return
    }
    let stated = block.codes(.bounceClass)
    let statusCodes = block.codes(.code)
    for row in 0..<block.count {
      let bounceClass = query.bounceRules.effectiveClass(
        stated: UInt8(stated[row]), code: statusCodes[row])
      codes[row] = Code(low: UInt64(bounceClass.rawValue))
    }
  }

  private func fillMachineClass(_ codes: UnsafeMutableBufferPointer<Code>, _ block: EventBlock) {
    let agents = block.codes(.userAgent)
    let flags = block.codes(.flags)
    let isEngagement = block.kind == .opened || block.kind == .clicked
    for row in 0..<block.count {
      if flags[row] & UInt32(EventFlags.head) != 0 {
        codes[row] = Code(low: UInt64(MachineClass.head.rawValue) + 1)
      } else if agents[row] != 0 || isEngagement {
        codes[row] = Code(low: UInt64(query.machineClasses[Int(agents[row])]) + 1)
      } else {
        codes[row] = .null
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
        codes[row] = key < map.count ? Code(low: UInt64(map[key])) : .null
      }
    }
  }

  private func fillPlain(
    _ codes: UnsafeMutableBufferPointer<Code>, _ block: EventBlock, _ column: EventColumn
  ) {
    let values = block.codes(column)
    for row in 0..<block.count { codes[row] = Code(low: UInt64(values[row])) }
  }
}
