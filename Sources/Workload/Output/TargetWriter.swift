// The request targets of hits, in all the spellings links have: both forms of the routes, query keys in any order,
// several percent-encoders.

internal import Base

struct TargetWriter: ~Copyable {
  private let plan: WorkloadPlan
  private var recipient = ByteBuilder(capacity: 256)

  init(_ plan: WorkloadPlan) { self.plan = plan }

  /// Appends the target of a hit.
  ///
  /// - Parameter bits: random bits of the hit; they decide the spelling.
  mutating func append(
    _ record: Record, of message: Message, bits: UInt64, to builder: inout ByteBuilder
  ) {
    let campaign = plan.campaigns.campaigns[message.campaign]
    recipient.truncate(to: 0)
    plan.recipients.append(message.recipient, to: &recipient)
    let isPath = bits & 15 < 5
    switch record.kind {
    case .opened where isPath: appendOpenPath(message, campaign, bits, to: &builder)
    // The path form of a click has no place for a send tag.
    case .clicked where isPath && !campaign.hasSendTags:
      appendClickPath(record, message, campaign, bits, to: &builder)
    default: appendQuery(record, message, campaign, bits, to: &builder)
    }
  }

  /// A pixel's target that names nobody.
  func appendWithoutRecipient(_ message: Message, to builder: inout ByteBuilder) {
    builder.append("/o?c=")
    appendCampaign(message, PercentStyle(), to: &builder)
  }

  /// A pixel's target with `%zz` in it.
  func appendWithBadEscape(_ message: Message, to builder: inout ByteBuilder) {
    appendWithoutRecipient(message, to: &builder)
    builder.append("&r=member%zz")
    builder.append(decimal: message.recipient)
  }

  private func style(_ bits: UInt64, isPath: Bool) -> PercentStyle {
    PercentStyle(
      isLowerCase: bits >> 4 & 7 == 0, keepsAt: bits >> 7 & 7 == 0,
      usesPlusForSpace: !isPath && bits >> 10 & 1 == 0, keepsPlus: isPath && bits >> 10 & 1 == 0,
      keepsHighBytes: bits >> 11 & 3 == 0 && plan.spec.format.showsHighBytes)
  }

  private func appendOpenPath(
    _ message: Message, _ campaign: Campaign, _ bits: UInt64, to builder: inout ByteBuilder
  ) {
    let style = style(bits, isPath: true)
    builder.append("/o/")
    appendCampaign(message, style, to: &builder)
    builder.append(ASCII.slash)
    builder.append(percentEncoding: recipient.slice, style: style)
    if campaign.hasSendTags {
      builder.append("/issue-")
      builder.append(decimal: message.wave + 1)
    }
    builder.append(".gif")
  }

  private func appendClickPath(
    _ record: Record, _ message: Message, _ campaign: Campaign, _ bits: UInt64,
    to builder: inout ByteBuilder
  ) {
    let style = style(bits, isPath: true)
    builder.append("/c/")
    appendCampaign(message, style, to: &builder)
    builder.append(ASCII.slash)
    builder.append(percentEncoding: recipient.slice, style: style)
    builder.append(ASCII.slash)
    builder.append(plan.campaigns.links, campaign.firstLink + Int(record.detail))
  }

  private func appendCampaign(
    _ message: Message, _ style: PercentStyle, to builder: inout ByteBuilder
  ) {
    plan.campaigns.ids.with(message.campaign) { builder.append(percentEncoding: $0, style: style) }
  }

  private func appendQuery(
    _ record: Record, _ message: Message, _ campaign: Campaign, _ bits: UInt64,
    to builder: inout ByteBuilder
  ) {
    builder.append(route(record.kind))
    let style = style(bits, isPath: false)
    let firstKey = Int(bits >> 14 & 7)
    let isReversed = bits >> 17 & 1 == 0
    for step in 0..<8 {
      let key = (isReversed ? firstKey + 8 - step : firstKey + step) % 8
      let before = builder.count
      appendPair(key, record, message, style, to: &builder)
      if builder.count > before { builder.append(ASCII.ampersand) }
    }
    builder.truncate(to: builder.count - 1)
  }

  private func route(_ kind: EventKind) -> StaticString {
    switch kind {
    case .clicked: "/c?"
    case .unsubscribed: "/u?"
    case .converted: "/v?"
    default: "/o?"
    }
  }

  /// Appends one `key=value` of the eight a query may have, or nothing.
  private func appendPair(
    _ key: Int, _ record: Record, _ message: Message, _ style: PercentStyle,
    to builder: inout ByteBuilder
  ) {
    let campaign = plan.campaigns.campaigns[message.campaign]
    switch key {
    case 0:
      builder.append("c=")
      appendCampaign(message, style, to: &builder)
    case 1:
      builder.append("r=")
      builder.append(percentEncoding: recipient.slice, style: style)
    case 2 where campaign.hasSendTags:
      builder.append("s=issue-")
      builder.append(decimal: message.wave + 1)
    case 3 where campaign.hasVariants && record.kind != .converted:
      builder.append("v=")
      builder.append(message.variant)
    case 4 where record.kind == .clicked:
      builder.append("l=")
      builder.append(plan.campaigns.links, campaign.firstLink + Int(record.detail))
    case 5: appendDetail(record, style, to: &builder)
    case 6 where record.kind == .converted:
      builder.append("currency=")
      builder.append(Names.currencies[Int(record.detail) % Names.currencies.count])
    case 7 where record.salt & 15 == 0: builder.append("utm_source=mail")
    default: break
    }
  }

  private func appendDetail(
    _ record: Record, _ style: PercentStyle, to builder: inout ByteBuilder
  ) {
    switch record.kind {
    case .unsubscribed where Int(record.detail) < Names.unsubscribeReasons.count:
      let reason = ByteSlice(Names.unsubscribeReasons[Int(record.detail)])
      builder.append("reason=")
      builder.append(percentEncoding: reason, style: style)
    case .converted:
      builder.append("value=")
      builder.append(micros: ConversionTable.prices[Int(record.detail)])
    default: break
    }
  }
}
