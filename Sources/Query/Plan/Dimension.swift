// What rows are grouped and filtered by. Names and meaning: docs/SEMANTICS.md, "Dimensions".

package import Columnar

/// A calendar bucket of a time, by the clocks of the query's time zone.
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
  private let snapshot: Snapshot

  package init(_ snapshot: Snapshot) { self.snapshot = snapshot }

  /// All names, sorted.
  package var names: [String] {
    let attributes =
      snapshot.campaignAttributes.map { "campaign.\($0.name)" }
      + snapshot.recipientAttributeNames.map { "recipient.\($0)" }
      + snapshot.linkAttributes.map { "link.\($0.name)" }
    let all = attributes + DimensionCatalog.fixed.keys + DimensionCatalog.linkAttributes
    return Set(all).sorted()
  }

  package subscript(name: String) -> Dimension? {
    if let fixed = DimensionCatalog.fixed[name] { return fixed }
    if DimensionCatalog.linkAttributes.contains(name) {
      return attribute("link", name[...]) ?? .absentLinkAttribute
    }
    guard let dot = name.firstIndex(of: ".") else { return nil }
    return attribute(name[..<dot], name[name.index(after: dot)...])
  }

  private func attribute(_ owner: Substring, _ name: Substring) -> Dimension? {
    switch owner {
    case "campaign":
      snapshot.campaignAttributes.lastIndex { $0.name == name }.map { .campaignAttribute($0) }
    case "recipient":
      snapshot.recipientAttributeNames.lastIndex { $0 == name }.map { .recipientAttribute($0) }
    case "link":
      snapshot.linkAttributes.lastIndex { $0.name == name }.map { .linkAttribute($0) }
    default: nil
    }
  }

  /// Attributes of links that are named without these.
  private static let linkAttributes = ["url", "position"]

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
