"""The tables that are compared, and the SQL that computes each from the events."""

from dataclasses import dataclass, field

COUNTS = (
    "sent delivered bounced hard_bounced soft_bounced block_bounced opens clicks unsubscribes complaints conversions "
    "replies unique_opens unique_clicks unique_unsubscribes unique_complaints unique_conversions recipients openers "
    "clickers population"
).split()
RATES = (
    "open_rate ctr ctor conversion_rate unsubscribe_rate complaint_rate bounce_rate hard_bounce_rate "
    "soft_bounce_rate block_bounce_rate"
).split()
ALL = [*COUNTS, "revenue", *RATES]
TIMES = {"hour", "day", "sent_day", "sent_hour"}

MESSAGE_KEYS = {"campaign", "recipient", "send", "variant", "template", "sender", "domain", "tracked", "sent_day", "sent_hour"}


@dataclass
class Table:
    """One question: its keys, its measures, and its conditions in words that both engines read."""

    title: str
    keys: list = field(default_factory=list)
    measures: list = field(default_factory=lambda: ALL)
    on_messages: str = ""
    on_events: str = ""


TABLES = [
    Table("totals"),
    Table("campaign", ["campaign"]),
    Table("campaign, link", ["campaign", "link"]),
    Table("link", ["link"]),
    Table("link.url", ["link.url"]),
    Table("hour", ["hour"]),
    Table("day", ["day"]),
    Table("recipient", ["recipient"]),
    Table("domain", ["domain"]),
    Table("user_agent", ["user_agent"]),
    Table("recipient.school", ["recipient.school"]),
    Table("campaign.subject", ["campaign.subject"]),
    Table("campaign, hour", ["campaign", "hour"]),
    Table("sent_day", ["sent_day"]),
    Table("variant", ["campaign", "variant"]),
    Table("template, sender", ["template", "sender"]),
    Table("send, tracked", ["send", "tracked"]),
    Table("bounce_class, code", ["bounce_class", "code"]),
    Table("reason", ["reason"]),
    Table("weekday, hour_of_day", ["weekday", "hour_of_day"]),
    Table("kind", ["kind"]),
    Table("campaign of a school", ["campaign"], on_messages="recipient.school = 'Law'"),
    Table("campaign of the clicks", ["campaign"], on_events="link IS NOT NULL"),
    Table("domain on Mondays", ["domain"], on_events="weekday = 1"),
]

DEFINITIONS = {
    "beacon": ("human", "on", "delivered"),
    "sfmc": ("all", "off", "delivered"),
    "sendgrid": ("all", "off", "delivered"),
    "mailchimp": ("all", "off", "delivered"),
    "mailjet": ("all", "off", "delivered"),
    "zoho": ("all", "on", "delivered"),
    "mailpoet": ("human", "off", "tracked"),
}


@dataclass
class Settings:
    audience: str
    implied_opens: str
    denominator: str = "delivered"
    text: str = ""

    def __str__(self):
        return self.text or f"audience = {self.audience}, implied_opens = {self.implied_opens}"


def questions():
    """Every table under every setting it is compared with."""
    for audience in ("all", "human"):
        for implied in ("on", "off"):
            for table in TABLES:
                yield table, Settings(audience, implied)
    for table in TABLES[:2]:
        yield table, Settings("machine", "on")
        yield table, Settings("human", "on", "sent", "denominator = sent")
        yield table, Settings("human", "on", "tracked", "denominator = tracked")
        for name, values in DEFINITIONS.items():
            yield table, Settings(*values, f"definition = {name}")


def beacon_sql(table, settings):
    """The question in Beacon's words."""
    conditions = " AND ".join(filter(None, (table.on_messages, table.on_events)))
    sql = f"SELECT {', '.join(table.keys + table.measures)} FROM events"
    if conditions:
        sql += f" WHERE {conditions}"
    if table.keys:
        sql += f" GROUP BY {', '.join(table.keys)}"
    return f"{sql} SETTINGS {settings}"


def is_message_key(key):
    return key in MESSAGE_KEYS or key.startswith(("campaign.", "recipient."))


def source(name):
    """Where a key's value stands in the joined tables."""
    if "." in name:
        owner, attribute = name.split(".")
        return f'{owner}_attributes."{attribute}"'
    return f"m.{name}" if name in MESSAGE_KEYS else f"e.{name}"


def attribute_joins(names):
    """Joins for the attribute tables that `names` speak of."""
    owners = sorted({name.split(".")[0] for name in names if "." in name})
    place = {"campaign": "m", "recipient": "m", "link": "e"}
    return " ".join(
        f'LEFT JOIN {owner}_attributes ON {owner}_attributes."{owner}" = {place[owner]}."{owner}"' for owner in owners
    )


def condition(text):
    """A condition with its first word, always a dimension, in the words of the joined tables."""
    name, _, rest = text.partition(" ")
    return f"{source(name)} {rest}"


