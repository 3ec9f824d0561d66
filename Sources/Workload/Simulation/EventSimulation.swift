// What happens to a message: a pure function of the seed and the message's ordinal. Files of any size can thus be
// written window by window, each time simulating again, without holding the events of the whole workload.

internal import Base

struct EventSimulation {
  let plan: WorkloadPlan
  var random = PRNG(seed: 0)

  init(_ plan: WorkloadPlan) { self.plan = plan }

  /// Fills `story` with everything that happens to `message`.
  mutating func tell(_ message: Message, into story: inout MessageStory) {
    let campaign = plan.campaigns.campaigns[message.campaign]
    let traits = plan.recipients.traits(message.recipient)
    random = PRNG(seed: Hash.of(plan.spec.seed, UInt64(message.ordinal)))
    story.begin(message)
    story.hasSentRecord = random.below(1000) != 0
    story.isTracked = campaign.isTracked && !traits.refusesTracking
    guard deliver(into: &story) else { return }
    let scene = Scene(message: message, campaign: campaign, traits: traits)
    if story.isTracked { machineHits(scene, into: &story) }
    humanHits(scene, isTracked: story.isTracked, into: &story)
  }

  /// A record of the story's message with fresh salt.
  mutating func record(_ kind: EventKind, at time: Int64, of message: Message) -> Record {
    Record(
      time: time, message: UInt32(truncatingIfNeeded: message.ordinal),
      salt: UInt32(truncatingIfNeeded: random.next() >> 32), kind: kind)
  }
}

/// Who reads what: the constants of one message's simulation.
struct Scene {
  let message: Message
  let campaign: Campaign
  let traits: RecipientTraits
}
