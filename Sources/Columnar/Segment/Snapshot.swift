// What a query sees: immutable, complete, and shared by all threads that answer it.

package import Base

/// The events, messages and recipients of one shard.
package struct ShardSnapshot: Sendable {
  package let recipients: KeyPrefix
  /// The domain code of each recipient.
  package let recipientDomains: EncodedColumn
  /// Attribute value codes by recipient ordinal, in the order of `Snapshot.attributeNames(of: .recipient)`.
  package let recipientAttributes: [EncodedColumn]
  /// One per MessageColumn but for the sent times, in raw-value order.
  private let messages: [EncodedColumn]
  package let sentTimes: SentTimes
  /// Opens and clicks of the messages.
  package let counts: MessageCounts
  package let segments: [Segment]
  /// By segment.
  package let splits: [AudienceSplit]
  package let firsts: FirstMarks
  package let people: RecipientIndex
  package let sums = RecipientSums()

  /// - Parameter messages: one per MessageColumn but for the sent times, in raw-value order.
  package init(
    recipients: KeyPrefix, recipientDomains: EncodedColumn,
    recipientAttributes: [EncodedColumn], messages: [EncodedColumn], sentTimes: SentTimes,
    counts: MessageCounts, segments: [Segment], splits: [AudienceSplit],
    firsts: FirstMarks = FirstMarks(), people: RecipientIndex = RecipientIndex()
  ) {
    self.recipients = recipients
    self.recipientDomains = recipientDomains
    self.recipientAttributes = recipientAttributes
    self.messages = messages
    self.sentTimes = sentTimes
    self.counts = counts
    self.segments = segments
    self.splits = splits
    self.firsts = firsts
    self.people = people
  }

  package var messageCount: Int { messages[0].rowCount }

  /// Bytes of memory of what was found because questions asked for it.
  package var foundByteCount: Int {
    firsts.byteCount + people.byteCount + sums.byteCount + (sentTimes.known?.byteCount ?? 0)
  }

  /// The shard with these of its segments only.
  package func keeping(_ range: Range<Int>) -> ShardSnapshot {
    if range == segments.indices { return self }
    return ShardSnapshot(
      recipients: recipients, recipientDomains: recipientDomains,
      recipientAttributes: recipientAttributes, messages: messages, sentTimes: sentTimes,
      counts: counts, segments: Array(segments[range]), splits: Array(splits[range]))
  }

  package subscript(column: MessageColumn) -> EncodedColumn {
    column == .sentTime ? sentTimes.column : messages[Int(column.rawValue)]
  }
}

/// One attribute of campaigns or links: its name and a value code per dictionary ordinal.
package struct SharedAttribute: Sendable {
  package let name: String
  /// Codes into SharedDictionary.attribute; ordinals beyond the end have none.
  package let codes: [UInt32]

  package init(name: String, codes: [UInt32]) {
    self.name = name
    self.codes = codes
  }
}

/// Everything a query needs, at one moment.
package final class Snapshot: Sendable {
  package let shards: [ShardSnapshot]
  private let dictionaries: [DictionaryPrefix]
  package let campaignAttributes: [SharedAttribute]
  package let linkAttributes: [SharedAttribute]
  package let recipientAttributeNames: [String]
  package let traits: EntryTraits
  /// Opens and clicks by campaign and hour.
  package let hours: HourCounts
  package let profiles = MessageProfiles()
  /// By user-agent code: 1 for a machine, 0 for a person.
  package let machineMarks: [UInt32]
  /// By user-agent code: the class's raw value. Who names no user agent is a person.
  package let machineClasses: [UInt8]
  /// Earliest and latest time of any event, UTC milliseconds; 0...0 without events.
  package let times: ClosedRange<Int64>

  /// - Parameter dictionaries: one per SharedDictionary, in raw-value order.
  package init(
    shards: [ShardSnapshot], dictionaries: [DictionaryPrefix],
    campaignAttributes: [SharedAttribute], linkAttributes: [SharedAttribute],
    recipientAttributeNames: [String], traits: EntryTraits, hours: HourCounts
  ) {
    self.shards = shards
    self.dictionaries = dictionaries
    self.campaignAttributes = campaignAttributes
    self.linkAttributes = linkAttributes
    self.recipientAttributeNames = recipientAttributeNames
    self.traits = traits
    self.hours = hours
    machineMarks = traits.machineMarks()
    machineClasses =
      [MachineClass.human.rawValue] + traits.userAgents.map { $0.machineClass.rawValue }
    times = Snapshot.times(shards)
  }

  private static func times(_ shards: [ShardSnapshot]) -> ClosedRange<Int64> {
    var low = UInt64.max
    var high: UInt64 = 0
    for shard in shards {
      for segment in shard.segments {
        for block in segment.blocks(.time) {
          low = min(low, block.minimum)
          high = max(high, block.maximum)
        }
      }
    }
    return low <= high ? TimeBias.load(low)...TimeBias.load(high) : 0...0
  }

  package subscript(dictionary: SharedDictionary) -> DictionaryPrefix {
    dictionaries[Int(dictionary.rawValue)]
  }
}

/// What the rules of classification say of the entries of two dictionaries. Computed when a snapshot is made and
/// never stored, so that a better rule changes the past.
package struct EntryTraits: Sendable {
  /// By user-agent ordinal.
  package var userAgents: [UserAgentEntry]
  /// By ordinal of SharedDictionary.code.
  package var bounceClasses: [BounceClass]

  package init(userAgents: [UserAgentEntry], bounceClasses: [BounceClass]) {
    self.userAgents = userAgents
    self.bounceClasses = bounceClasses
  }

  /// By user-agent code: 1 for a machine, 0 for a person; who names no user agent is a person.
  package func machineMarks<Mark: FixedWidthInteger>() -> [Mark] {
    [0] + userAgents.map { $0.machineClass == .human ? 0 : 1 }
  }
}

/// Who a user agent is.
package struct UserAgentEntry: Equatable, Sendable {
  package var machineClass: MachineClass
  package var client: String
  package var device: String
  package var os: String

  package init(machineClass: MachineClass, client: String, device: String, os: String) {
    self.machineClass = machineClass
    self.client = client
    self.device = device
    self.os = os
  }
}
