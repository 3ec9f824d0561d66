// Everything that is decided before the first event: the shared, immutable background of all files.

internal import Base

/// One email to one recipient. A message is its ordinal; the rest follows from the plan.
struct Message {
  var ordinal: Int
  var campaign: Int
  var recipient: Int
  /// Which of the campaign's repeated sends it belongs to.
  var wave: Int
  /// UTC milliseconds.
  var sentAt: Int64

  /// A or B, in campaigns with variants.
  var variant: UInt8 { ordinal & 1 == 0 ? 0x41 : 0x42 }
}

struct WorkloadPlan: Sendable {
  let spec: WorkloadSpec
  let timeline: Timeline
  let campaigns: CampaignPlan
  let recipients: Recipients
  let userAgents = UserAgentPool()

  init(_ spec: WorkloadSpec) {
    self.spec = spec
    timeline = Timeline(spec)
    campaigns = CampaignPlan(spec)
    recipients = Recipients(spec)
  }

  func message(_ ordinal: Int) -> Message {
    message(ordinal, campaignIndex: campaigns.campaignIndex(ofMessage: ordinal))
  }

  /// The message, when its campaign is known.
  func message(_ ordinal: Int, campaignIndex: Int) -> Message {
    let campaign = campaigns.campaigns[campaignIndex]
    let index = ordinal - campaign.firstMessage
    let wave = index / campaign.waveMessageCount
    let position = index % campaign.waveMessageCount
    let offset = Int64(wave) * campaign.waveGap + Int64(position) * campaign.interval / 1000
    return Message(
      ordinal: ordinal, campaign: campaignIndex, recipient: recipient(campaign, position),
      wave: wave,
      sentAt: campaign.start + offset)
  }

  /// The recipients of a wave are spread so that low indices are in nearly every campaign and high ones in few.
  /// Strictly increasing in `rank`, hence everybody is met once.
  private func recipient(_ campaign: Campaign, _ position: Int) -> Int {
    let count = campaign.waveMessageCount
    let rank = position * campaign.stride % count
    let spare = spec.recipientCount - count
    return rank + spare * rank / count * rank / count
  }
}
