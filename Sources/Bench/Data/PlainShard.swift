// The events and messages of one shard as arrays of plain values: what the plain twins of queries loop over.

internal import Base
internal import Columnar

struct PlainEvent {
  var kind: EventKind
  /// UTC milliseconds.
  var time: Int64
  /// The shard's message number.
  var message: Int
  /// A code; 0 is NULL.
  var link: Int
  /// Whether a person did it.
  var isHuman: Bool
}

struct PlainShard {
  let events: [PlainEvent]
  /// By message: codes of campaign and send, the shard's number of the recipient, whether a record said "untracked".
  let campaigns: [UInt32]
  let sends: [UInt32]
  let recipients: [UInt32]
  let isUntracked: [Bool]
  let recipientKeys: [String]

  init(_ shard: ShardSnapshot, _ snapshot: Snapshot) {
    events = shard.segments.flatMap { PlainShard.events(of: $0, snapshot.traits) }
    campaigns = shard[.campaign].decodedCodes()
    sends = shard[.send].decodedCodes()
    recipients = shard[.recipient].decodedCodes()
    isUntracked = shard[.flags].decodedCodes().map { $0 & MessageFlags.untracked != 0 }
    recipientKeys = (0..<shard.recipients.count).map { shard.recipients[UInt32($0)].text }
  }

  private static func events(of segment: Segment, _ traits: EntryTraits) -> [PlainEvent] {
    let (kinds, times) = (segment[.kind].decoded(), segment[.time].decoded())
    let (messages, links) = (segment[.message].decoded(), segment[.link].decoded())
    let (agents, flags) = (segment[.userAgent].decoded(), segment[.flags].decoded())
    return (0..<segment.rowCount).map { row in
      let agent = Int(agents[row])
      let isMachine = agent > 0 && traits.userAgents[agent - 1].machineClass != .human
      let isHead = flags[row] & UInt64(EventFlags.head) != 0
      return PlainEvent(
        kind: EventKind(rawValue: UInt8(kinds[row])) ?? .sent, time: TimeBias.load(times[row]),
        message: Int(messages[row]), link: Int(links[row]),
        isHuman: !isMachine && !isHead)
    }
  }
}
