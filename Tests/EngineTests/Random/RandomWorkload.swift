// Small, nasty histories: few campaigns and recipients so that everything collides, equal times, bounces
// before and after
// deliveries, hits without sends, contradictions, NULLs everywhere.

import Base
import Ingest

struct RandomWorkload {
  private(set) var events: [ModelEvent] = []
  /// Owner, key, name, value; each owner's attribute is stated once.
  private(set) var attributes: [(owner: String, key: String, name: String, value: String)] = []
  let pools: ValuePools

  /// - Parameters:
  ///   - eventCountMax: the most events; often there are far fewer.
  ///   - isOneShard: whether all recipients live in the same shard.
  init(_ random: inout PRNG, eventCountMax: Int = 120, isOneShard: Bool = false) {
    pools = ValuePools(&random, isOneShard: isOneShard)
    let count = random.isHit(0.05) ? 0 : random.below(eventCountMax) + 1
    for _ in 0..<count { events.append(makeEvent(&random)) }
    for _ in 0..<random.below(count / 8 + 1) { events.append(random.pick(events)) }
    repeatIdentities(&random)
    makeAttributes(&random)
  }

  /// The events and attributes in a model.
  var model: ModelStore {
    var store = ModelStore()
    add(to: &store)
    return store
  }

  func add(to store: inout ModelStore) {
    for event in events { store.add(event) }
    for attribute in attributes {
      store.state(attribute.owner, attribute.key, attribute.name, attribute.value)
    }
  }

  /// The same history with an id of its own on every event that a log line need not state.
  func identified() -> RandomWorkload {
    var workload = self
    workload.events = events.enumerated().filter { !$0.element.isHead }.map { index, event in
      var event = event
      event.id = "e\(index)"
      return event
    }
    return workload
  }

  /// The same history in two parts, the attributes in either.
  func halves(_ random: inout PRNG) -> (RandomWorkload, RandomWorkload) {
    var (first, second) = (self, self)
    let count = events.isEmpty ? 0 : random.below(events.count + 1)
    first.events = Array(events.prefix(count))
    second.events = Array(events.dropFirst(count))
    if random.isHit(0.5) { first.attributes = [] } else { second.attributes = [] }
    return (first, second)
  }

  private func makeEvent(_ random: inout PRNG) -> ModelEvent {
    var event = ModelEvent()
    event.kind = random.pick(ValuePools.kinds)
    event.time = random.pick(pools.times)
    event.campaign = random.pick(pools.campaigns)
    event.recipient = random.pick(pools.recipients)
    event.send = maybe(&random, 0.3, pools.sends)
    if random.isHit(0.35) {
      makeHit(&event, &random)
    } else {
      stateAttributes(&event, &random)
      stateEventFields(&event, &random)
    }
    return event
  }

  /// Only fields that a log line can say.
  private func makeHit(_ event: inout ModelEvent, _ random: inout PRNG) {
    event.kind = random.pick([
      "opened", "opened", "clicked", "clicked", "unsubscribed", "converted",
    ])
    event.time -= (event.time % 1000 + 1000) % 1000
    event.ip = maybe(&random, 0.9, ModelTables.addresses.map(\.0))
    event.userAgent = maybe(&random, 0.9, ModelTables.agents.map(\.text))
    switch event.kind {
    case "opened":
      event.variant = maybe(&random, 0.3, pools.variants)
      event.isHead = random.isHit(0.1)
    case "clicked":
      event.link = random.pick(pools.links)
      event.variant = maybe(&random, 0.3, pools.variants)
      event.isHead = random.isHit(0.1)
    case "unsubscribed": event.reason = maybe(&random, 0.5, pools.reasons)
    default:
      event.value = random.isHit(0.7) ? random.pick(ValuePools.values) : nil
      event.currency = maybe(&random, 0.5, pools.currencies)
    }
  }

  private func stateAttributes(_ event: inout ModelEvent, _ random: inout PRNG) {
    let chance = event.kind == "sent" ? 0.6 : 0.15
    event.variant = maybe(&random, chance, pools.variants)
    event.template = maybe(&random, chance, pools.templates)
    event.sender = maybe(&random, chance, pools.senders)
    event.subject = maybe(&random, chance, pools.subjects)
    if random.isHit(0.15) { event.tracked = random.isHit(0.6) }
    if random.isHit(0.15) { event.sentAt = random.pick(pools.times) }
    event.domain = maybe(&random, 0.08, pools.domains)
    if random.isHit(0.15) { event.id = "id\(random.below(4))" }
  }

  private func stateEventFields(_ event: inout ModelEvent, _ random: inout PRNG) {
    event.link = maybe(&random, 0.4, pools.links)
    event.url = maybe(&random, 0.2, pools.urls)
    event.position = maybe(&random, 0.2, pools.positions)
    event.ip = maybe(&random, 0.4, ModelTables.addresses.map(\.0))
    event.country = maybe(&random, 0.3, pools.countries)
    event.userAgent = maybe(&random, 0.4, ModelTables.agents.map(\.text))
    event.code = maybe(&random, event.kind == "bounced" ? 0.7 : 0.1, pools.codes)
    event.bounceClass = maybe(&random, 0.15, ["hard", "soft", "block", "unknown"])
    event.reason = maybe(&random, 0.3, pools.reasons)
    if random.isHit(0.3) { event.value = random.pick(ValuePools.values) }
    event.currency = maybe(&random, 0.2, pools.currencies)
  }

  /// A repeat is the same event again; two events that only share an id get different ones.
  private mutating func repeatIdentities(_ random: inout PRNG) {
    var known: [String: ModelEvent] = [:]
    for index in events.indices {
      guard let id = events[index].id else { continue }
      let identity = "\(events[index].message) \(events[index].kind) \(id)"
      if let first = known[identity] {
        events[index] = first
      } else {
        known[identity] = events[index]
      }
    }
  }

  private mutating func makeAttributes(_ random: inout PRNG) {
    let owners = [
      ("campaign", pools.campaigns + ["elsewhere"]), ("recipient", pools.recipients + ["nobody"]),
      ("link", pools.links + ["unused"]),
    ]
    for (owner, keys) in owners where random.isHit(0.6) {
      for key in keys {
        for (name, values) in pools.attributeValues(owner) where random.isHit(0.6) {
          attributes.append((owner, key, name, random.pick(values)))
        }
      }
    }
  }

  private func maybe(_ random: inout PRNG, _ chance: Double, _ values: [String]) -> String? {
    random.isHit(chance) ? random.pick(values) : nil
  }
}
