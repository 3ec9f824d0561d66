// The report `list-hygiene`: addresses to send no more to.

extension ShippedReports {
  static let listHygiene = #"""
    -- @report List hygiene
    -- @about Addresses to suppress. One list alone, complete and for other programs: --only 1 --format csv
    -- @parameter soft integer = 3  how many soft-bounced messages are too many
    -- @parameter unopened integer = 10  how many messages without an open are too many
    -- @parameter since date  leave out messages sent before this day

    -- @statement Hard bounces
    -- @about The address does not exist, or will never accept mail.
    -- @form table first=20
    SELECT recipient, max(bounce_code) AS code, CAST(max(bounced_at) AS date) AS last_bounce,
      count(*) AS messages, count(DISTINCT campaign) AS campaigns
    FROM messages
    WHERE bounce_class = 'hard' AND (:since IS NULL OR sent_day >= :since)
    GROUP BY recipient
    ORDER BY last_bounce DESC, recipient;

    -- @statement Soft-bounce repeaters
    -- @about Messages bounced softly again and again, and since the first of them nothing was delivered.
    -- @form table first=20
    SELECT recipient, count(*) FILTER (WHERE bounce_class = 'soft') AS messages,
      max(bounce_code) FILTER (WHERE bounce_class = 'soft') AS code,
      CAST(min(bounced_at) FILTER (WHERE bounce_class = 'soft') AS date) AS first_bounce,
      CAST(max(bounced_at) FILTER (WHERE bounce_class = 'soft') AS date) AS last_bounce,
      CAST(max(delivered_at) AS date) AS last_delivery
    FROM messages
    WHERE :since IS NULL OR sent_day >= :since
    GROUP BY recipient
    HAVING count(*) FILTER (WHERE bounce_class = 'soft') >= :soft
      AND coalesce(min(bounced_at) FILTER (WHERE bounce_class = 'soft') > max(delivered_at), TRUE)
    ORDER BY messages DESC, recipient;

    -- @statement Never opened
    -- @about Everything arrived and was tracked, and no person opened or clicked any of it.
    -- @form table first=20
    SELECT recipient, count(*) AS messages, CAST(min(delivered_at) AS date) AS first_delivery,
      CAST(max(delivered_at) AS date) AS last_delivery
    FROM messages
    WHERE delivered_at IS NOT NULL AND tracked = 'yes' AND (:since IS NULL OR sent_day >= :since)
    GROUP BY recipient
    HAVING count(*) >= :unopened AND count(*) FILTER (WHERE opened) = 0
    ORDER BY messages DESC, recipient;
    """#
}
