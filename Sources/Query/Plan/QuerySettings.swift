// The choices that a query or a session makes about what its numbers mean. docs/SEMANTICS.md, "Settings".

package import Base

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
  /// Whose clocks buckets, calendar functions and times without a zone follow.
  package var timeZone = TimeZoneRules.utc
  /// Milliseconds a query may take; nil for any time.
  package var timeout: Int64?
  /// Groups of a query, and rows of a listing; one more is an error.
  package var groupCountMax = 10_000_000
  /// Texts that functions and casts of a query may make; one that makes more has no good use for them.
  package var textCountMax = 1 << 26
  /// What `now()` is, UTC milliseconds; nil for the moment the query is bound.
  package var now: Int64?

  package init() {}

  static let names = [
    "audience", "implied_opens", "denominator", "definition", "time_zone", "timeout", "max_groups",
  ]

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
    case "time_zone": timeZone = try QuerySettings.timeZone(setting)
    case "timeout": timeout = try QuerySettings.milliseconds(setting)
    case "max_groups":
      guard let count = Int(setting.value.text), count > 0 else {
        throw QueryError("max_groups is a whole number above 0", at: setting.value.place)
      }
      groupCountMax = count
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

  private static func timeZone(_ setting: Setting) throws(QueryError) -> TimeZoneRules {
    guard let zone = TimeZoneRules.named(setting.value.text) else {
      throw QueryError(
        "unknown time zone \(Spelling.quote(setting.value.text))", at: setting.value.place,
        hint: "an IANA name such as 'Europe/Vienna'")
    }
    return zone
  }

  /// Milliseconds, or an interval in quotes.
  private static func milliseconds(_ setting: Setting) throws(QueryError) -> Int64 {
    let text = setting.value.text
    let read = Int64(text) ?? Interval.parse(Array(text.utf8))?.approximateMilliseconds
    guard let read, read > 0 else {
      throw QueryError(
        "timeout is a time above 0", at: setting.value.place, hint: "500 (milliseconds) or '2 s'")
    }
    return read
  }

  /// What `now()` is.
  var moment: Int64 { now ?? CivilTime.now() }

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
