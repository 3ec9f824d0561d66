// The report `definitions`: one campaign, counted seven ways.

extension ShippedReports {
  static let definitions = #"""
    -- @report Definitions side by side
    -- @about The same campaigns under the definitions of other products. What differs is docs/SEMANTICS.md, "Settings".
    -- @parameter campaign text = '%'  a campaign, or a pattern with % for any text
    -- @parameter from date  the first day of sending
    -- @parameter to date  the last day of sending
    -- @parameter limit integer = 20  how many campaigns

    -- @statement All campaigns together
    -- @foreach definition in beacon, sfmc, sendgrid, mailchimp, mailjet, zoho, mailpoet
    SELECT population, opens, unique_opens AS opened, open_rate, unique_clicks AS clicked,
      ctr AS click_rate, ctor AS click_to_open_rate
    FROM events
    WHERE campaign LIKE :campaign
      AND (:from IS NULL OR sent_day >= :from) AND (:to IS NULL OR sent_day <= :to)
    SETTINGS definition = :definition;

    -- @statement Open rate by campaign
    -- @foreach definition in beacon, sfmc, sendgrid, mailchimp, mailjet, zoho, mailpoet
    -- @form crosstab rows=campaign columns=definition value=open_rate
    SELECT campaign, open_rate
    FROM events
    WHERE campaign LIKE :campaign
      AND (:from IS NULL OR sent_day >= :from) AND (:to IS NULL OR sent_day <= :to)
    GROUP BY campaign ORDER BY sent DESC LIMIT :limit
    SETTINGS definition = :definition;

    -- @statement Click rate by campaign
    -- @foreach definition in beacon, sfmc, sendgrid, mailchimp, mailjet, zoho, mailpoet
    -- @form crosstab rows=campaign columns=definition value=click_rate
    SELECT campaign, ctr AS click_rate
    FROM events
    WHERE campaign LIKE :campaign
      AND (:from IS NULL OR sent_day >= :from) AND (:to IS NULL OR sent_day <= :to)
    GROUP BY campaign ORDER BY sent DESC LIMIT :limit
    SETTINGS definition = :definition;
    """#
}
