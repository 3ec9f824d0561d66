// What rows are grouped and filtered by. Names and meaning: docs/SEMANTICS.md, "Dimensions".

package import Columnar

/// A calendar bucket of a time; all are UTC.
package enum TimeBucket: String, CaseIterable, Hashable, Sendable {
  case hour
  case day
  case week
  case month
  case hourOfDay = "hour_of_day"
  case weekday
}

package enum Dimension: Hashable, Sendable {
  // Of the message.
  case campaign
  case recipient
  case send
  case variant
  case template
  case sender
  case subject
  case tracked
  case domain
  /// An attribute of the message's campaign, by its number in the snapshot.
  case campaignAttribute(Int)
  case recipientAttribute(Int)
  case sentBucket(TimeBucket)
  // Of the event.
  case kind
  case time
  case bucket(TimeBucket)
  case link
  case linkAttribute(Int)
  /// `url` or `position` in a data directory that has none: always NULL.
  case absentLinkAttribute
  case userAgent
  case client
  case device
  case os
  case machineClass
  case country
  case bounceClass
  case code
  case reason
  case address
  case currency

  /// Whether it describes the message, so that populations follow it too.
  package var isOfMessage: Bool {
    switch self {
    case .campaign, .recipient, .send, .variant, .template, .sender, .subject, .tracked, .domain,
      .campaignAttribute, .recipientAttribute, .sentBucket:
      true
    default: false
    }
  }

  /// The dictionary that the dimension's codes point into, for those that are dictionary codes as they are stored.
  var dictionary: SharedDictionary? {
    switch self {
    case .campaign: .campaign
    case .send: .send
    case .variant: .variant
    case .template: .template
    case .sender: .sender
    case .subject: .subject
    case .domain: .domain
    case .link: .link
    case .userAgent: .userAgent
    case .country: .country
    case .code: .code
    case .reason: .reason
    case .currency: .currency
    case .campaignAttribute, .recipientAttribute, .linkAttribute: .attribute
    default: nil
    }
  }

  /// How results show it.
  var resultType: ResultType {
    switch self {
    case .tracked: .boolean
    case .time: .timestamp
    case .bucket(let bucket), .sentBucket(let bucket): bucket.resultType
    default: .text
    }
  }
}

extension TimeBucket {
  var resultType: ResultType {
    switch self {
    case .hour: .timestamp
    case .day, .week, .month: .date
    case .hourOfDay, .weekday: .integer
    }
  }
}

/// The names of dimensions, for one snapshot: its attributes are dimensions too.
package struct DimensionCatalog: Sendable {
  private let byName: [String: Dimension]

  package init(_ snapshot: Snapshot) {
    var byName = DimensionCatalog.fixed
    for (index, attribute) in snapshot.campaignAttributes.enumerated() {
      byName["campaign.\(attribute.name)"] = .campaignAttribute(index)
    }
    for (index, name) in snapshot.recipientAttributeNames.enumerated() {
      byName["recipient.\(name)"] = .recipientAttribute(index)
    }
    for (index, attribute) in snapshot.linkAttributes.enumerated() {
      byName["link.\(attribute.name)"] = .linkAttribute(index)
    }
    byName["url"] = byName["link.url"] ?? .absentLinkAttribute
    byName["position"] = byName["link.position"] ?? .absentLinkAttribute
    self.byName = byName
  }

  /// All names, sorted.
  package var names: [String] { byName.keys.sorted() }

  package subscript(name: String) -> Dimension? { byName[name] }

  private static let fixed: [String: Dimension] = {
    var names: [String: Dimension] = [
      "campaign": .campaign, "recipient": .recipient, "send": .send, "variant": .variant,
      "template": .template, "sender": .sender, "subject": .subject, "tracked": .tracked,
      "domain": .domain, "kind": .kind, "time": .time, "link": .link, "user_agent": .userAgent,
      "client": .client, "device": .device, "os": .os, "machine_class": .machineClass,
      "country": .country, "bounce_class": .bounceClass, "code": .code, "reason": .reason,
      "ip": .address, "currency": .currency,
    ]
    for bucket in TimeBucket.allCases {
      names[bucket.rawValue] = .bucket(bucket)
      names["sent_\(bucket.rawValue)"] = .sentBucket(bucket)
    }
    return names
  }()
}
