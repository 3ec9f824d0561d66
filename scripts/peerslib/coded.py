"""The families and one campaign's hours once more, with integer keys prepared for the peers.

Their table `coded` has people's opens and clicks with numbers for message, campaign, recipient, link and hour, and
`messages` every message with numbers and whether it counts in rates. Beacon is asked what it was asked before.
"""

from dataclasses import replace

from .questions import CAMPAIGNS, HOURS, LINKS, RECIPIENTS
from .rates import CAMPAIGN_RATES, HOUR_RATES, LINK_RATES, RECIPIENT_RATES, of_all, of_campaigns, of_recipients
from .results import CAMPAIGN_HOURS

POPULATIONS = "SELECT campaign, count(*) AS population FROM messages WHERE is_counted GROUP BY campaign"
POPULATION = "SELECT count(*) FROM messages WHERE is_counted"
OF_CLICKERS = "recipient IN (SELECT recipient FROM clickers)"
COUNTED = f"SELECT recipient FROM messages WHERE is_counted AND {OF_CLICKERS}"


def coded(question, names, duckdb, chdb):
    """The question for the prepared tables; polars has the same expressions under another name."""
    return replace(question, duckdb=duckdb, chdb=chdb, polars=f"coded_{question.polars}", names=names)


OF_CAMPAIGNS = coded(
    CAMPAIGNS,
    "campaign",
    """SELECT campaign, sum(opens) AS opens, count(*) FILTER (opens > 0) AS unique_opens,
      sum(clicks) AS clicks, count(*) FILTER (clicks > 0) AS unique_clicks
    FROM (SELECT campaign, count(*) FILTER (NOT is_click) AS opens, count(*) FILTER (is_click) AS clicks
      FROM coded GROUP BY campaign, message)
    GROUP BY campaign""",
    """SELECT campaign, countIf(NOT is_click) AS opens, uniqExactIf(message, NOT is_click) AS unique_opens,
      countIf(is_click) AS clicks, uniqExactIf(message, is_click) AS unique_clicks
    FROM coded GROUP BY campaign""",
)

OF_LINKS = coded(
    LINKS,
    "link",
    """SELECT link, sum(clicks) AS clicks, count(*) AS unique_clicks
    FROM (SELECT link, count(*) AS clicks FROM coded WHERE is_click GROUP BY link, message) GROUP BY link""",
    "SELECT link, count() AS clicks, uniqExact(message) AS unique_clicks FROM coded WHERE is_click GROUP BY link",
)

OF_HOURS = coded(
    HOURS,
    "hour",
    """SELECT hour, sum(opens) AS opens, count(*) AS unique_opens
    FROM (SELECT hour, count(*) AS opens FROM coded WHERE NOT is_click GROUP BY hour, message) GROUP BY hour""",
    "SELECT hour, count() AS opens, uniqExact(message) AS unique_opens FROM coded WHERE NOT is_click GROUP BY hour",
)

OF_RECIPIENTS = coded(
    RECIPIENTS,
    "recipient",
    """SELECT recipient, count(*) FILTER (NOT is_click) AS opens, count(*) FILTER (is_click) AS clicks
    FROM coded GROUP BY recipient ORDER BY clicks DESC, recipient LIMIT 100""",
    """SELECT recipient, countIf(NOT is_click) AS opens, countIf(is_click) AS clicks
    FROM coded GROUP BY recipient ORDER BY clicks DESC, recipient LIMIT 100""",
)

DUCK_MESSAGES = f"""SELECT recipient, bool_or(NOT is_click)::INTEGER AS is_opened,
  bool_or(is_click)::INTEGER AS is_clicked
FROM coded WHERE {OF_CLICKERS} GROUP BY recipient, message"""
CHDB_MESSAGES = f"""SELECT recipient, max(NOT is_click) AS is_opened, max(is_click) AS is_clicked
FROM coded WHERE {OF_CLICKERS} GROUP BY recipient, message"""

CODED = [
    OF_CAMPAIGNS,
    OF_LINKS,
    OF_HOURS,
    OF_RECIPIENTS,
    coded(
        CAMPAIGN_RATES,
        "campaign",
        of_campaigns(OF_CAMPAIGNS.duckdb, POPULATIONS),
        of_campaigns(OF_CAMPAIGNS.chdb, POPULATIONS),
    ),
    coded(
        LINK_RATES,
        "link",
        of_all(OF_LINKS.duckdb, "unique_clicks", POPULATION),
        of_all(OF_LINKS.chdb, "unique_clicks", POPULATION),
    ),
    coded(
        HOUR_RATES,
        "hour",
        of_all(OF_HOURS.duckdb, "unique_opens", POPULATION),
        of_all(OF_HOURS.chdb, "unique_opens", POPULATION),
    ),
    coded(
        RECIPIENT_RATES,
        "recipient",
        of_recipients(OF_RECIPIENTS.duckdb, DUCK_MESSAGES, COUNTED),
        of_recipients(OF_RECIPIENTS.chdb, CHDB_MESSAGES, COUNTED),
    ),
    coded(
        CAMPAIGN_HOURS,
        "hour",
        "SELECT hour, count(*) FROM coded WHERE campaign = {campaign_code} AND NOT is_click GROUP BY hour",
        "SELECT hour, count() FROM coded WHERE campaign = {campaign_code} AND NOT is_click GROUP BY hour",
    ),
]
