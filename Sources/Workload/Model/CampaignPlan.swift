// The campaigns: who gets them, when they go out, how well they do, what they link to.
// Sizes follow Zipf's law, and campaigns are listed in the order in which they start.

internal import Base

struct Campaign: Sendable {
  /// The campaign's messages have the ordinals `firstMessage ..< firstMessage + messageCount`.
  var firstMessage = 0
  var messageCount = 0
  /// Repeated sends of the campaign; each but a campaign without send tags has its tag.
  var waveCount = 1
  var waveMessageCount = 0
  var hasSendTags = false
  var hasVariants = false
  var isTracked = true
  /// Send records state `sent_at`, with `time` being when the message was queued.
  var statesSentAt = false
  var start: Int64 = 0
  var waveGap: Int64 = 0
  /// Microseconds between two messages of a wave.
  var interval: Int64 = 0
  /// How much likelier than usual its messages are opened and clicked, per mille.
  var appeal = 1000
  /// Index of its first link in the link table, and how many it has.
  var firstLink = 0
  var linkCount = 0
  /// The multiplier of the permutation that decides who is sent to first.
  var stride = 1
  var template = 0
  var sender = 0
  var channel = 0
}

struct CampaignPlan: Sendable {
  let campaigns: [Campaign]
  let ids: ByteTable
  let subjects: ByteTable
  let links: ByteTable
  let linkURLs: ByteTable
  private let lastMessages: [Int]

  init(_ spec: WorkloadSpec) {
    var list: [Campaign] = []
    var linkTexts: [String] = []
    var urlTexts: [String] = []
    let sizes = CampaignPlan.sizes(spec)
    for index in 0..<spec.campaignCount {
      var campaign = CampaignPlan.make(index, messageCount: sizes[index], spec)
      campaign.firstMessage = (list.last?.firstMessage ?? 0) + (list.last?.messageCount ?? 0)
      campaign.firstLink = linkTexts.count
      let slug = CampaignPlan.slug(index)
      for place in Names.linkPlaces.prefix(campaign.linkCount) {
        linkTexts.append("\(slug).\(place)")
        urlTexts.append("https://www.example.com/\(slug)/\(place)?ids=\(index),\(linkTexts.count)")
      }
      list.append(campaign)
    }
    campaigns = list
    lastMessages = list.map { $0.firstMessage + $0.messageCount - 1 }
    ids = ByteTable((0..<list.count).map { CampaignPlan.id($0, list[$0]) })
    subjects = ByteTable((0..<list.count).map(CampaignPlan.subject))
    links = ByteTable(linkTexts)
    linkURLs = ByteTable(urlTexts)
  }

  /// The campaign of a message. Complexity: logarithmic in the number of campaigns.
  func campaignIndex(ofMessage ordinal: Int) -> Int { lastMessages.firstIndex(notBelow: ordinal) }

  /// Zipf's law over a permutation of the campaigns, every campaign at least one message.
  private static func sizes(_ spec: WorkloadSpec) -> [Int] {
    let count = spec.campaignCount
    let step = count.isMultiple(of: 7) ? stride(count: count) : 7
    let weights = (0..<count).map { 1_000_000 / (($0 * step + 3) % count + 2) + 1 }
    let total = weights.reduce(0, +)
    let divisible = spec.messageCount - count
    var sizes = weights.map { 1 + divisible * $0 / total }
    sizes[0] += spec.messageCount - sizes.reduce(0, +)
    return sizes
  }

