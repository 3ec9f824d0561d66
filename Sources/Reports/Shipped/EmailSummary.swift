// The report `email-summary`: what became of everything that was sent.

extension ShippedReports {
  static let emailSummary = #"""
    -- @report Email summary
    -- @about What became of everything that was sent. The counts of email-detail add up to these.
    -- @parameter campaign text = '%'  a campaign, or a pattern with % for any text
    -- @parameter from date  the first day of sending
    -- @parameter to date  the last day of sending

    -- @statement Delivery
    -- @form record
    SELECT sent, delivered, hard_bounced, soft_bounced,
      bounced - hard_bounced - soft_bounced AS other_bounced,
      bounce_rate, hard_bounce_rate, soft_bounce_rate
    FROM events
    WHERE campaign LIKE :campaign
      AND (:from IS NULL OR sent_day >= :from) AND (:to IS NULL OR sent_day <= :to);

    -- @statement Response
    -- @about Tracked are messages that were delivered with tracking on. Opened and clicked are messages, by people alone.
    -- @form record
    SELECT population AS tracked, unique_opens AS opened, unique_clicks AS clicked,
      open_rate, ctr AS click_rate, ctor AS click_to_open_rate,
      replies AS replied, count(*) FILTER (WHERE kind = 'responded') AS responded
    FROM events
    WHERE campaign LIKE :campaign
      AND (:from IS NULL OR sent_day >= :from) AND (:to IS NULL OR sent_day <= :to);

    -- @statement Leaving
    -- @form record
    SELECT unique_unsubscribes AS unsubscribed, unique_complaints AS complained,
      unsubscribe_rate, complaint_rate
    FROM events
    WHERE campaign LIKE :campaign
      AND (:from IS NULL OR sent_day >= :from) AND (:to IS NULL OR sent_day <= :to);
    """#
}
