"""Rows of plain SQL: the individual results of `FROM messages`, lists and aggregates, in both engines' words."""

from dataclasses import dataclass

from .model import UPPER
from .tables import AUDIENCE, OPENING, Settings


@dataclass
class Listing:
    """One question: its columns with what they hold, and how each engine is asked. Rows are compared in their order.

    The oracle's words may say {messages} and {events}: what became of each message, and the events that exist.
    """

    title: str
    columns: dict
    beacon: str
    oracle: str


def columns(**names_by_kind):
    """Column names by kind, as the columns of the SELECT list, whose order `order` gives."""
    order = names_by_kind.pop("order").replace(",", " ").split()
    kinds = {name: kind for kind, names in names_by_kind.items() for name in names.split()}
    return {name: kinds.get(name, "text") for name in order}


EMAIL = columns(
    order="""campaign, recipient, send, variant, template, sender, domain, status, sent_at, delivered_at, bounced_at,
      bounce_class, bounce_code, first_open_at, last_open_at, opens, first_click_at, last_click_at, clicks,
      links_clicked, unsubscribed_at, unsubscribe_reason, complained_at, converted_at, conversions, revenue,
      replied_at""",
    time="""sent_at delivered_at bounced_at first_open_at last_open_at first_click_at last_click_at unsubscribed_at
      complained_at converted_at replied_at""",
    integer="opens clicks links_clicked conversions",
    decimal="revenue",
)

# What became of each message. A state has the place of an event of its own kind, and says so in `state`.
MESSAGES = """
SELECT m.*, o.* EXCLUDE (message), tracked = 'yes' AS is_tracked, {opening} AS opened,
  CASE WHEN complained_at IS NOT NULL THEN 'complained' WHEN unsubscribed_at IS NOT NULL THEN 'unsubscribed'
    WHEN conversions > 0 THEN 'converted' WHEN replied_at IS NOT NULL THEN 'replied' WHEN clicks > 0 THEN 'clicked'
    WHEN opens > 0 THEN 'opened' WHEN delivered_at IS NOT NULL THEN 'delivered'
    WHEN bounced_at IS NOT NULL THEN 'bounced' WHEN was_dropped THEN 'dropped' WHEN was_deferred THEN 'deferred'
    END AS status
FROM messages m LEFT JOIN (
  SELECT message, min(time) FILTER (state = 'sent') AS sent_at, min(time) FILTER (state = 'delivered') AS delivered_at,
    min(time) FILTER (state = 'bounced') AS bounced_at, min(bounce_class) FILTER (state = 'bounced') AS bounce_class,
    min(code) FILTER (state = 'bounced') AS bounce_code, min(reason) FILTER (state = 'bounced') AS bounce_reason,
    min(time) FILTER (event = 'opened') AS first_open_at, max(time) FILTER (event = 'opened') AS last_open_at,
    count_if(event = 'opened') AS opens,
    min(time) FILTER (event = 'clicked') AS first_click_at, max(time) FILTER (event = 'clicked') AS last_click_at,
    count_if(event = 'clicked') AS clicks, count(DISTINCT link) FILTER (event = 'clicked') AS links_clicked,
    min(time) FILTER (event = 'unsubscribed') AS unsubscribed_at,
    min(time) FILTER (event = 'complained') AS complained_at, min(time) FILTER (event = 'converted') AS converted_at,
    count_if(event = 'converted') AS conversions, sum(value)::HUGEINT AS revenue,
    min(time) FILTER (event = 'replied') AS replied_at, min(time) FILTER (event = 'responded') AS responded_at,
    count_if(event = 'dropped') > 0 AS was_dropped, count_if(event = 'deferred') > 0 AS was_deferred,
    min(reason) FILTER (event = 'unsubscribed' AND time = left_at) AS unsubscribe_reason
  FROM (
    SELECT *, CASE WHEN state IS NULL THEN kind END AS event,
      min(time) FILTER (kind = 'unsubscribed') OVER (PARTITION BY message) AS left_at
    FROM placed e WHERE {audience})
  GROUP BY message) o USING (message)"""

