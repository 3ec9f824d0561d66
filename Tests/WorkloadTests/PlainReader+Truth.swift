// The numbers of docs/SEMANTICS.md over the events that PlainReader found.

import Workload

extension PlainReader {
  /// The whole truth. Campaigns come in the order of their ids.
  func conclusion() -> Truth {
    var truth = truth
    let byMessage = Dictionary(grouping: events, by: \.key)
    truth.messages = byMessage.count
    truth.revenueMicros = Int64(events.reduce(0) { $0 + $1.valueMicros })
    var campaigns: [String: CampaignTruth] = [:]
    for (key, events) in byMessage {
      let message = PlainMessage(events)
      addStates(message, to: &truth)
      addAudience(message.humanEvents, to: &truth.human)
      addAudience(message.machineEvents, to: &truth.machine)
      addAudience(message.events, to: &truth.all)
      addCampaign(message, to: &campaigns[key[0], default: CampaignTruth()])
      campaigns[key[0]]?.id = key[0]
    }
    truth.campaigns = campaigns.values.sorted { $0.id < $1.id }
    return truth
  }

  private func addStates(_ message: PlainMessage, to truth: inout Truth) {
    truth.sent += message.isSent ? 1 : 0
    truth.delivered += message.isDelivered ? 1 : 0
    truth.deliveredAndTracked += message.isDelivered && message.isTracked ? 1 : 0
    truth.uniqueUnsubscribes += message.has("unsubscribed") ? 1 : 0
    truth.uniqueComplaints += message.has("complained") ? 1 : 0
    truth.uniqueConversions += message.has("converted") ? 1 : 0
    guard let bounce = message.bounceClass else { return }
    truth.bounced += 1
    truth.hardBounced += bounce == "hard" ? 1 : 0
    truth.softBounced += bounce == "soft" ? 1 : 0
    truth.blockBounced += bounce == "block" ? 1 : 0
  }

  private func addAudience(_ events: [PlainEvent], to truth: inout AudienceTruth) {
    let opens = events.count { $0.kind == "opened" }
    let clicks = events.count { $0.kind == "clicked" }
    truth.opens += opens
    truth.clicks += clicks
    truth.uniqueOpens += opens > 0 ? 1 : 0
    truth.uniqueOpensImplied += opens + clicks > 0 ? 1 : 0
    truth.uniqueClicks += clicks > 0 ? 1 : 0
  }

  private func addCampaign(_ message: PlainMessage, to truth: inout CampaignTruth) {
    let kinds = Set(message.humanEvents.map(\.kind))
    truth.sent += message.isSent ? 1 : 0
    truth.delivered += message.isDelivered ? 1 : 0
    truth.bounced += message.bounceClass != nil ? 1 : 0
    truth.uniqueOpens += kinds.contains("opened") || kinds.contains("clicked") ? 1 : 0
    truth.uniqueClicks += kinds.contains("clicked") ? 1 : 0
  }
}

/// One message's states, by the sentences of docs/SEMANTICS.md.
struct PlainMessage {
  let events: [PlainEvent]

  init(_ events: [PlainEvent]) { self.events = events }

  func has(_ kind: String) -> Bool { events.contains { $0.kind == kind } }

  var isSent: Bool { has("sent") }

  var isTracked: Bool { !events.contains { $0.tracked == "false" } }

  var isDelivered: Bool { has("delivered") || (isSent && bounceClass == nil) }

  /// The class of the last bounce, unless a delivery came later; nil if not bounced.
  var bounceClass: String? {
    let bounces = events.filter { $0.kind == "bounced" }.sorted { $0.time < $1.time }
    guard let last = bounces.last else { return nil }
    let isRefuted = events.contains { $0.kind == "delivered" && $0.time > last.time }
    return isRefuted ? nil : last.bounceClass
  }

  var machineEvents: [PlainEvent] { events.filter { $0.isMachine } }
  var humanEvents: [PlainEvent] { events.filter { !$0.isMachine } }
}
