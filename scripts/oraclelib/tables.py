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

MESSAGE_KEYS = set("campaign recipient send variant template sender subject domain tracked sent_day sent_hour".split())


@dataclass
class Table:
    """One question: its keys, its measures, and its conditions in words that both engines read."""

    title: str
    keys: list = field(default_factory=list)
    measures: list = field(default_factory=lambda: ALL)
    on_messages: str = ""
    on_events: str = ""


MAIN_TABLES = [
    Table("totals"),
    Table("campaign", ["campaign"]),
    Table("campaign, link", ["campaign", "link"]),
    Table("hour", ["hour"]),
    Table("recipient", ["recipient"]),
    Table("domain", ["domain"]),
    Table("user_agent", ["user_agent"]),
    Table("recipient.school", ["recipient.school"]),
    Table("campaign, hour", ["campaign", "hour"]),
    Table("sent_day", ["sent_day"]),
]

MORE_TABLES = [
    Table("link", ["link"]),
    Table("link.url", ["link.url"]),
    Table("day", ["day"]),
    Table("campaign.subject", ["campaign.subject"]),
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
            for table in MAIN_TABLES:
                yield table, Settings(audience, implied)
    for table in MORE_TABLES:
        yield table, Settings("human", "on")
    for table in MAIN_TABLES[:2]:
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


def answer(base, table, settings):
    """The rows of the question by SEMANTICS.md: keys, then measures."""
    return base.execute(oracle_sql(base, table, settings)).fetchall()


def oracle_sql(base, table, settings):
    """Two steps: what happened to each message under each event key, then messages under the message keys."""
    keys = [f"k{i}" for i in range(len(table.keys))]
    of_message = [i for i, key in enumerate(table.keys) if is_message_key(key)]
    message_keys = [f"{source(table.keys[i])} AS k{i}" for i in of_message]
    event_keys = [keys[i] for i in range(len(keys)) if i not in of_message]
    joins = message_joins(table)
    where = f"WHERE {condition(table.on_messages)}" if table.on_messages else ""
    implied = settings.implied_opens
    return f"""
WITH counted AS (
  SELECT {', '.join([*message_keys, *event_keys, COUNTED.format(opening=OPENING[implied])])}
  FROM {per_message(base, table, settings.audience)} e JOIN messages m USING (message) {joins} {where}
  {grouped([*(source(table.keys[i]) for i in of_message), *event_keys])}),
populations AS (
  SELECT {', '.join([*message_keys, POPULATIONS[settings.denominator].format(opening=OPENING[implied])])}
  FROM messages m LEFT JOIN {per_message(base, Table(""), settings.audience)} e USING (message) {joins} {where}
  {grouped([source(table.keys[i]) for i in of_message])})
SELECT {', '.join([*(f'c.{key}' for key in keys), *(measure(name) for name in table.measures)])}
FROM counted c LEFT JOIN populations p
ON {' AND '.join([f'c.k{i} IS NOT DISTINCT FROM p.k{i}' for i in of_message] or ['true'])}"""


def per_message(base, table, audience):
    """The events that exist and satisfy the condition, counted for each event key and message.

    Without event keys and conditions this is the same for all tables of an audience, and kept.
    """
    keys = [(f"k{i}", source(key)) for i, key in enumerate(table.keys) if not is_message_key(key)]
    conditions = [AUDIENCE[audience], *([condition(table.on_events)] if table.on_events else [])]
    names = table.keys + ([table.on_events.split(" ")[0]] if table.on_events else [])
    has_links = any(name.startswith("link.") for name in names)
    sql = f"""
SELECT {', '.join([*(f'{place} AS {name}' for name, place in keys), PER_MESSAGE])}
FROM placed e {LINK_JOIN if has_links else ''}
WHERE {' AND '.join(conditions)}
GROUP BY {', '.join([*(place for _, place in keys), 'message'])}"""
    if keys or table.on_events:
        return f"({sql})"
    base.execute(f"CREATE TEMP TABLE IF NOT EXISTS per_message_{audience} AS {sql}")
    return f"per_message_{audience}"


def source(name):
    """Where a dimension's value stands in the joined tables."""
    if "." in name:
        owner, attribute = name.split(".")
        return f'{owner}_attributes."{attribute}"'
    return f"m.{name}" if name in MESSAGE_KEYS else f"e.{name}"


LINK_JOIN = "LEFT JOIN link_attributes ON link_attributes.link = e.link"


def message_joins(table):
    """Joins for the attributes of campaigns and recipients that the table speaks of."""
    names = [*table.keys, table.on_messages]
    owners = [owner for owner in ("campaign", "recipient") if any(name.startswith(owner + ".") for name in names)]
    return " ".join(f"LEFT JOIN {owner}_attributes ON {owner}_attributes.{owner} = m.{owner}" for owner in owners)


def condition(text):
    """A condition with its first word, always a dimension, in the words of the joined tables."""
    name, _, rest = text.partition(" ")
    return f"{source(name)} {rest}"


def grouped(keys):
    return f"GROUP BY {', '.join(keys)}" if keys else ""


AUDIENCE = {
    "all": "true",
    "human": "NOT (e.kind IN ('opened', 'clicked') AND e.machine)",
    "machine": "NOT (e.kind IN ('opened', 'clicked') AND NOT e.machine)",
}
OPENING = {"on": "opens + clicks > 0", "off": "opens > 0"}

PER_MESSAGE = """message,
  count_if(state = 'sent')::INTEGER AS sent,
  count_if(state = 'delivered')::INTEGER AS delivered,
  count_if(state = 'bounced')::INTEGER AS bounced,
  count_if(state = 'bounced' AND bounce_class = 'hard')::INTEGER AS hard_bounced,
  count_if(state = 'bounced' AND bounce_class = 'soft')::INTEGER AS soft_bounced,
  count_if(state = 'bounced' AND bounce_class = 'block')::INTEGER AS block_bounced,
  count_if(kind = 'opened')::INTEGER AS opens,
  count_if(kind = 'clicked')::INTEGER AS clicks,
  count_if(kind = 'unsubscribed')::INTEGER AS unsubscribes,
  count_if(kind = 'complained')::INTEGER AS complaints,
  count_if(kind = 'converted')::INTEGER AS conversions,
  count_if(kind = 'replied')::INTEGER AS replies,
  sum(value)::BIGINT AS value"""

COUNTED = ", ".join(
    [f"coalesce(sum({name}), 0)::BIGINT AS {name}" for name in COUNTS[:12]]
    + [
        "count_if({opening}) AS unique_opens",
        "count_if(clicks > 0) AS unique_clicks",
        "count_if(unsubscribes > 0) AS unique_unsubscribes",
        "count_if(complaints > 0) AS unique_complaints",
        "count_if(conversions > 0) AS unique_conversions",
        "count(DISTINCT person) AS recipients",
        "count(DISTINCT person) FILTER ({opening}) AS openers",
        "count(DISTINCT person) FILTER (clicks > 0) AS clickers",
        "sum(value)::HUGEINT AS revenue",
    ]
)

# Populations follow the message keys alone, opened messages too; `reached` is what the other rates divide by.
OF_ALL = "count_if(was_sent) AS of_sent, count_if({opening}) AS opened"
POPULATIONS = {
    "delivered": "count_if(was_delivered AND tracked = 'yes') AS population, count_if(was_delivered) AS reached",
    "sent": "count_if(was_sent) AS population, population AS reached",
    "tracked": "count_if(was_sent AND tracked = 'yes') AS population, count_if(was_sent) AS reached",
}
POPULATIONS = {name: f"{columns}, {OF_ALL}" for name, columns in POPULATIONS.items()}

FRACTIONS = {
    "open_rate": ("c.unique_opens", "p.population"),
    "ctr": ("c.unique_clicks", "p.population"),
    "ctor": ("c.unique_clicks", "p.opened"),
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
