// The query families: what people ask of tracked mail, as they would ask it.

internal import Base

package struct Questions {
  private let plain: PlainAnswers

  package init(_ plain: PlainAnswers) { self.plain = plain }

  package var all: [Question] {
    [
      campaigns, links, hours, recipients, campaignHours, timeline, openedCount, opened, silent,
      statuses,
    ]
  }

  private var campaign: String { quoted(plain.names.campaign(plain.largest)) }

  private func quoted(_ text: String) -> String {
    "'\(text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''"))'"
  }

  private var campaigns: Question {
    Question(
      name: "campaigns",
      text: """
        SELECT campaign, sent, delivered, bounced, opens, clicks, unique_opens, unique_clicks, \
        open_rate FROM events GROUP BY campaign
        """,
      answer: plain.campaigns.map { code, it in
        let rate = it.population == 0 ? "\\N" : "\(Double(it.uniqueOpens) / Double(it.population))"
        return AnswerText.row([
          plain.names.campaign(code), it.sent, it.delivered, it.bounced, it.opens, it.clicks,
          it.uniqueOpens, it.uniqueClicks, rate,
        ])
      })
  }

  private var links: Question {
    Question(
      name: "links",
      text: """
        SELECT link, clicks, unique_clicks FROM events WHERE kind = 'clicked' GROUP BY link
        """,
      answer: plain.links.map {
        AnswerText.row([plain.names.link($0), $1.events, $1.unique])
      })
  }

  private var hours: Question {
    Question(
      name: "hours",
      text: """
        SELECT hour, opens, unique_opens FROM events WHERE kind = 'opened' GROUP BY hour \
        SETTINGS implied_opens = off
        """,
      answer: plain.hours.map { AnswerText.row([$0, $1.events, $1.unique]) })
  }

  private var recipients: Question {
    Question(
      name: "recipients-top-100",
      text: """
        SELECT recipient, opens, clicks FROM events WHERE kind IN ('opened', 'clicked') \
        GROUP BY recipient ORDER BY clicks DESC, recipient LIMIT 100
        """,
      answer: plain.readers.prefix(100).map { AnswerText.row([$0.key, $0.opens, $0.clicks]) },
      isOrdered: true)
  }

  private var campaignHours: Question {
    Question(
      name: "campaign-by-hour",
      text: """
        SELECT hour, opens FROM events WHERE campaign = \(campaign) AND kind = 'opened' \
        GROUP BY hour SETTINGS implied_opens = off
        """,
      answer: plain.campaignHours.map { AnswerText.row([$0, $1]) })
  }

  private var timeline: Question {
    Question(
      name: "timeline",
      text: """
        SELECT time, kind, link FROM events WHERE recipient = \(quoted(plain.busiest.key)) \
        ORDER BY time
        """,
      answer: plain.busiest.events.map {
        AnswerText.row([$0.time, $0.kind.name, plain.names.link($0.link)])
      })
  }

  private var openedCount: Question {
    Question(
      name: "opened-not-clicked-count",
      text: """
        SELECT count(*) FROM messages WHERE campaign = \(campaign) AND opens > 0 AND clicks = 0
        """,
      answer: ["\(plain.openedNotClicked.count)"])
  }

  private var opened: Question {
    Question(
      name: "opened-not-clicked-100",
      text: """
        SELECT recipient, send FROM messages \
        WHERE campaign = \(campaign) AND opens > 0 AND clicks = 0 \
        ORDER BY recipient, send LIMIT 100
        """,
      answer: plain.openedNotClicked.prefix(100).map { AnswerText.row([$0.recipient, $0.send]) },
      isOrdered: true)
  }

  private var silent: Question {
    Question(
      name: "three-sends-none-opened",
      text: """
        SELECT recipient, count(sent_at) FROM messages GROUP BY recipient \
        HAVING count(sent_at) >= 3 AND count(*) FILTER (WHERE opened) = 0 \
        ORDER BY recipient LIMIT 100
        """,
      answer: plain.silent.prefix(100).map { AnswerText.row([$0.recipient, $0.sends]) },
      isOrdered: true)
  }

  private var statuses: Question {
    Question(
      name: "messages-by-status",
      text: "SELECT status, count(*) FROM messages GROUP BY status",
      answer: plain.statuses.map { AnswerText.row([$0, $1]) })
  }
}
