// From named values to an event: what NDJSON and CSV share once their values are taken apart.

internal import Base

/// Collects one event's values. `begin` starts the next event.
struct EventAssembly {
  private let blank = Event()
  private var minutes = MinuteCache()
  /// Bit n is set when the field with raw value n has been seen.
  private var seen: UInt32 = 0
  private var hasTime = false
  private var hasKind = false

  @inline(__always)
  mutating func begin(_ event: inout Event) {
    event = blank
    seen = 0
    hasTime = false
    hasKind = false
  }

  /// Takes one value; an empty one states nothing. Returns why the line cannot be read, or nil.
  mutating func set(
    _ field: EventField, _ value: ByteSlice, _ event: inout Event
  ) -> RejectReason? {
    let bit: UInt32 = 1 << UInt32(field.rawValue)
    if seen & bit != 0 { return .malformed }
    seen |= bit
    if value.isEmpty { return nil }
    if value.count > Limits.fieldByteCountMax { return .fieldTooLong }
    switch field {
    case .time: return setTime(value, &event)
    case .sentAt: return setSentAt(value, &event)
    case .kind: return setKind(value, &event)
    case .value: return setValue(value, &event)
    case .tracked: return setTracked(value, &event)
    case .bounceClass: return setBounceClass(value, &event)
    // As in access logs, an address that is none is an unknown one: proxies write words there.
    case .address: event.address = NetworkAddress(text: value) ?? .none
    default: EventAssembly.setText(field, value, &event)
    }
    return nil
  }

  /// Whether everything that an event needs has been there.
  func finish(_ event: Event) -> LineOutcome {
    if !hasTime { return .rejected(.time) }
    if !hasKind { return .rejected(.kind) }
    let hasKey = !event.campaign.isEmpty && !event.recipient.isEmpty
    return hasKey ? .event : .rejected(.missingKey)
  }

  private static func setText(_ field: EventField, _ value: ByteSlice, _ event: inout Event) {
    switch field {
    case .campaign: event.campaign = value
    case .recipient: event.recipient = value
    case .send: event.send = value
    case .variant: event.variant = value
    case .template: event.template = value
    case .sender: event.sender = value
    case .subject: event.subject = value
    case .domain: event.domain = value
    case .link: event.link = value
    case .url: event.url = value
    case .position: event.position = value
    case .country: event.country = value
    case .userAgent: event.userAgent = value
    case .code: event.code = value
    case .reason: event.reason = value
    case .currency: event.currency = value
    case .id: event.id = value
    case .time, .kind, .tracked, .sentAt, .address, .bounceClass, .value:
      assertionFailure("\(field) is no text")
    }
  }

  private mutating func setTime(_ value: ByteSlice, _ event: inout Event) -> RejectReason? {
    guard let time = minutes.parse(value) else { return .time }
    event.time = time
    hasTime = true
    return nil
  }

  private func setSentAt(_ value: ByteSlice, _ event: inout Event) -> RejectReason? {
    guard let time = Timestamp.parse(value) else { return .time }
    event.sentAt = time
    return nil
  }

  private mutating func setKind(_ value: ByteSlice, _ event: inout Event) -> RejectReason? {
    guard let kind = EventKind(name: value) else { return .kind }
    event.kind = kind
    hasKind = true
    return nil
  }

  private func setValue(_ value: ByteSlice, _ event: inout Event) -> RejectReason? {
    guard let micros = Decimal.micros(value) else { return .number }
    event.valueMicros = micros
    event.hasValue = true
    return nil
  }

  private func setTracked(_ value: ByteSlice, _ event: inout Event) -> RejectReason? {
    if EventAssembly.isAny(value, "yes", "true", "1") {
      event.tracked = .yes
    } else if EventAssembly.isAny(value, "no", "false", "0") {
      event.tracked = .no
    } else {
      return .malformed
    }
    return nil
  }

  private func setBounceClass(_ value: ByteSlice, _ event: inout Event) -> RejectReason? {
    if EventAssembly.isWord(value, "hard") {
      event.bounceClass = .hard
    } else if EventAssembly.isWord(value, "soft") {
      event.bounceClass = .soft
    } else if EventAssembly.isWord(value, "block") {
      event.bounceClass = .block
    } else if EventAssembly.isWord(value, "unknown") {
      event.bounceClass = .unknown
    } else {
      return .malformed
    }
    return nil
  }

  private static func isAny(
    _ value: ByteSlice, _ first: StaticString, _ second: StaticString, _ third: StaticString
  ) -> Bool {
    isWord(value, first) || isWord(value, second) || isWord(value, third)
  }

  /// Whether `value` is `word`, which is in lower case, in any case.
  private static func isWord(_ value: ByteSlice, _ word: StaticString) -> Bool {
    guard value.count == word.utf8CodeUnitCount else { return false }
    // SAFETY: both have `value.count` bytes.
    var index = 0
    while index < value.count {
      if ASCII.lowercase(value[index]) != word.utf8Start[index] { return false }
      index &+= 1
    }
    return true
  }
}
