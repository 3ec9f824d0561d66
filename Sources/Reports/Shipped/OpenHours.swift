// The report `open-hours`: when people read.

extension ShippedReports {
  static let openHours = #"""
    -- @report Open hours
    -- @about When people open their mail. Opens by machines are left out.
    -- @parameter campaign text = '%'  a campaign, or a pattern with % for any text
    -- @parameter from date  the first day of sending
    -- @parameter to date  the last day of sending
    -- @parameter zone text = 'UTC'  whose clocks: a time zone such as Europe/Vienna

    -- @statement Opens by weekday and hour
    -- @form heatmap rows=weekday columns=hour_of_day value=opens
    SELECT extract(isodow FROM time) AS weekday, extract(hour FROM time) AS hour_of_day,
      count(*) AS opens
    FROM events
    WHERE kind = 'opened' AND campaign LIKE :campaign
      AND (:from IS NULL OR sent_day >= :from) AND (:to IS NULL OR sent_day <= :to)
    GROUP BY 1, 2
    SETTINGS time_zone = :zone;
    """#
}