  private static func make(_ index: Int, messageCount: Int, _ spec: WorkloadSpec) -> Campaign {
    var random = PRNG(seed: Hash.of(spec.seed ^ 0xCA3B, UInt64(index)))
    var campaign = Campaign()
    campaign.messageCount = messageCount
    campaign.hasVariants = index % 3 == 0
    campaign.isTracked = index % 23 != 7
    campaign.statesSentAt = index % 4 == 1
    campaign.appeal = 500 + random.below(900)
    campaign.linkCount = 1 + random.below(Names.linkPlaces.count)
    campaign.template = random.below(Names.templates.count)
    campaign.sender = random.below(Names.senders.count)
    campaign.channel = random.below(Names.channels.count)
    if index % 6 == 4 && messageCount >= 40 { campaign.waveCount = 4 }
    // A wave sends to a recipient once, so it cannot have more messages than there are recipients.
    let needed = (messageCount + spec.recipientCount - 1) / spec.recipientCount
    campaign.waveCount = max(campaign.waveCount, needed)
    campaign.hasSendTags = campaign.waveCount > 1 || index % 6 == 4
    campaign.waveMessageCount = (messageCount + campaign.waveCount - 1) / campaign.waveCount
    campaign.stride = stride(count: campaign.waveMessageCount)
    schedule(&campaign, index, spec, &random)
    return campaign
  }

  /// A multiplier without a common divisor with `count`, near the golden section, so that
  /// `i * stride % count` visits everybody once in an order without a pattern.
  private static func stride(count: Int) -> Int {
    var stride = max(1, count * 618 / 1000)
    while greatestCommonDivisor(stride, count) != 1 { stride += 1 }
    return stride
  }

  private static func greatestCommonDivisor(_ first: Int, _ second: Int) -> Int {
    second == 0 ? first : greatestCommonDivisor(second, first % second)
  }

  private static func schedule(
    _ campaign: inout Campaign, _ index: Int, _ spec: WorkloadSpec, _ random: inout PRNG
  ) {
    let hour = CivilTime.millisecondsPerHour
    let day = CivilTime.millisecondsPerDay
    let span = Int64(spec.sendDayCount) * day
    var dayIndex = index * spec.sendDayCount / spec.campaignCount
    let isWeekend = (dayIndex + spec.firstDay + 3) % 7 >= 5
    if isWeekend && random.isHit(0.7) { dayIndex = max(0, dayIndex - 2) }
    let clock = 6 * hour + Int64(random.below(11)) * hour + Int64(random.below(3_600_000))
    let start = Int64(dayIndex) * day + clock
    campaign.start = Timeline(spec).start + start
    // The last wave starts, and with at most two hours a wave also ends, before the last sending day does.
    campaign.waveGap = max(0, (span - start - 3 * hour) / Int64(campaign.waveCount))
    let even = 2 * hour * 1000 / Int64(campaign.waveMessageCount)
    campaign.interval = min(2_000_000, max(1, even))
  }

  private static func slug(_ index: Int) -> String {
    let purpose = Names.purposes[index % Names.purposes.count]
    let occasion = Names.occasions[
      (index * 5 + index / Names.purposes.count) % Names.occasions.count]
    let round = index / (Names.purposes.count * Names.occasions.count)
    return round == 0 ? "\(occasion)-\(purpose)" : "\(occasion)-\(purpose)-\(round + 1)"
  }

  /// Mostly plain ids; some with a space, a plus sign or letters beyond ASCII, as people type them.
  private static func id(_ index: Int, _ campaign: Campaign) -> String {
    let days = Int(campaign.start / CivilTime.millisecondsPerDay)
    let date = CivilDate(daysSinceEpoch: days)
    let month = "\(date.year)-\(date.month < 10 ? "0" : "")\(date.month)"
    return switch index % 16 {
    case 5: "\(month) \(slug(index))"
    case 9: "\(month)-été-\(slug(index))"
    case 13: "\(month)-a+b-\(slug(index))"
    default: "\(month)-\(slug(index))"
    }
  }

  private static func subject(_ index: Int) -> String {
    let words = slug(index).split(separator: "-").joined(separator: " ")
    return switch index % 5 {
    case 1: "Your \(words), this week"
    case 2: "\"\(words)\" starts today"
    case 3: "\(words) – last call"
    case 4: "Été: \(words)"
    default: "News: \(words)"
    }
  }
}
