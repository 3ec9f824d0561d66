// One worker's way from parsed events to a batch: shared values become codes, through caches of its own, and addresses
// are cut to what is kept of them.

internal import Base
internal import Columnar

struct EventCoder: ~Copyable {
  private(set) var batch: EventBatch
  private let caches: CodeCaches
  private let addressPolicy: AddressPolicy
  private let eventCountMax: Int

  /// - Parameter eventCountMax: events until a batch is full; tests use one.
  init(shared: SharedState, addressPolicy: AddressPolicy, eventCountMax: Int) {
    self.addressPolicy = addressPolicy
    self.eventCountMax = eventCountMax
    // One of the longest keys fits, however few events are wanted.
    batch = EventBatch(eventCountMax: max(eventCountMax, EventBatch.eventCountMax))
    caches = CodeCaches(of: shared)
  }

  /// Whether the next event might not fit.
  var isFull: Bool { batch.count >= eventCountMax || !batch.parts.hasRoom }

  var attributeCodes: CodeCache { caches.attribute }

  /// Goes on with an empty batch.
  mutating func clear() { batch.clear() }

  /// Takes one event over; nil, or why it cannot be kept.
  mutating func append(_ event: borrowing Event) -> RejectReason? {
    guard event.recipient.count <= Limits.fieldByteCountMax else { return .fieldTooLong }
    let place = batch.parts.place(for: event.recipient)
    let statementCount = batch.linkStatements.count
    guard resolveMessage(event, &place.pointee), resolveRow(event, &place.pointee) else {
      batch.linkStatements.removeSubrange(statementCount...)
      return .tooManyValues
    }
    batch.parts.keep(place, recipient: event.recipient)
    return nil
  }

  private func resolveMessage(_ event: borrowing Event, _ pending: inout PendingEvent) -> Bool {
    guard let campaign = caches.campaign.code(event.campaign),
      let send = caches.send.code(event.send),
      let variant = caches.variant.code(event.variant),
      let template = caches.template.code(event.template),
      let sender = caches.sender.code(event.sender),
      let subject = caches.subject.code(event.subject),
      let domain = caches.domain.code(event.domain)
    else { return false }
    pending.campaign = campaign
    pending.send = send
    pending.variant = variant
    pending.template = template
    pending.sender = sender
    pending.subject = subject
    pending.domain = domain
    pending.isUntracked = event.tracked == .no
    return true
  }

  private mutating func resolveRow(
    _ event: borrowing Event, _ pending: inout PendingEvent
  ) -> Bool {
    pending.row.time = event.time
    pending.row.kind = event.kind.rawValue
    if !event.id.isEmpty {
      pending.row.identity = Hash.of(Hash.of(event.id), UInt64(event.kind.rawValue))
    }
    guard let statusCode = caches.code.code(event.code),
      let reason = caches.reason.code(event.reason)
    else { return false }
    pending.row.code = statusCode
    pending.row.reason = reason
    switch event.kind {
    case .sent:
      if let sentAt = event.sentAt { pending.row.time = sentAt }
      return true
    case .delivered: return true
    case .bounced:
      pending.row.bounceClass = event.bounceClass.rawValue
      return true
    default: return resolveEngagement(event, &pending)
    }
  }

  /// The fields that only recipients' doings have; see docs/SEMANTICS.md, "Events".
  private mutating func resolveEngagement(
    _ event: borrowing Event, _ pending: inout PendingEvent
  ) -> Bool {
    // Clients make up what they call themselves. Where no new name fits any more, the event counts all the same.
    let userAgent = caches.userAgent.code(event.userAgent) ?? 0
    guard let link = linkCode(event), let country = caches.country.code(event.country),
      let currency = caches.currency.code(event.currency)
    else { return false }
    let address = addressPolicy.stored(event.address)
    pending.row.userAgent = userAgent
    pending.row.link = link
    pending.row.country = country
    pending.row.currency = currency
    pending.row.addressHigh = address.high
    pending.row.addressLow = address.low
    pending.row.flags = event.isHead ? EventFlags.head : 0
    if event.hasValue { pending.row.value = ValueCode.store(event.valueMicros) }
    return true
  }

  /// The link's code; an address without a link is a link of its own, and both become attributes of the link.
  private mutating func linkCode(_ event: borrowing Event) -> UInt32? {
    let key = event.link.isEmpty ? event.url : event.link
    guard let link = caches.link.code(key) else { return nil }
    guard stateLink(link, .url, event.url), stateLink(link, .position, event.position) else {
      return nil
    }
    return link
  }

  /// Notes what an event says of its link, if it does; false when that has no code any more.
  private mutating func stateLink(
    _ link: UInt32, _ attribute: LinkAttribute, _ text: ByteSlice
  ) -> Bool {
    if text.isEmpty { return true }
    guard let value = caches.attribute.code(text) else { return false }
    batch.linkStatements.append(LinkStatement(attribute: attribute, link: link, value: value))
    return true
  }
}

/// What is kept of a client's address.
package enum AddressPolicy: String, CaseIterable, Sendable {
  case none
  /// /24 of IPv4, /48 of IPv6: the default.
  case prefix
  case raw

  func stored(_ address: NetworkAddress) -> NetworkAddress {
    switch self {
    case .none: .none
    case .prefix: address.prefix
    case .raw: address
    }
  }
}
