// The report `top-templates`: the templates that work best.

extension ShippedReports {
  static let topTemplates = #"""
    -- @report Top templates
    -- @about The templates that are opened and clicked most, by rate.
    -- @parameter limit integer = 10  how many
    -- @parameter least integer = 50  leave out those with fewer messages sent
    -- @parameter from date  the first day of sending
    -- @parameter to date  the last day of sending

    -- @statement By open rate
    SELECT template, sent, unique_opens AS opened, open_rate, ctr AS click_rate
    FROM events
    WHERE template IS NOT NULL
      AND (:from IS NULL OR sent_day >= :from) AND (:to IS NULL OR sent_day <= :to)
    GROUP BY template HAVING sent >= :least
    ORDER BY open_rate DESC, sent DESC LIMIT :limit;

    -- @statement By click rate
    SELECT template, sent, unique_clicks AS clicked, ctr AS click_rate, open_rate
    FROM events
    WHERE template IS NOT NULL
      AND (:from IS NULL OR sent_day >= :from) AND (:to IS NULL OR sent_day <= :to)
    GROUP BY template HAVING sent >= :least
    ORDER BY click_rate DESC, sent DESC LIMIT :limit;
    """#
}
