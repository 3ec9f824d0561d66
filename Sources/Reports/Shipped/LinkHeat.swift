// The report `link-heat`: where in a mail people click.

extension ShippedReports {
  static let linkHeat = #"""
    -- @report Link heat
    -- @about Where in a mail people click. A link's position is counted from the top.
    -- @parameter campaign text = '%'  a campaign, or a pattern with % for any text
    -- @parameter from date  the first day of sending
    -- @parameter to date  the last day of sending
    -- @parameter limit integer = 20  how many campaigns, and how many links

    -- @statement Clicks by campaign and position
    -- @form heatmap rows=campaign columns=position value=clicks
    SELECT campaign, position, clicks
    FROM events
    WHERE kind = 'clicked' AND position IS NOT NULL AND campaign LIKE :campaign
      AND (:from IS NULL OR sent_day >= :from) AND (:to IS NULL OR sent_day <= :to)
      AND campaign IN (
        SELECT campaign FROM events
        WHERE kind = 'clicked' AND campaign LIKE :campaign
        GROUP BY campaign ORDER BY clicks DESC LIMIT :limit)
    GROUP BY campaign, position ORDER BY clicks DESC;

    -- @statement Most clicked links
    -- @about The click rate is that of the link alone: messages in which it was clicked, of those delivered and tracked.
    SELECT campaign, link, position, clicks, unique_clicks AS clicked, ctr AS click_rate
    FROM events
    WHERE kind = 'clicked' AND link IS NOT NULL AND campaign LIKE :campaign
      AND (:from IS NULL OR sent_day >= :from) AND (:to IS NULL OR sent_day <= :to)
    GROUP BY campaign, link, position
    ORDER BY clicks DESC, campaign, link LIMIT :limit;
    """#
}
