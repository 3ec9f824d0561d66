// The fields of event files by name: the same words in NDJSON, in headers and in the documentation.

internal import Base

enum EventField: UInt8, CaseIterable {
  case time
  case kind
  case campaign
  case recipient
  case send
  case variant
  case template
  case sender
  case subject
  case tracked
  case sentAt
  case domain
  case link
  case url
  case position
  case address
  case country
  case userAgent
  case bounceClass
  case code
  case reason
  case value
  case currency
  case id

  static let required: [EventField] = [.time, .kind, .campaign, .recipient]

  var name: StaticString {
    switch self {
    case .time: "time"
    case .kind: "kind"
    case .campaign: "campaign"
    case .recipient: "recipient"
    case .send: "send"
    case .variant: "variant"
    case .template: "template"
    case .sender: "sender"
    case .subject: "subject"
    case .tracked: "tracked"
    case .sentAt: "sent_at"
    case .domain: "domain"
    case .link: "link"
    case .url: "url"
    case .position: "position"
    case .address: "ip"
    case .country: "country"
    case .userAgent: "user_agent"
    case .bounceClass: "bounce_class"
    case .code: "code"
    case .reason: "reason"
    case .value: "value"
    case .currency: "currency"
    case .id: "id"
    }
  }

  /// The field with this name, or nil.
  init?(name: ByteSlice) {
    guard let field = EventField.slots[EventField.slot(of: name)], name == field.name else {
      return nil
    }
    self = field
  }

  /// Every name has a slot of its own, so that one comparison decides; EventFieldTests would notice
  /// if a new name shared one.
  private static let slots: [EventField?] = {
    var slots = [EventField?](repeating: nil, count: 64)
    for field in allCases {
      let name = ByteSlice(field.name.utf8Start, count: field.name.utf8CodeUnitCount)
      slots[slot(of: name)] = field
    }
    return slots
  }()

  private static func slot(of name: ByteSlice) -> Int {
    guard name.count >= 2 else { return 0 }
    return (name.count &* 2 &+ Int(name[0]) &* 23 &+ Int(name[1])) & 63
  }
}
