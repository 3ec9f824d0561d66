"""A question in three languages, and the four families: per campaign, per link, per hour, per recipient.

Opens and clicks are those of people, a message is opened by an open alone, and a message is (campaign, recipient,
send). In the peers the view `people` has the events whose user agents are no machine's. Of the ways to say a question
in a peer's SQL, the fastest that was tried stands here.
"""

from dataclasses import dataclass, replace


@dataclass
class Question:
    """One question; `keys` columns of an answer tell its rows apart, and without any its rows have an order.

    The SQL may say {campaign}, {recipient} and {since}: quoted values that the data decides.
    """

    title: str
    keys: int | None
    beacon: str
    duckdb: str
    chdb: str

    def filled(self, values):
        """The question with its values written out."""
        quoted = {name: "'" + value.replace("'", "''") + "'" for name, value in values.items()}
        texts = {name: getattr(self, name).format(**quoted) for name in ("beacon", "duckdb", "chdb")}
        return replace(self, **texts)

    def sql(self, engine):
        """What to ask the engine of this name."""
        return getattr(self, engine.name.lower())


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
)

CAMPAIGNS = Question(
    "per campaign: opens, clicks and both unique",
    1,
    """SELECT campaign, opens, unique_opens, clicks, unique_clicks FROM events WHERE kind IN ('opened', 'clicked')
    GROUP BY campaign SETTINGS implied_opens = off""",
    """SELECT campaign, sum(opens), count(*) FILTER (opens > 0), sum(clicks), count(*) FILTER (clicks > 0)
    FROM (SELECT campaign, recipient, send, count(*) FILTER (kind = 'opened') AS opens,
        count(*) FILTER (kind = 'clicked') AS clicks
      FROM people WHERE kind IN ('opened', 'clicked') GROUP BY campaign, recipient, send)
    GROUP BY campaign""",
    """SELECT campaign, countIf(kind = 'opened'), uniqExactIf((recipient, send), kind = 'opened'),
      countIf(kind = 'clicked'), uniqExactIf((recipient, send), kind = 'clicked')
    FROM people WHERE kind IN ('opened', 'clicked') GROUP BY campaign""",
)

LINKS = Question(
    "per link: clicks and unique clicks",
    1,
    "SELECT link, clicks, unique_clicks FROM events WHERE kind = 'clicked' GROUP BY link",
    """SELECT link, sum(clicks), count(*)
    FROM (SELECT link, campaign, recipient, send, count(*) AS clicks
      FROM people WHERE kind = 'clicked' GROUP BY link, campaign, recipient, send)
    GROUP BY link""",
    """SELECT link, count(), uniqExact((campaign, recipient, send))
    FROM people WHERE kind = 'clicked' GROUP BY link""",
)

HOURS = Question(
    "per hour: opens and unique opens",
    1,
    "SELECT hour, opens, unique_opens FROM events WHERE kind = 'opened' GROUP BY hour SETTINGS implied_opens = off",
    """SELECT hour, sum(opens), count(*)
    FROM (SELECT date_trunc('hour', time) AS hour, campaign, recipient, send, count(*) AS opens
      FROM people WHERE kind = 'opened' GROUP BY ALL)
    GROUP BY hour""",
    """SELECT toStartOfHour(time) AS hour, count(), uniqExact((campaign, recipient, send))
    FROM people WHERE kind = 'opened' GROUP BY hour""",
)

RECIPIENTS = Question(
    "per recipient: the 100 with most clicks",
    None,
    """SELECT recipient, opens, clicks FROM events WHERE kind IN ('opened', 'clicked') GROUP BY recipient
    ORDER BY clicks DESC, recipient LIMIT 100""",
    """SELECT recipient, count(*) FILTER (kind = 'opened'), count(*) FILTER (kind = 'clicked') AS clicks
    FROM people WHERE kind IN ('opened', 'clicked') GROUP BY recipient ORDER BY clicks DESC, recipient LIMIT 100""",
    """SELECT recipient, countIf(kind = 'opened'), countIf(kind = 'clicked') AS clicks
    FROM people WHERE kind IN ('opened', 'clicked') GROUP BY recipient ORDER BY clicks DESC, recipient LIMIT 100""",
)

FAMILIES = [CAMPAIGNS, LINKS, HOURS, RECIPIENTS]
