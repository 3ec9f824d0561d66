// One worker's parsed events, codes resolved, waiting to be taken by their shards. Reused from batch to batch.
//
// SAFETY: recipient bytes are copied into the batch's own buffer; offsets below its count are valid until `clear`.

internal import Base
internal import Columnar

/// One event whose shared values are codes already; recipient and message are still to be numbered by the shard.
package struct PendingEvent: BitwiseCopyable {
  var row = EventRow()
  var recipientHash: UInt64 = 0
  var recipientOffset: UInt32 = 0
  var recipientByteCount: UInt32 = 0
  var campaign: UInt32 = 0
  var send: UInt32 = 0
  var variant: UInt32 = 0
  var template: UInt32 = 0
  var sender: UInt32 = 0
  var subject: UInt32 = 0
  var domain: UInt32 = 0
  var isUntracked = false

  /// Whether it says anything of its message or of its recipient.
  var statesAttributes: Bool {
    variant | template | sender | subject | domain != 0 || isUntracked
  }
}

package struct EventBatch: ~Copyable {
  private let shared: SharedState
  let events: StableBuffer<PendingEvent>
  let recipientBytes: StableBuffer<UInt8>
  /// By event: its shard.
  private let homes: StableBuffer<UInt8>
  /// Indices of `events`, shard by shard; filled by `partition`.
  let order: StableBuffer<UInt32>
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
  private static let recipientByteCountMax = 4 << 20

  /// - Parameter eventCountMax: events until it is full; tests use one.
  package init(
    shared: SharedState, addressPolicy: AddressPolicy,
    eventCountMax: Int = EventBatch.eventCountMax
  ) {
    self.eventCountMax = eventCountMax
    self.shared = shared
    self.addressPolicy = addressPolicy
    let capacity = max(eventCountMax, EventBatch.eventCountMax)
    events = StableBuffer(capacity: capacity)
    recipientBytes = StableBuffer(
      capacity: EventBatch.recipientByteCountMax * (capacity / EventBatch.eventCountMax))
    homes = StableBuffer(capacity: capacity)
    order = StableBuffer(capacity: capacity)
    caches = CodeCaches(of: shared)
  }

  /// Whether the next event might not fit.
  package var isFull: Bool {
    events.count >= eventCountMax
      || recipientBytes.count > recipientBytes.capacity - Limits.fieldByteCountMax
  }

  var isEmpty: Bool { events.count == 0 }

  var attributeCodes: CodeCache { caches.attribute }

  package mutating func clear() {
    events.removeAll()
    recipientBytes.removeAll()
    homes.removeAll()
    order.removeAll()
    linkStatements.removeAll(keepingCapacity: true)
  }

  /// Puts the events' indices in the order of their shards; returns where each shard's end.
  func partition() -> [Int] {
    order.removeAll()
    _ = order.grow(by: homes.count)
    return Sharding.order(homes.elements, into: order.base)
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
  package mutating func append(_ event: Event) -> RejectReason? {
    guard event.recipient.count <= Limits.fieldByteCountMax else { return .fieldTooLong }
    var pending = PendingEvent()
    guard resolveMessage(event, &pending), resolveRow(event, &pending) else {
      return .tooManyValues
    }
    pending.recipientHash = Hash.of(event.recipient)
    pending.recipientOffset = UInt32(recipientBytes.count)
    pending.recipientByteCount = UInt32(event.recipient.count)
    recipientBytes.append(contentsOf: event.recipient.buffer)
    events.append(pending)
    homes.append(UInt8(Sharding.shard(of: pending.recipientHash)))
    return nil
  }

  private func resolveMessage(_ event: Event, _ pending: inout PendingEvent) -> Bool {
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

  private mutating func resolveRow(_ event: Event, _ pending: inout PendingEvent) -> Bool {
    pending.row.time = event.kind == .sent ? event.sentAt ?? event.time : event.time
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
  private mutating func resolveEngagement(_ event: Event, _ pending: inout PendingEvent) -> Bool {
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
  private mutating func linkCode(_ event: Event) -> UInt32? {
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
      let memory = UnsafeMutableBufferPointer(start: events.grow(by: count), count: count)
      memory.initialize(repeating: PendingEvent())
      var reader = BatchRecordReader(cursor, columns: columns, memory)
      let recipients = try reader.read(codeMax)
      guard recipients.count <= EventBatch.recipientByteCountMax else {
        throw BatchRecordReader.Fault(reason: "\(recipients.count) bytes of recipients")
      }
      recipientBytes.append(contentsOf: recipients.buffer)
      hashRecipients(memory)
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

  private func hashRecipients(_ events: UnsafeMutableBufferPointer<PendingEvent>) {
    for index in events.indices {
      let hash = Hash.of(recipient(of: events[index]))
      events[index].recipientHash = hash
      homes.append(UInt8(Sharding.shard(of: hash)))
    }
  }

  /// The recipient's key; valid until the batch changes.
  func recipient(of event: PendingEvent) -> ByteSlice {
    ByteSlice(
      recipientBytes.base + Int(event.recipientOffset), count: Int(event.recipientByteCount))
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
