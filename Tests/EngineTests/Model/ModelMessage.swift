// One message: its attributes and its states, settled from all of its events.

struct ModelMessage {
  var key: ModelMessageKey
  var variant: String?
  var template: String?
  var sender: String?
  var subject: String?
  var isTracked = true
  var domain: String?
  /// When it became so; nil if it is not.
  var sentTime: Int?
  var deliveredTime: Int?
  /// The bounce that decides, if the message is bounced.
  var bounce: ModelEvent?

  init(key: ModelMessageKey) { self.key = key }

  /// Works out the states from the message's events.
  mutating func settleStates(_ events: [ModelEvent]) {
    sentTime = events.filter { $0.kind == "sent" }.map(\.time).min()
    let deliveries = events.filter { $0.kind == "delivered" }.map(\.time)
    let bounces = events.filter { $0.kind == "bounced" }
    if let last = bounces.map(\.time).max(), !deliveries.contains(where: { $0 > last }) {
      bounce = bounces.filter { $0.time == last }.min(by: ModelMessage.isSmaller)
    }
    deliveredTime = deliveries.min() ?? (bounce == nil ? sentTime : nil)
  }

  /// By class, code and reason; NULL before everything.
  private static func isSmaller(_ left: ModelEvent, _ right: ModelEvent) -> Bool {
    for field in [\ModelEvent.bounceClass, \.code, \.reason] {
      let (a, b) = (left[keyPath: field], right[keyPath: field])
      if a == b { continue }
      guard let a, let b else { return a == nil }
      return ModelValue.order(a, b) < 0
    }
    return false
  }

  /// Its states as events of their own kind.
  var states: [ModelEvent] {
    var states: [ModelEvent] = []
    if let sentTime { states.append(state("sent", sentTime)) }
    if let deliveredTime { states.append(state("delivered", deliveredTime)) }
    if let bounce {
      var state = state("bounced", bounce.time)
      state.bounceClass = bounce.bounceClass
      state.code = bounce.code
      state.reason = bounce.reason
      states.append(state)
    }
    return states
  }

  private func state(_ kind: String, _ time: Int) -> ModelEvent {
    var state = ModelEvent()
    state.kind = kind
    state.time = time
    state.campaign = key.campaign
    state.recipient = key.recipient
    state.send = key.send
    return state
  }
}
