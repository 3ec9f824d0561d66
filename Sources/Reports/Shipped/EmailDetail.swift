// The report `email-detail`: the summary by campaign.

extension ShippedReports {
  static let emailDetail = #"""
    -- @report Email detail
    -- @about The email summary by campaign, the largest first. Every count adds up to the one in email-summary.
    -- @parameter campaign text = '%'  a campaign, or a pattern with % for any text
    -- @parameter from date  the first day of sending
    -- @parameter to date  the last day of sending

    -- @statement Delivery
    -- @form table first=40
    SELECT campaign, sent, delivered, hard_bounced, soft_bounced,
      bounced - hard_bounced - soft_bounced AS other_bounced, bounce_rate
    FROM events
    WHERE campaign LIKE :campaign
      AND (:from IS NULL OR sent_day >= :from) AND (:to IS NULL OR sent_day <= :to)
    GROUP BY campaign ORDER BY sent DESC;

    -- @statement Response
    -- @about Tracked are messages that were delivered with tracking on. Opened and clicked are messages, by people alone.
    -- @form table first=40
    SELECT campaign, population AS tracked, unique_opens AS opened, unique_clicks AS clicked,
      open_rate, ctr AS click_rate,
      replies AS replied, count(*) FILTER (WHERE kind = 'responded') AS responded
    FROM events
    WHERE campaign LIKE :campaign
      AND (:from IS NULL OR sent_day >= :from) AND (:to IS NULL OR sent_day <= :to)
    GROUP BY campaign ORDER BY tracked DESC;

    -- @statement Leaving
    -- @form table first=40
    SELECT campaign, unique_unsubscribes AS unsubscribed, unique_complaints AS complained,
      unsubscribe_rate, complaint_rate
    FROM events
    WHERE campaign LIKE :campaign
      AND (:from IS NULL OR sent_day >= :from) AND (:to IS NULL OR sent_day <= :to)
    GROUP BY campaign ORDER BY unsubscribed DESC, complained DESC;
    """#
}
