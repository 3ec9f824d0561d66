// The report `unsubscribe-reasons`: why people leave.

extension ShippedReports {
  static let unsubscribeReasons = #"""
    -- @report Unsubscribe reasons
    -- @about Why people leave, and which campaigns they leave.
    -- @parameter campaign text = '%'  a campaign, or a pattern with % for any text
    -- @parameter from date  the first day of sending
    -- @parameter to date  the last day of sending
    -- @parameter limit integer = 10  how many campaigns

    -- @statement Reasons
    SELECT coalesce(unsubscribe_reason, '(none given)') AS reason, count(*) AS unsubscribed,
      CAST(min(unsubscribed_at) AS date) AS first, CAST(max(unsubscribed_at) AS date) AS last
    FROM messages
    WHERE unsubscribed_at IS NOT NULL AND campaign LIKE :campaign
      AND (:from IS NULL OR sent_day >= :from) AND (:to IS NULL OR sent_day <= :to)
    GROUP BY 1 ORDER BY unsubscribed DESC;

    -- @statement Campaigns by unsubscribe rate
    SELECT campaign, delivered, unique_unsubscribes AS unsubscribed, unsubscribe_rate,
      unique_complaints AS complained, complaint_rate
    FROM events
    WHERE campaign LIKE :campaign
      AND (:from IS NULL OR sent_day >= :from) AND (:to IS NULL OR sent_day <= :to)
    GROUP BY campaign HAVING unique_unsubscribes > 0
    ORDER BY unsubscribe_rate DESC, delivered DESC LIMIT :limit;
    """#
}
