// One worker's parsed events, codes resolved, waiting to be taken by their shards. Reused from batch to batch.
//
// SAFETY: events read from a record fill temporary memory of as many before the batch takes them over.

internal import Base
internal import Columnar

package struct EventBatch: ~Copyable {
  private let shared: SharedState
  private var parts: BatchParts
  /// What the events state of their links. It takes effect with the batch, never before its events.
  private(set) var linkStatements: [LinkStatement] = []
  private let caches: CodeCaches
  private let addressPolicy: AddressPolicy
  private let eventCountMax: Int

  /// Events per batch of a stream: a shard's lock is taken once for about a thousand of them.
  package static let eventCountMax = 16_384
  /// Events per batch of a load, which nobody waits for: what a shard's tables bring into the caches serves more of
  /// them.
  package static let loadedEventCountMax = 32_768
  /// Bytes of recipients' keys for each event there may be.
  private static let recipientByteCountMean = 256

  /// - Parameter eventCountMax: events until it is full; tests use one.
  package init(
    shared: SharedState, addressPolicy: AddressPolicy,
    eventCountMax: Int = EventBatch.eventCountMax
  ) {
    self.eventCountMax = eventCountMax
    self.shared = shared
    self.addressPolicy = addressPolicy
    let capacity = max(eventCountMax, EventBatch.eventCountMax)
    parts = BatchParts(
      eventCountMax: capacity, byteCountMax: capacity * EventBatch.recipientByteCountMean)
    caches = CodeCaches(of: shared)
  }

  /// Whether the next event might not fit.
  package var isFull: Bool { parts.count >= eventCountMax || !parts.hasRoom }

  var isEmpty: Bool { parts.count == 0 }

  /// How many events there are.
  var count: Int { parts.count }

  /// The events of a shard, in the order in which they came.
  subscript(shard: Int) -> BatchPart { parts[shard] }

  var attributeCodes: CodeCache { caches.attribute }

  package mutating func clear() {
    parts.removeAll()
    linkStatements.removeAll(keepingCapacity: true)
  }

  /// Gives what the events state of their links to those who share them.
  func stateLinks() {
    for statement in linkStatements {
      shared.stateAttribute(
        .link, statement.attribute.name, of: statement.link, as: statement.value,
        isFromFile: false)
    }
  }

  /// Takes one event over; nil, or why it cannot be kept.
  package mutating func append(_ event: borrowing Event) -> RejectReason? {
    guard event.recipient.count <= Limits.fieldByteCountMax else { return .fieldTooLong }
    let place = parts.place(for: event.recipient)
    guard resolveMessage(event, &place.pointee), resolveRow(event, &place.pointee) else {
      return .tooManyValues
    }
    parts.keep(place, recipient: event.recipient)
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
    if event.kind == .sent, let sentAt = event.sentAt { pending.row.time = sentAt }
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
    case .sent, .delivered: return true
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
    guard let userAgent = caches.userAgent.code(event.userAgent), let link = linkCode(event),
      let country = caches.country.code(event.country),
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
    for (attribute, text) in [(LinkAttribute.url, event.url), (.position, event.position)]
    where !text.isEmpty {
      guard let value = caches.attribute.code(text) else { return nil }
      linkStatements.append(LinkStatement(attribute: attribute, link: link, value: value))
    }
    return link
  }
}

/// What events say of their links. Raw values are on disk.
enum LinkAttribute: UInt8 {
  case url = 0
  case position = 1

  var name: String {
    switch self {
    case .url: "url"
    case .position: "position"
    }
  }
}

struct LinkStatement {
  var attribute: LinkAttribute
  var link: UInt32
  var value: UInt32
}

extension EventBatch {
  /// Takes over a batch that `BatchRecordWriter` wrote, in the place of what was in this one.
  ///
  /// - Throws: when the bytes are none.
  mutating func load(_ bytes: ByteSlice, _ shared: SharedState) throws(BatchRecordReader.Fault) {
    clear()
    do {
      var cursor = ByteCursor(bytes)
      let codeMax = { UInt32(shared.dictionary($0).count) }
      try loadStatements(&cursor, codeMax)
      let count = Int(try cursor.read(UInt32.self))
      let columns = try cursor.read(UInt32.self)
      guard count <= EventBatch.eventCountMax else {
        throw BatchRecordReader.Fault(reason: "\(count) events in a batch")
      }
      try withUnsafeTemporaryAllocation(of: PendingEvent.self, capacity: count) { events in
        events.initialize(repeating: PendingEvent())
        var reader = BatchRecordReader(cursor, columns: columns, events)
        try parts.distribute(UnsafeBufferPointer(events), recipients: try reader.read(codeMax))
      }
    } catch {
      clear()
      throw error as? BatchRecordReader.Fault ?? BatchRecordReader.Fault(reason: "\(error)")
    }
  }

  private mutating func loadStatements(
    _ cursor: inout ByteCursor, _ codeMax: (SharedDictionary) -> UInt32
  ) throws {
    for _ in 0..<(try cursor.read(UInt32.self)) {
      let link = try cursor.read(UInt32.self)
      let attribute = LinkAttribute(rawValue: try cursor.read(UInt8.self))
      let value = try cursor.read(UInt32.self)
      guard let attribute, link <= codeMax(.link), value <= codeMax(.attribute) else {
        throw BatchRecordReader.Fault(reason: "a statement about a link that is not there")
      }
      linkStatements.append(LinkStatement(attribute: attribute, link: link, value: value))
    }
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
