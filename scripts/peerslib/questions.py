"""A question in four languages, and the families: per campaign, per link, per hour, per recipient.

Opens and clicks are those of people, a message is opened by an open alone, and a message is (campaign, recipient,
send). In the peers the view `people` has the events whose user agents are no machine's, and the view `counted` the
messages that are delivered and tracked. Of the ways to say a question in a peer's language, the fastest that was tried
stands here; what polars is asked stands in expressions.py.
"""

from dataclasses import dataclass, replace


@dataclass
class Question:
    """One question; `keys` columns of an answer tell its rows apart, and without any its rows have an order.

    SQL may say {campaign}, {recipient}, {since} and {campaign_code}: values that the data decides. `names` is the key
    whose codes the peers' first column has.
    """

    title: str
    keys: int | None
    beacon: str
    duckdb: str
    chdb: str
    polars: str | tuple
    names: str | None = None

    def filled(self, values):
        """The question with its values written out, and as keywords for polars."""
        quoted = {name: quote(value) for name, value in values.items()}
        texts = {name: getattr(self, name).format(**quoted) for name in ("beacon", "duckdb", "chdb")}
        return replace(self, **texts, polars=(self.polars, values))

    def asked(self, engine):
        """What to ask the engine of this name."""
        return getattr(self, engine.name.lower())


def quote(value):
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else str(value)


TOTALS = Question(
    "opens, clicks, unsubscribes, conversions, sends and bounces of everybody",
    None,
    """SELECT opens, clicks, unsubscribes, conversions, sent, count(*) FILTER (WHERE kind = 'bounced') FROM events
    SETTINGS audience = all""",
    """SELECT count(*) FILTER (kind = 'opened'), count(*) FILTER (kind = 'clicked'),
      count(*) FILTER (kind = 'unsubscribed'), count(*) FILTER (kind = 'converted')
        + (SELECT count(*) FROM outcomes WHERE kind = 'converted'),
      (SELECT count(*) FROM sends), (SELECT count(*) FROM outcomes WHERE kind = 'bounced') FROM events""",
    """SELECT countIf(kind = 'opened'), countIf(kind = 'clicked'), countIf(kind = 'unsubscribed'),
      countIf(kind = 'converted') + (SELECT count() FROM outcomes WHERE kind = 'converted'),
      (SELECT count() FROM sends), (SELECT count() FROM outcomes WHERE kind = 'bounced') FROM events""",
    "totals",
)

CAMPAIGNS = Question(
    "per campaign: opens, clicks and both unique",
    1,
    """SELECT campaign, opens, unique_opens, clicks, unique_clicks FROM events WHERE kind IN ('opened', 'clicked')
    GROUP BY campaign SETTINGS implied_opens = off""",
    """SELECT campaign, sum(opens) AS opens, count(*) FILTER (opens > 0) AS unique_opens,
      sum(clicks) AS clicks, count(*) FILTER (clicks > 0) AS unique_clicks
    FROM (SELECT campaign, recipient, send, count(*) FILTER (kind = 'opened') AS opens,
        count(*) FILTER (kind = 'clicked') AS clicks
      FROM people WHERE kind IN ('opened', 'clicked') GROUP BY campaign, recipient, send)
    GROUP BY campaign""",
    """SELECT campaign, countIf(kind = 'opened') AS opens,
      uniqExactIf((recipient, send), kind = 'opened') AS unique_opens,
      countIf(kind = 'clicked') AS clicks, uniqExactIf((recipient, send), kind = 'clicked') AS unique_clicks
    FROM people WHERE kind IN ('opened', 'clicked') GROUP BY campaign""",
    "campaigns",
)

LINKS = Question(
    "per link: clicks and unique clicks",
    1,
    "SELECT link, clicks, unique_clicks FROM events WHERE kind = 'clicked' GROUP BY link",
    """SELECT link, sum(clicks) AS clicks, count(*) AS unique_clicks
    FROM (SELECT link, campaign, recipient, send, count(*) AS clicks
      FROM people WHERE kind = 'clicked' GROUP BY link, campaign, recipient, send)
    GROUP BY link""",
    """SELECT link, count() AS clicks, uniqExact((campaign, recipient, send)) AS unique_clicks
    FROM people WHERE kind = 'clicked' GROUP BY link""",
    "links",
)

HOURS = Question(
    "per hour: opens and unique opens",
    1,
    "SELECT hour, opens, unique_opens FROM events WHERE kind = 'opened' GROUP BY hour SETTINGS implied_opens = off",
    """SELECT hour, sum(opens) AS opens, count(*) AS unique_opens
    FROM (SELECT date_trunc('hour', time) AS hour, campaign, recipient, send, count(*) AS opens
      FROM people WHERE kind = 'opened' GROUP BY ALL)
    GROUP BY hour""",
    """SELECT toStartOfHour(time) AS hour, count() AS opens, uniqExact((campaign, recipient, send)) AS unique_opens
    FROM people WHERE kind = 'opened' GROUP BY hour""",
    "hours",
)

RECIPIENTS = Question(
    "per recipient: the 100 with most clicks",
    None,
    """SELECT recipient, opens, clicks FROM events WHERE kind IN ('opened', 'clicked') GROUP BY recipient
    ORDER BY clicks DESC, recipient LIMIT 100""",
    """SELECT recipient, count(*) FILTER (kind = 'opened') AS opens, count(*) FILTER (kind = 'clicked') AS clicks
    FROM people WHERE kind IN ('opened', 'clicked') GROUP BY recipient ORDER BY clicks DESC, recipient LIMIT 100""",
    """SELECT recipient, countIf(kind = 'opened') AS opens, countIf(kind = 'clicked') AS clicks
    FROM people WHERE kind IN ('opened', 'clicked') GROUP BY recipient ORDER BY clicks DESC, recipient LIMIT 100""",
    "recipients",
)

FAMILIES = [CAMPAIGNS, LINKS, HOURS, RECIPIENTS]
