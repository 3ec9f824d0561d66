"""The families with rates: what was delivered and tracked divides, per campaign and recipient, or all of it together.

No message's state is known beforehand: `counted` finds the messages that count from sends, bounces and receipts, as
bits of what is known of each.
"""

from .questions import CAMPAIGNS, HOURS, LINKS, RECIPIENTS, Question

DUCK_COUNTED = """SELECT campaign, recipient, send FROM (
    SELECT campaign, recipient, send, CASE WHEN is_tracked THEN 1 ELSE 9 END::UTINYINT AS bits FROM sends
    UNION ALL SELECT campaign, recipient, send, CASE kind WHEN 'bounced' THEN 2 ELSE 4 END::UTINYINT
    FROM outcomes WHERE kind IN ('bounced', 'delivered')){people}
  GROUP BY campaign, recipient, send HAVING bit_or(bits) IN (1, 4, 5, 6, 7)"""

CHDB_COUNTED = """SELECT campaign, recipient, send FROM (
    SELECT campaign, recipient, send, toUInt8(if(is_tracked, 1, 9)) AS bits FROM sends
    UNION ALL SELECT campaign, recipient, send, toUInt8(if(kind = 'bounced', 2, 4)) FROM outcomes
    WHERE kind IN ('bounced', 'delivered')){people}
  GROUP BY campaign, recipient, send HAVING groupBitOr(bits) IN (1, 4, 5, 6, 7)"""


def of_campaigns(family, population):
    """The family's SQL with rates; what divides is the campaign's."""
    return f"""SELECT f.*, unique_opens / population, unique_clicks / population FROM ({family}) AS f
    JOIN ({population}) AS p ON p.campaign = f.campaign"""


def of_all(family, uniques, population):
    """The family's SQL with a rate; what divides is all that was delivered."""
    return f"SELECT *, {uniques} / ({population}) FROM ({family})"


def of_recipients(family, messages, counted):
    """The family's 100 people with their unique counts and rates; only their messages are looked at."""
    return f"""WITH clickers AS ({family}),
      uniques AS (SELECT recipient, sum(is_opened) AS unique_opens, sum(is_clicked) AS unique_clicks
        FROM ({messages}) GROUP BY recipient),
      populations AS (SELECT recipient, count(*) AS population FROM ({counted}) GROUP BY recipient)
    SELECT c.recipient, opens, clicks, unique_opens, unique_clicks,
      unique_opens / population, unique_clicks / population
    FROM clickers AS c JOIN uniques AS u ON u.recipient = c.recipient JOIN populations AS p ON p.recipient = c.recipient
    ORDER BY clicks DESC, c.recipient"""


OF_CLICKERS = " WHERE recipient IN (SELECT recipient FROM clickers)"
DUCK_MESSAGES = f"""SELECT recipient, bool_or(kind = 'opened')::INTEGER AS is_opened,
  bool_or(kind = 'clicked')::INTEGER AS is_clicked
FROM people{OF_CLICKERS} AND kind IN ('opened', 'clicked') GROUP BY campaign, recipient, send"""
CHDB_MESSAGES = f"""SELECT recipient, max(kind = 'opened') AS is_opened, max(kind = 'clicked') AS is_clicked
FROM people{OF_CLICKERS} AND kind IN ('opened', 'clicked') GROUP BY campaign, recipient, send"""

CAMPAIGN_RATES = Question(
    "per campaign: the same, open rate and click rate",
    1,
    """SELECT campaign, opens, unique_opens, clicks, unique_clicks, open_rate, ctr FROM events
    WHERE kind IN ('opened', 'clicked') GROUP BY campaign SETTINGS implied_opens = off""",
    of_campaigns(CAMPAIGNS.duckdb, "SELECT campaign, count(*) AS population FROM counted GROUP BY campaign"),
    of_campaigns(CAMPAIGNS.chdb, "SELECT campaign, count() AS population FROM counted GROUP BY campaign"),
    "campaign_rates",
)

LINK_RATES = Question(
    "per link: the same and click rate",
    1,
    "SELECT link, clicks, unique_clicks, ctr FROM events WHERE kind = 'clicked' GROUP BY link",
    of_all(LINKS.duckdb, "unique_clicks", "SELECT count(*) FROM counted"),
    of_all(LINKS.chdb, "unique_clicks", "SELECT count() FROM counted"),
    "link_rates",
)

HOUR_RATES = Question(
    "per hour: the same and open rate",
    1,
    """SELECT hour, opens, unique_opens, open_rate FROM events WHERE kind = 'opened' GROUP BY hour
    SETTINGS implied_opens = off""",
    of_all(HOURS.duckdb, "unique_opens", "SELECT count(*) FROM counted"),
    of_all(HOURS.chdb, "unique_opens", "SELECT count() FROM counted"),
    "hour_rates",
)

RECIPIENT_RATES = Question(
    "per recipient: the same 100, unique counts and rates",
    None,
    """SELECT recipient, opens, clicks, unique_opens, unique_clicks, open_rate, ctr FROM events
    WHERE kind IN ('opened', 'clicked') GROUP BY recipient ORDER BY clicks DESC, recipient LIMIT 100
    SETTINGS implied_opens = off""",
    of_recipients(RECIPIENTS.duckdb, DUCK_MESSAGES, DUCK_COUNTED.format(people=OF_CLICKERS)),
    of_recipients(RECIPIENTS.chdb, CHDB_MESSAGES, CHDB_COUNTED.format(people=OF_CLICKERS)),
    "recipient_rates",
)

RATES = [CAMPAIGN_RATES, LINK_RATES, HOUR_RATES, RECIPIENT_RATES]