EVENTS = """
SELECT e.*, m.campaign, m.recipient, m.send FROM placed e JOIN messages m USING (message)
WHERE state IS NULL AND {audience}"""

# The campaign with the most messages, in words that both engines read.
LARGEST = "SELECT campaign FROM {messages} GROUP BY campaign ORDER BY count(*) DESC, campaign LIMIT 1"
WEEK = "time - (time // 86400000 + 3) % 7 * 86400000 - time % 86400000"

LISTINGS = [
    Listing(
        "messages",
        EMAIL,
        "SELECT * FROM messages",
        f"SELECT {', '.join(EMAIL)} FROM {{messages}} ORDER BY campaign, recipient, send NULLS LAST",
    ),
    Listing(
        "messages that were opened or left",
        columns(
            order="recipient, opened, bounce_reason, responded_at, tracked, sent_hour",
            time="responded_at sent_hour",
            boolean="opened tracked",
        ),
        "SELECT recipient, opened, bounce_reason, responded_at, tracked, sent_hour FROM messages "
        "WHERE opened OR bounced_at IS NOT NULL OR responded_at > sent_at",
        "SELECT recipient, opened, bounce_reason, responded_at, is_tracked, sent_hour FROM {messages} "
        "WHERE opened OR bounced_at IS NOT NULL OR responded_at > sent_at "
        "ORDER BY campaign, recipient, send NULLS LAST",
    ),
    Listing(
        "who opened and did not click",
        columns(order="campaign, people, emails, opens, last", integer="people emails opens", time="last"),
        "SELECT campaign, count(DISTINCT recipient) FILTER (WHERE opens > 0 AND clicks = 0) AS people, "
        "count(*) AS emails, sum(opens) AS opens, max(last_open_at) AS last FROM messages GROUP BY campaign",
        "SELECT campaign, count(DISTINCT recipient) FILTER (WHERE opens > 0 AND clicks = 0), count(*), "
        "sum(opens)::HUGEINT, max(last_open_at) FROM {messages} GROUP BY campaign ORDER BY campaign",
    ),
    Listing(
        "hours to the first open by status",
        columns(
            order="status, emails, hours, slowest, revenue",
            integer="emails slowest",
            number="hours",
            decimal="revenue",
        ),
        "SELECT status, count(*) AS emails, avg(extract(epoch FROM first_open_at - sent_at)) / 3600 AS hours, "
        "floor(max(extract(epoch FROM first_open_at - sent_at)) / 3600) AS slowest, sum(revenue) AS revenue "
        "FROM messages GROUP BY status HAVING count(*) > 1",
        "SELECT status, count(*), avg((first_open_at - sent_at) / 1000) / 3600, "
        "floor(max((first_open_at - sent_at) / 1000) / 3600)::BIGINT, sum(revenue)::HUGEINT "
        "FROM {messages} GROUP BY status HAVING count(*) > 1 ORDER BY status NULLS LAST",
    ),
    Listing(
        "weeks of events",
        columns(order="week, hits, clickers, links", time="week", integer="hits clickers links"),
        "SELECT date_trunc('week', time) AS week, count(*) AS hits, "
        "count(DISTINCT recipient) FILTER (WHERE kind = 'clicked') AS clickers, count(DISTINCT link) AS links "
        "FROM events GROUP BY 1 ORDER BY week",
        f"SELECT {WEEK} AS week, count(*), count(DISTINCT recipient) FILTER (kind = 'clicked'), count(DISTINCT link) "
        "FROM {events} GROUP BY week ORDER BY week",
    ),
    Listing(
        "clicks by hour and weekday",
        columns(order="hour, day, clicks, people", integer="hour day clicks people"),
        "SELECT extract(hour FROM time) AS hour, extract(isodow FROM time) AS day, count(*) AS clicks, "
        "count(DISTINCT recipient) AS people FROM events WHERE kind = 'clicked' GROUP BY 1, 2 "
        "ORDER BY clicks DESC LIMIT 50",
        "SELECT time // 3600000 % 24, (time // 86400000 + 3) % 7 + 1, count(*), count(DISTINCT recipient) "
        "FROM {events} WHERE kind = 'clicked' GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT 50",
    ),
    Listing(
        "openers of the largest campaign who complained nowhere",
        columns(order="recipient, emails, clicks, share", integer="emails clicks", number="share"),
        "SELECT recipient, count(*) AS emails, sum(clicks) AS clicks, sum(clicks) / count(*) AS share FROM messages "
        f"WHERE opens > 0 AND campaign IN ({LARGEST.format(messages='messages')}) "
        "AND recipient NOT IN (SELECT recipient FROM events WHERE kind = 'complained') GROUP BY recipient",
        "SELECT recipient, count(*), sum(clicks)::HUGEINT, sum(clicks) / count(*) FROM {messages} "
        f"WHERE opens > 0 AND campaign IN ({LARGEST}) "
        "AND recipient NOT IN (SELECT recipient FROM {events} WHERE kind = 'complained') "
        "GROUP BY recipient ORDER BY recipient",
    ),
    Listing(
        "what happened to those who converted",
        columns(order="time, kind, recipient, link, reason, value", time="time", decimal="value"),
        "SELECT time, kind, recipient, link, reason, value FROM events "
        "WHERE recipient IN (SELECT recipient FROM messages WHERE conversions > 0) AND kind NOT LIKE 'd%'",
        "SELECT time, kind, recipient, link, reason, value FROM {events} "
        "WHERE recipient IN (SELECT recipient FROM {messages} WHERE conversions > 0) AND kind NOT LIKE 'd%' "
        "ORDER BY time, kind, recipient, link NULLS LAST, reason NULLS LAST, value NULLS LAST",
    ),
    Listing(
        "revenue by first letters",
        columns(order="letter, people, revenue, mean", integer="people", decimal="revenue", number="mean"),
        "SELECT lower(substr(recipient, 1, 1)) AS letter, count(DISTINCT recipient) AS people, sum(value) AS revenue, "
        "avg(value) AS mean FROM events WHERE kind = 'converted' AND recipient < '~' "
        "GROUP BY 1 HAVING sum(value) >= 0 ORDER BY revenue DESC, letter",
        f"SELECT translate(substr(recipient, 1, 1), '{UPPER}', '{UPPER.lower()}') AS letter, "
        "count(DISTINCT recipient), sum(value)::HUGEINT AS revenue, sum(value) / 1e6 / count(value) FROM {events} "
        "WHERE kind = 'converted' AND recipient < '~' GROUP BY letter HAVING sum(value) >= 0 "
        "ORDER BY revenue DESC, letter",
    ),
]


def row_questions():
    """Every listing under every setting it is compared with."""
    for listing in LISTINGS:
        yield listing, Settings("human", "on")
        yield listing, Settings("all", "off")
    yield LISTINGS[0], Settings("machine", "on")


def beacon_rows_sql(listing, settings):
    """The question in Beacon's words."""
    return f"{listing.beacon} SETTINGS {settings}"


def row_answer(base, listing, settings):
    """The rows of the listing by SEMANTICS.md."""
    names = {"messages": MESSAGES, "events": EVENTS}
    for name, sql in names.items():
        table = f"{name}_{settings.audience}_{settings.implied_opens}"
        words = {"audience": AUDIENCE[settings.audience], "opening": OPENING[settings.implied_opens]}
        base.execute(f"CREATE TEMP TABLE IF NOT EXISTS {table} AS {sql.format(**words)}")
        names[name] = table
    return base.execute(listing.oracle.format(**names)).fetchall()
