// The reports that come with the program. Each is the text of a report file, so that it can be printed, copied and
// changed; being literals, they need no installation.

package enum ShippedReports {
  /// Names and texts, in the order of the list.
  private static let texts = [
    ("email-summary", emailSummary),
    ("email-detail", emailDetail),
    ("top-templates", topTemplates),
    ("top-senders", topSenders),
    ("list-hygiene", listHygiene),
    ("unsubscribe-reasons", unsubscribeReasons),
    ("open-hours", openHours),
    ("link-heat", linkHeat),
    ("definitions", definitions),
  ]

  package static let sources = texts.map { name, text in
    ReportSource(name: name, path: "\(name).sql", text: Array(text.utf8))
  }
}
