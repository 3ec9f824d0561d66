// The choices that a query or a session makes about what its numbers mean. docs/SEMANTICS.md, "Settings".

package struct QuerySettings: Equatable, Sendable {
  package enum Audience: String, CaseIterable, Sendable {
    case human
    case machine
    case all
  }

  package enum Denominator: String, CaseIterable, Sendable {
    case delivered
    case sent
    case tracked
  }

  package enum Definition: String, CaseIterable, Sendable {
    case beacon
    case sfmc
    case sendgrid
    case mailchimp
    case mailjet
    case zoho
    case mailpoet
  }

  package var audience = Audience.human
  package var impliedOpens = true
  package var denominator = Denominator.delivered

  package init() {}

  static let names = ["audience", "implied_opens", "denominator", "definition"]

  /// Applies `name = value`.
  ///
  /// - Throws: QueryError at the name or the value that is none.
  package mutating func apply(_ setting: Setting) throws(QueryError) {
    switch setting.name.text {
    case "audience": audience = try QuerySettings.choice(setting)
    case "denominator": denominator = try QuerySettings.choice(setting)
    case "definition": apply(try QuerySettings.choice(setting) as Definition)
    case "implied_opens":
      switch setting.value.text {
      case "on", "true", "1": impliedOpens = true
      case "off", "false", "0": impliedOpens = false
      default: throw .unknown("value", setting.value, among: ["on", "off"])
      }
    default: throw .unknown("setting", setting.name, among: QuerySettings.names)
    }
  }

  private static func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ setting: Setting
  ) throws(QueryError) -> Choice {
    guard let choice = Choice(rawValue: setting.value.text) else {
      throw .unknown("value", setting.value, among: Choice.allCases.map(\.rawValue))
    }
    return choice
  }

  private mutating func apply(_ definition: Definition) {
    switch definition {
    case .beacon: (audience, impliedOpens, denominator) = (.human, true, .delivered)
    case .sfmc, .sendgrid, .mailchimp, .mailjet:
      (audience, impliedOpens, denominator) = (.all, false, .delivered)
    case .zoho: (audience, impliedOpens, denominator) = (.all, true, .delivered)
    case .mailpoet: (audience, impliedOpens, denominator) = (.human, false, .tracked)
    }
  }

  /// What `open_rate` and `ctr` divide by.
  var engagementPopulation: Quantity {
    switch denominator {
    case .delivered: .deliveredTracked
    case .sent: .sent
    case .tracked: .sentTracked
    }
  }

  /// What conversion, unsubscribe and complaint rates divide by.
  var outcomePopulation: Quantity { denominator == .delivered ? .delivered : .sent }
}
