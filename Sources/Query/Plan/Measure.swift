// What can be asked of a group, and the counted quantities it is made of. docs/SEMANTICS.md, "Measures".

/// A number the engine counts or sums per group. Raw values index arrays.
enum Quantity: Int, CaseIterable, Hashable, Sendable {
  // Message states.
  case sent, delivered, bounced, hardBounced, softBounced, blockBounced
  // Message states that only populations use; undelivered ones were sent.
  case sentTracked, deliveredTracked, deliveredUntracked, undelivered
  // Events.
  case opens, clicks, unsubscribes, complaints, conversions, replies
  /// Sums of values in millionths, in two parts that cannot overflow: the lower 32 bits of each value, and what is
  /// above them. NULL where no event has a value.
  case revenueLow, revenueHigh
  /// Events with a value.
  case valued
  // Distinct messages.
  case uniqueOpens, uniqueClicks, uniqueUnsubscribes, uniqueComplaints, uniqueConversions
  // Distinct recipients.
  case recipients, openers, clickers
}

/// A measure by its name in queries.
package enum Measure: String, CaseIterable, Hashable, Sendable {
  case sent, delivered, bounced
  case hardBounced = "hard_bounced"
  case softBounced = "soft_bounced"
  case blockBounced = "block_bounced"
  case opens, clicks, unsubscribes, complaints, conversions, replies, revenue
  case uniqueOpens = "unique_opens"
  case uniqueClicks = "unique_clicks"
  case uniqueUnsubscribes = "unique_unsubscribes"
  case uniqueComplaints = "unique_complaints"
  case uniqueConversions = "unique_conversions"
  case recipients, openers, clickers
  case openRate = "open_rate"
  case ctr, ctor
  case conversionRate = "conversion_rate"
  case bounceRate = "bounce_rate"
  case hardBounceRate = "hard_bounce_rate"
  case softBounceRate = "soft_bounce_rate"
  case blockBounceRate = "block_bounce_rate"
  case unsubscribeRate = "unsubscribe_rate"
  case complaintRate = "complaint_rate"
  case population

  /// What it is made of, under the given settings.
  func formula(_ settings: QuerySettings) -> Formula {
    switch self {
    case .openRate: .ratio(.uniqueOpens, settings.engagementPopulation)
    case .ctr: .ratio(.uniqueClicks, settings.engagementPopulation)
    case .ctor: .ratio(.uniqueClicks, .uniqueOpens)
    case .conversionRate: .ratio(.uniqueConversions, settings.outcomePopulation)
    case .bounceRate: .ratio(.bounced, .sent)
    case .hardBounceRate: .ratio(.hardBounced, .sent)
    case .softBounceRate: .ratio(.softBounced, .sent)
    case .blockBounceRate: .ratio(.blockBounced, .sent)
    case .unsubscribeRate: .ratio(.uniqueUnsubscribes, settings.outcomePopulation)
    case .complaintRate: .ratio(.uniqueComplaints, settings.outcomePopulation)
    case .population: .population(settings.engagementPopulation)
    case .revenue: .revenue
    default: .count(count)
    }
  }

  /// Whether it divides by a population or is one, so that a condition must not mix message and event dimensions.
  package var isRate: Bool {
    switch formula(QuerySettings()) {
    case .count, .revenue: false
    case .ratio, .population: true
    }
  }

  /// The quantity of a counting measure.
  private var count: Quantity {
    switch self {
    case .sent: .sent
    case .delivered: .delivered
    case .bounced: .bounced
    case .hardBounced: .hardBounced
    case .softBounced: .softBounced
    case .blockBounced: .blockBounced
    case .opens: .opens
    case .clicks: .clicks
    case .unsubscribes: .unsubscribes
    case .complaints: .complaints
    case .conversions: .conversions
    case .replies: .replies
    case .uniqueOpens: .uniqueOpens
    case .uniqueClicks: .uniqueClicks
    case .uniqueUnsubscribes: .uniqueUnsubscribes
    case .uniqueComplaints: .uniqueComplaints
    case .uniqueConversions: .uniqueConversions
    case .recipients: .recipients
    case .openers: .openers
    case .clickers: .clickers
    default: preconditionFailure("\(rawValue) is not counted")
    }
  }
}

/// How a measure's value follows from quantities.
enum Formula: Hashable, Sendable {
  case count(Quantity)
  case revenue
  /// The first follows every key and condition, the second the message's only. NULL when the second is 0.
  case ratio(Quantity, Quantity)
  case population(Quantity)

  /// The quantity counted under all keys and conditions.
  var numerators: [Quantity] {
    switch self {
    case .count(let quantity), .ratio(let quantity, _): [quantity]
    case .revenue: [.revenueLow, .revenueHigh, .valued]
    case .population: []
    }
  }

  /// The quantity counted under message keys and conditions.
  var denominator: Quantity? {
    switch self {
    case .ratio(_, let quantity), .population(let quantity): quantity
    case .count, .revenue: nil
    }
  }

  var resultType: ResultType {
    switch self {
    case .count, .population: .integer
    case .revenue: .decimal
    case .ratio: .rate
    }
  }
}
