"""The questions, in both languages, and whether two answers are the same.

Opens and clicks are those of people, a message is opened by an open alone, and a message is (campaign, recipient,
send). In DuckDB the view `people` joins events with the classes of their user agents.
"""

import datetime
from dataclasses import dataclass

from oraclelib.compare import moment


@dataclass
class Question:
    """One question; `keys` columns of an answer tell its rows apart."""

    title: str
    keys: int
    beacon: str
    duck: str


TOTALS = Question(
    "opens, clicks, unsubscribes and conversions of everybody",
    0,
    "SELECT opens, clicks, unsubscribes, conversions FROM events SETTINGS audience = all",
    """SELECT count(*) FILTER (kind = 'opened'), count(*) FILTER (kind = 'clicked'),
    count(*) FILTER (kind = 'unsubscribed'), count(*) FILTER (kind = 'converted') FROM events""",
)

# Counting per message first and then per group is the fastest of the ways to say it in DuckDB that were tried.
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
)

LINKS = Question(
    "per link: clicks and unique clicks",
    1,
    "SELECT link, clicks, unique_clicks FROM events WHERE kind = 'clicked' GROUP BY link",
    """SELECT link, sum(clicks), count(*)
    FROM (SELECT link, campaign, recipient, send, count(*) AS clicks
      FROM people WHERE kind = 'clicked' GROUP BY link, campaign, recipient, send)
    GROUP BY link""",
)

HOURS = Question(
    "per hour: opens and unique opens",
    1,
    "SELECT hour, opens, unique_opens FROM events WHERE kind = 'opened' GROUP BY hour SETTINGS implied_opens = off",
    """SELECT hour, sum(opens), count(*)
    FROM (SELECT date_trunc('hour', time) AS hour, campaign, recipient, send, count(*) AS opens
      FROM people WHERE kind = 'opened' GROUP BY ALL)
    GROUP BY hour""",
)

RECIPIENTS = Question(
    "per recipient: the 100 with most clicks",
    1,
    """SELECT recipient, opens, clicks FROM events WHERE kind IN ('opened', 'clicked') GROUP BY recipient
    ORDER BY clicks DESC, recipient LIMIT 100""",
    """SELECT recipient, count(*) FILTER (kind = 'opened'), count(*) FILTER (kind = 'clicked') AS clicks
    FROM people WHERE kind IN ('opened', 'clicked') GROUP BY recipient ORDER BY clicks DESC, recipient LIMIT 100""",
)

QUESTIONS = [CAMPAIGNS, LINKS, HOURS, RECIPIENTS]


def differences(question, ours, theirs):
    """The cells that differ, as sentences; rows are matched by their keys."""
    ours = by_key(question, ours, moment)
    theirs = by_key(question, theirs, text)
    result = [f"{question.title}: {label(key)} is missing in DuckDB" for key in ours.keys() - theirs.keys()]
    result += [f"{question.title}: {label(key)} is missing in Beacon" for key in theirs.keys() - ours.keys()]
    for key in ours.keys() & theirs.keys():
        if ours[key] != theirs[key]:
            result.append(f"{question.title}: {label(key)} is {ours[key]} in Beacon, {theirs[key]} in DuckDB")
    return result


def by_key(question, rows, write):
    """The measures of each key; a key that comes twice is an answer of its own."""
    result = {}
    for row in rows:
        key = tuple(map(write, row[: question.keys]))
        while key in result:
            key += ("again",)
        result[key] = [str(cell) for cell in row[question.keys :]]
    return result


def text(value):
    """A key as the comparison has it: times in milliseconds, no value as nothing."""
    if isinstance(value, datetime.datetime):
        return str(round(value.replace(tzinfo=datetime.UTC).timestamp() * 1000))
    return "" if value is None else str(value)


def label(key):
    return ", ".join(key) or "the only row"
