// The report `link-heat`: where in a mail people click.

extension ShippedReports {
  static let linkHeat = #"""
    -- @report Link heat
    -- @about Where in a mail people click. A link's position is counted from the top.
    -- @parameter campaign text = '%'  a campaign, or a pattern with % for any text
    -- @parameter from date  the first day of sending
    -- @parameter to date  the last day of sending
    -- @parameter limit integer = 20  how many campaigns, and how many links

    -- @statement Click rate by campaign and position
    -- @about Messages in which a link at that position was clicked, of those delivered and tracked.
    -- @form heatmap rows=campaign columns=position value=click_rate
    SELECT campaign, position, ctr AS click_rate
    FROM events
    WHERE kind = 'clicked' AND position IS NOT NULL
      AND (:from IS NULL OR sent_day >= :from) AND (:to IS NULL OR sent_day <= :to)
      AND campaign IN (
        SELECT campaign FROM events
        WHERE kind = 'clicked' AND campaign LIKE :campaign
          AND (:from IS NULL OR sent_day >= :from) AND (:to IS NULL OR sent_day <= :to)
        GROUP BY campaign ORDER BY clicks DESC LIMIT :limit)
    GROUP BY campaign, position ORDER BY click_rate DESC;

    -- @statement All campaigns together
    SELECT position, clicks, unique_clicks AS clicked, ctr AS click_rate
    FROM events
    WHERE kind = 'clicked' AND position IS NOT NULL AND campaign LIKE :campaign
      AND (:from IS NULL OR sent_day >= :from) AND (:to IS NULL OR sent_day <= :to)
    GROUP BY position ORDER BY position;

    -- @statement Most clicked links
    SELECT campaign, link, position, clicks, unique_clicks AS clicked, ctr AS click_rate
    FROM events
    WHERE kind = 'clicked' AND link IS NOT NULL AND campaign LIKE :campaign
      AND (:from IS NULL OR sent_day >= :from) AND (:to IS NULL OR sent_day <= :to)
    GROUP BY campaign, link, position
    ORDER BY clicks DESC, campaign, link LIMIT :limit;
    """#
}
