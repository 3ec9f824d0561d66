// The columns of a table, by name. docs/SEMANTICS.md, "Tables".

internal import Base
internal import Columnar

struct TableColumns {
  let source: Source
  private let catalog: DimensionCatalog
  private let types: AttributeTypes

  init(_ source: Source, _ context: QueryContext) {
    self.source = source
    catalog = DimensionCatalog(context.snapshot)
    types = context.attributes
  }

  /// The column with a name, or nil.
  subscript(name: String) -> Term? {
    if source == .events, name == "value" { return Term(.column(.value), .decimal) }
    if source == .messages, let fact = MessageFact(rawValue: name) {
      return Term(.column(.fact(fact)), fact.type)
    }
    let dimension =
      has(name) ? catalog[name] : ownerPrefix.flatMap { catalog["\($0).\(name)"] }
    return dimension.map { Term(.column(.dimension($0)), types.type(of: $0)) }
  }

  /// All names, for suggestions.
  var names: [String] {
    let dimensions = catalog.names.filter(has)
    switch source {
    case .events: return dimensions + ["value"]
    case .messages: return dimensions + MessageFact.allCases.map(\.rawValue)
    default: return dimensions
    }
  }

  /// Whether a dimension's name is one of the table.
  private func has(_ name: String) -> Bool {
    switch source {
    case .events: true
    case .messages: catalog[name]?.isOfMessage ?? false
    case .recipients: name == "recipient" || name == "domain" || name.hasPrefix("recipient.")
    case .campaigns: name == "campaign" || name.hasPrefix("campaign.")
    case .links: name == "link" || name.hasPrefix("link.") || name == "url" || name == "position"
    }
  }

  /// What an attribute's name may leave out.
  private var ownerPrefix: String? {
    switch source {
    case .recipients: "recipient"
    case .campaigns: "campaign"
    case .links: "link"
    case .events, .messages: nil
    }
  }

  /// What `*` stands for.
  var star: [String] {
    switch source {
    case .events:
      [
        "time", "kind", "campaign", "recipient", "send", "link", "client", "device", "os",
        "machine_class", "country", "ip", "bounce_class", "code", "reason", "value", "currency",
      ]
    case .messages:
      [
        "campaign", "recipient", "send", "variant", "template", "sender", "domain", "status",
        "sent_at", "delivered_at", "bounced_at", "bounce_class", "bounce_code", "first_open_at",
        "last_open_at", "opens", "first_click_at", "last_click_at", "clicks", "links_clicked",
        "unsubscribed_at", "unsubscribe_reason", "complained_at", "converted_at", "conversions",
        "revenue", "replied_at",
      ]
    case .recipients: ["recipient", "domain"] + attributes("recipient.")
    case .campaigns: ["campaign"] + attributes("campaign.")
    case .links:
      ["link", "url", "position"]
        + attributes("link.").filter { $0 != "link.url" && $0 != "link.position" }
    }
  }

  private func attributes(_ prefix: String) -> [String] {
    catalog.names.filter { $0.hasPrefix(prefix) }
  }

  /// The columns that rows come in the order of when the query asks for none.
  var defaultOrder: [String] {
    switch source {
    case .events: ["time"]
    case .messages: ["campaign", "recipient", "send"]
    case .recipients: ["recipient"]
    case .campaigns: ["campaign"]
    case .links: ["link"]
    }
  }
}