def oracle_sql(table, settings):
    """The question by SEMANTICS.md, in DuckDB's words."""
    keys = [f"k{i}" for i in range(len(table.keys))]
    named = [f"{source(key)} AS {name}" for key, name in zip(table.keys, keys)]
    of_message = [i for i, key in enumerate(table.keys) if is_message_key(key)]
    conditions = [condition(text) for text in (table.on_messages, table.on_events) if text]
    message_conditions = [condition(table.on_messages)] if table.on_messages else []
    names = table.keys + [text.split(" ")[0] for text in (table.on_messages, table.on_events) if text]
    return f"""
WITH e AS (
  SELECT {', '.join([*named, COLUMNS])}
  FROM placed e JOIN messages m USING (message) {attribute_joins(names)}
  WHERE {' AND '.join([AUDIENCE[settings.audience], *conditions])}),
per_message AS (
  SELECT {', '.join([*keys, PER_MESSAGE.format(opening=OPENING[settings.implied_opens])])}
  FROM e GROUP BY {', '.join([*keys, 'message', 'person'])}),
counted AS (
  SELECT {', '.join([*keys, COUNTED])} FROM per_message {grouped(keys)}),
populations AS (
  SELECT {', '.join([*(named[i] for i in of_message), POPULATIONS[settings.denominator]])}
  FROM messages m {attribute_joins([name for name in names if is_message_key(name)])}
  {'WHERE ' + ' AND '.join(message_conditions) if message_conditions else ''}
  {grouped([source(table.keys[i]) for i in of_message])})
SELECT {', '.join([*(f'c.{key}' for key in keys), *(measure(name) for name in table.measures)])}
FROM counted c LEFT JOIN populations p
ON {' AND '.join([f'c.k{i} IS NOT DISTINCT FROM p.k{i}' for i in of_message] or ['true'])}"""


def grouped(keys):
    return f"GROUP BY {', '.join(keys)}" if keys else ""


AUDIENCE = {
    "all": "true",
    "human": "NOT (e.kind IN ('opened', 'clicked') AND e.machine)",
    "machine": "NOT (e.kind IN ('opened', 'clicked') AND NOT e.machine)",
}
OPENING = {"on": "kind IN ('opened', 'clicked')", "off": "kind = 'opened'"}

COLUMNS = "e.message, m.person, e.kind, e.state, e.bounce_class, e.value"

PER_MESSAGE = """person,
  count(*) FILTER (state = 'sent') AS sent,
  count(*) FILTER (state = 'delivered') AS delivered,
  count(*) FILTER (state = 'bounced') AS bounced,
  count(*) FILTER (state = 'bounced' AND bounce_class = 'hard') AS hard_bounced,
  count(*) FILTER (state = 'bounced' AND bounce_class = 'soft') AS soft_bounced,
  count(*) FILTER (state = 'bounced' AND bounce_class = 'block') AS block_bounced,
  count(*) FILTER (kind = 'opened') AS opens,
  count(*) FILTER (kind = 'clicked') AS clicks,
  count(*) FILTER (kind = 'unsubscribed') AS unsubscribes,
  count(*) FILTER (kind = 'complained') AS complaints,
  count(*) FILTER (kind = 'converted') AS conversions,
  count(*) FILTER (kind = 'replied') AS replies,
  count(*) FILTER ({opening}) > 0 AS is_open,
  sum(value) AS value"""

COUNTED = ",\n  ".join(
    [f"coalesce(sum({name}), 0)::BIGINT AS {name}" for name in COUNTS[:12]]
    + [
        "count(*) FILTER (is_open) AS unique_opens",
        "count(*) FILTER (clicks > 0) AS unique_clicks",
        "count(*) FILTER (unsubscribes > 0) AS unique_unsubscribes",
        "count(*) FILTER (complaints > 0) AS unique_complaints",
        "count(*) FILTER (conversions > 0) AS unique_conversions",
        "count(DISTINCT person) AS recipients",
        "count(DISTINCT person) FILTER (is_open) AS openers",
        "count(DISTINCT person) FILTER (clicks > 0) AS clickers",
        "sum(value)::HUGEINT AS revenue",
    ]
)

POPULATIONS = {
    "delivered": "count(*) FILTER (was_delivered AND tracked = 'yes') AS population, "
    "count(*) FILTER (was_delivered) AS reached, count(*) FILTER (was_sent) AS of_sent",
    "sent": "count(*) FILTER (was_sent) AS population, population AS reached, population AS of_sent",
    "tracked": "count(*) FILTER (was_sent AND tracked = 'yes') AS population, population AS reached, "
    "count(*) FILTER (was_sent) AS of_sent",
}

FRACTIONS = {
    "open_rate": ("c.unique_opens", "p.population"),
    "ctr": ("c.unique_clicks", "p.population"),
    "ctor": ("c.unique_clicks", "c.unique_opens"),
    "conversion_rate": ("c.unique_conversions", "p.reached"),
    "unsubscribe_rate": ("c.unique_unsubscribes", "p.reached"),
    "complaint_rate": ("c.unique_complaints", "p.reached"),
    "bounce_rate": ("c.bounced", "p.of_sent"),
    "hard_bounce_rate": ("c.hard_bounced", "p.of_sent"),
    "soft_bounce_rate": ("c.soft_bounced", "p.of_sent"),
    "block_bounce_rate": ("c.block_bounced", "p.of_sent"),
}


def measure(name):
    if name in FRACTIONS:
        over, under = FRACTIONS[name]
        return f"{over}::DOUBLE / nullif({under}, 0)::DOUBLE AS {name}"
    return "coalesce(p.population, 0) AS population" if name == "population" else f"c.{name}"
