// The columns of events and messages, and the dictionaries their codes point into.
//
// A *code* is a dictionary ordinal plus one; code 0 is NULL. Raw values are on disk: append, never renumber.

/// A column of event rows.
@usableFromInline package enum EventColumn: UInt8, CaseIterable, Sendable {
  /// The shard's message ordinal.
  case message = 0
  /// UTC milliseconds, biased so that unsigned order is time order (see `TimeBias`).
  case time = 1
  /// EventKind's raw value. Segments are sorted by it first.
  case kind = 2
  case userAgent = 3
  case link = 4
  /// Bit 0: the hit was a HEAD request.
  case flags = 5
  case addressHigh = 6
  case addressLow = 7
  case country = 8
  case code = 9
  case reason = 10
  /// BounceClass as the record stated it; the class that follows from `code` is not stored.
  case bounceClass = 11
  /// Zig-zag of the value in millionths, plus one; 0 is NULL.
  case value = 12
  case currency = 13
  /// 64-bit identity of the vendor's event id; 0 is "none".
  case identity = 14

  package var name: String {
    switch self {
    case .message: "message"
    case .time: "time"
    case .kind: "kind"
    case .userAgent: "user_agent"
    case .link: "link"
    case .flags: "flags"
    case .addressHigh: "ip (high)"
    case .addressLow: "ip (low)"
    case .country: "country"
    case .code: "code"
    case .reason: "reason"
    case .bounceClass: "bounce_class"
    case .value: "value"
    case .currency: "currency"
    case .identity: "id"
    }
  }
}

/// A column of the message table, indexed by message ordinal.
package enum MessageColumn: UInt8, CaseIterable, Sendable {
  case campaign = 0
  /// The shard's recipient ordinal; never NULL.
  case recipient = 1
  case send = 2
  case variant = 3
  case template = 4
  case sender = 5
  case subject = 6
  /// What is known of the message's attributes (`MessageFlags`).
  case flags = 7
  /// Sent, delivered, bounced (`MessageState`), derived from the events when a snapshot is made.
  case state = 8
  /// The earliest `sent` event's time, biased. A message that was not sent repeats its predecessor's, which costs
  /// nothing to store; `state` says whether it was sent.
  case sentTime = 9

  package var name: String {
    switch self {
    case .campaign: "campaign"
    case .recipient: "recipient"
    case .send: "send"
    case .variant: "variant"
    case .template: "template"
    case .sender: "sender"
    case .subject: "subject"
    case .flags: "flags"
    case .state: "state"
    case .sentTime: "sent_time"
    }
  }
}

/// A dictionary that all shards share.
package enum SharedDictionary: UInt8, CaseIterable, Sendable {
  case campaign = 0
  case send = 1
  case variant = 2
  case template = 3
  case sender = 4
  case subject = 5
  case domain = 6
  case link = 7
  case userAgent = 8
  case country = 9
  case code = 10
  case reason = 11
  case currency = 12
  /// The values of all attributes of campaigns, recipients and links.
  case attribute = 13

  package var name: String {
    switch self {
    case .campaign: "campaign"
    case .send: "send"
    case .variant: "variant"
    case .template: "template"
    case .sender: "sender"
    case .subject: "subject"
    case .domain: "domain"
    case .link: "link"
    case .userAgent: "user_agent"
    case .country: "country"
    case .code: "code"
    case .reason: "reason"
    case .currency: "currency"
    case .attribute: "attribute"
    }
  }
}

/// Bits of `EventColumn.flags`.
@usableFromInline package enum EventFlags {
  package static let head: UInt8 = 1
}

/// Bits of `MessageColumn.flags`.
@usableFromInline package enum MessageFlags {
  /// An event said that the message is not tracked.
  package static let untracked: UInt32 = 1
  /// The attribute's value came from a `sent` event, which outranks the others.
  package static let variantFromSend: UInt32 = 2
  package static let templateFromSend: UInt32 = 4
  package static let senderFromSend: UInt32 = 8
  package static let subjectFromSend: UInt32 = 16
}

/// Bits of `MessageColumn.state`.
@usableFromInline package enum MessageState {
  package static let sent: UInt32 = 1
  package static let delivered: UInt32 = 2
  package static let bounced: UInt32 = 4
  package static let untracked: UInt32 = 8
  /// The deciding bounce's class (BounceClass) lies above these bits.
  package static let classShift: UInt32 = 4
}

/// Signed milliseconds as unsigned numbers of the same order, with 0 left free.
@usableFromInline package enum TimeBias {
  /// The stored form of a time; never 0 for times after the year -292 million.
  @inlinable package static func store(_ time: Int64) -> UInt64 {
    UInt64(bitPattern: time) ^ 1 << 63
  }

  /// The time of a stored form.
  @inlinable package static func load(_ stored: UInt64) -> Int64 {
    Int64(bitPattern: stored ^ 1 << 63)
  }
}

/// Signed millionths as the unsigned numbers of `EventColumn.value`: zig-zag plus one, 0 for NULL.
@usableFromInline package enum ValueCode {
  /// The stored form of a value.
  @inlinable package static func store(_ micros: Int64) -> UInt64 {
    UInt64(bitPattern: (micros << 1) ^ (micros >> 63)) &+ 1
  }

  /// The value of a stored form other than 0.
  @inlinable package static func load(_ stored: UInt64) -> Int64 {
    let zigzag = stored &- 1
    return Int64(bitPattern: zigzag >> 1) ^ -Int64(bitPattern: zigzag & 1)
  }
}
