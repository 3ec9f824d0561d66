// The answers to the query families by loops, sets and dictionaries: slow, obvious, and without a line of Query.

internal import Base
package import Columnar

package struct PlainAnswers {
  /// Events and distinct messages.
  struct Count {
    var events = 0
    var unique = 0
  }

  struct Campaign {
    var sent = 0, delivered = 0, bounced = 0
    var opens = 0, clicks = 0, uniqueOpens = 0, uniqueClicks = 0
    /// Delivered and tracked: what `open_rate` divides by.
    var population = 0
  }

  struct Recipient {
    var key: String
    var opens = 0
    var clicks = 0
    var sends = 0
    var isOpened = false
    var events: [PlainEvent] = []
  }

  private(set) var eventCount = 0
  private(set) var messageCount = 0
  private(set) var timeSum: UInt64 = 0
  private(set) var eventsByKind = [Int](repeating: 0, count: 16)
  /// Events of all kinds and audiences.
  private(set) var eventsByHour: [Int64: Int] = [:]

  private(set) var campaigns: [UInt32: Campaign] = [:]
  private(set) var links: [Int: Count] = [:]
  private(set) var hours: [Int64: Count] = [:]
  /// Opens by hour of the campaign that was sent most.
  private(set) var campaignHours: [Int64: Int] = [:]
  private(set) var statuses: [String: Int] = [:]
  /// Recipient and send of its messages that were opened and not clicked; no send as `\N`.
  private(set) var openedNotClicked: [(recipient: String, send: String)] = []
  /// Who got three sends or more and opened none.
  private(set) var silent: [(recipient: String, sends: Int)] = []
  /// Everybody who opened or clicked.
  private(set) var readers: [Recipient] = []
  /// The recipient of the most events.
  private(set) var busiest = Recipient(key: "")
  /// The campaign that was sent most.
  private(set) var largest: UInt32 = 0

  let names: PlainNames

  package init(_ snapshot: Snapshot) {
    names = PlainNames(snapshot)
    largest = PlainAnswers.largestCampaign(snapshot)
    for shard in snapshot.shards { add(PlainShard(shard, snapshot)) }
    readers.sort { left, right in
      if left.clicks != right.clicks { return left.clicks > right.clicks }
      return PlainNames.isOrdered((left.key, ""), (right.key, ""))
    }
    openedNotClicked.sort { PlainNames.isOrdered(($0.recipient, $0.send), ($1.recipient, $1.send)) }
    silent.sort { PlainNames.isOrdered(($0.recipient, ""), ($1.recipient, "")) }
  }

  /// The campaign of the most messages.
  private static func largestCampaign(_ snapshot: Snapshot) -> UInt32 {
    var counts: [UInt32: Int] = [:]
    for shard in snapshot.shards {
      for campaign in shard[.campaign].decodedCodes() { counts[campaign, default: 0] += 1 }
    }
    return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? 0
  }

  private mutating func add(_ shard: PlainShard) {
    var messages = [PlainMessage](repeating: PlainMessage(), count: shard.campaigns.count)
    for event in shard.events {
      messages[event.message].add(event)
      addEvent(event, in: shard)
    }
    addUniques(shard)
    addMessages(messages, shard)
    addRecipients(messages, shard)
  }

  private mutating func addEvent(_ event: PlainEvent, in shard: PlainShard) {
    eventCount += 1
    eventsByKind[Int(event.kind.rawValue)] += 1
    timeSum &+= TimeBias.store(event.time)
    let hour = PlainAnswers.hour(event.time)
    eventsByHour[hour, default: 0] += 1
    guard event.isHuman, event.kind == .opened || event.kind == .clicked else { return }
    if event.kind == .clicked {
      links[event.link, default: Count()].events += 1
      return
    }
    hours[hour, default: Count()].events += 1
    if shard.campaigns[event.message] == largest { campaignHours[hour, default: 0] += 1 }
  }

  private mutating func addUniques(_ shard: PlainShard) {
    var seen: Set<Place> = []
    for event in shard.events where event.isHuman {
      if event.kind == .clicked, seen.insert(Place(event, event.link)).inserted {
        links[event.link, default: Count()].unique += 1
      }
      let hour = PlainAnswers.hour(event.time)
      if event.kind == .opened, seen.insert(Place(event, Int(hour))).inserted {
        hours[hour, default: Count()].unique += 1
      }
    }
  }

  private mutating func addMessages(_ messages: [PlainMessage], _ shard: PlainShard) {
    messageCount += messages.count
    for (index, message) in messages.enumerated() {
      statuses[message.status, default: 0] += 1
      let campaign = shard.campaigns[index]
      campaigns[campaign, default: Campaign()].add(message, shard.isUntracked[index])
      if campaign == largest, message.opens > 0, message.clicks == 0 {
        let recipient = shard.recipientKeys[Int(shard.recipients[index])]
        openedNotClicked.append((recipient, names.send(shard.sends[index])))
      }
    }
  }

  private mutating func addRecipients(_ messages: [PlainMessage], _ shard: PlainShard) {
    var recipients = shard.recipientKeys.map { Recipient(key: $0) }
    for (index, message) in messages.enumerated() {
      recipients[Int(shard.recipients[index])].add(message)
    }
    for event in shard.events {
      recipients[Int(shard.recipients[event.message])].add(event)
    }
    for recipient in recipients {
      if recipient.isOpened {
        var counted = recipient
        counted.events = []
        readers.append(counted)
      }
      if recipient.sends >= 3, !recipient.isOpened {
        silent.append((recipient.key, recipient.sends))
      }
      if recipient.events.count > busiest.events.count { busiest = recipient }
    }
  }

  /// A message in a group of one kind of event.
  private struct Place: Hashable {
    let kind: EventKind
    let group: Int
    let message: Int

    init(_ event: PlainEvent, _ group: Int) {
      (kind, self.group, message) = (event.kind, group, event.message)
    }
  }

  private static func hour(_ time: Int64) -> Int64 {
    let length = CivilTime.millisecondsPerHour
    return CivilTime.floorDivide(time, length) * length
  }
}

extension PlainAnswers.Campaign {
  fileprivate mutating func add(_ message: PlainMessage, _ isUntracked: Bool) {
    sent += message.isSent ? 1 : 0
    delivered += message.isDelivered ? 1 : 0
    population += message.isDelivered && !isUntracked ? 1 : 0
    bounced += message.isBounced ? 1 : 0
    opens += message.opens
    clicks += message.clicks
    uniqueOpens += message.isOpened ? 1 : 0
    uniqueClicks += message.clicks > 0 ? 1 : 0
  }
}

extension PlainAnswers.Recipient {
  fileprivate mutating func add(_ message: PlainMessage) {
    sends += message.isSent ? 1 : 0
    opens += message.opens
    clicks += message.clicks
    if message.isOpened { isOpened = true }
  }

  /// Keeps an event of the timeline: opens and clicks of machines do not exist.
  fileprivate mutating func add(_ event: PlainEvent) {
    let isSeen = event.kind == .opened || event.kind == .clicked
    if !isSeen || event.isHuman { events.append(event) }
  }
}
