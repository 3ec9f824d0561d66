"""ClickHouse in this process (chdb), on disk: access logs split with its string functions into MergeTree tables."""

import csv
import os
import time

import chdb
from chdb import session

from .rates import CHDB_COUNTED
from .records import BOUNCE_CLASS

# Few values, many rows: its users keep such columns as dictionaries. Recipients are too many for one.
WORD = "LowCardinality(String)"

EVENTS = f"""CREATE TABLE events (time DateTime('UTC'), kind {WORD}, is_head Bool, user_agent {WORD}, campaign {WORD},
  recipient String, send {WORD}, variant {WORD}, link {WORD})
ENGINE = MergeTree ORDER BY (campaign, recipient, time)"""

SENDS = f"""CREATE TABLE sends (time DateTime64(3, 'UTC'), campaign {WORD}, recipient String, send {WORD},
  variant {WORD}, template {WORD}, sender {WORD}, is_tracked Bool)
ENGINE = MergeTree ORDER BY (campaign, recipient, time)"""

OUTCOMES = f"""CREATE TABLE outcomes (time DateTime64(3, 'UTC'), kind {WORD}, campaign {WORD}, recipient String,
  send {WORD}, bounce_class {WORD}, code {WORD})
ENGINE = MergeTree ORDER BY (campaign, recipient, time)"""

RECIPIENTS = f"CREATE TABLE recipients (recipient String, school {WORD}) ENGINE = MergeTree ORDER BY recipient"

TABLES = {"events": EVENTS, "sends": SENDS, "outcomes": OUTCOMES, "recipients": RECIPIENTS}

# A line has seven parts between quotes: origin, request, status and size, referer, user agent. nginx writes bytes
# beyond ASCII as \xHH; as %HH they come out of the percent-decoding that follows anyway.
HITS = r"""
WITH splitByChar('"', line) AS part, splitByChar(' ', part[2]) AS request, request[1] AS method,
  substring(part[3], 2, 3) AS status, substring(request[2], 1, 3) AS route
SELECT
  parseDateTimeOrNull(substring(part[1], position(part[1], '[') + 1, 26), '%d/%b/%Y:%H:%i:%S %z', 'UTC') AS moment,
  multiIf(
    route IN ('/o?', '/o/') AND method IN ('GET', 'HEAD') AND (startsWith(status, '2') OR status = '304'), 'opened',
    route IN ('/c?', '/c/') AND method IN ('GET', 'HEAD') AND substring(status, 1, 1) IN ('2', '3'), 'clicked',
    route = '/u?' AND method = 'POST' AND startsWith(status, '2'), 'unsubscribed',
    route = '/v?' AND method = 'GET' AND (startsWith(status, '2') OR status = '304'), 'converted', '') AS kind,
  method = 'HEAD' AS is_head, part[6] AS user_agent, replaceAll(request[2], '\\x', '%') AS target,
  substring(target, 3, 1) = '?' AS is_query,
  splitByChar('/', if(endsWith(target, '.gif'), substring(target, 1, length(target) - 4), target)) AS path
FROM file('{logs}/*', LineAsString)
WHERE length(part) = 7 AND kind <> '' AND moment IS NOT NULL"""


def value(name, otherwise):
    """One parameter of a query string, decoded, or what stands for it in a path."""
    return f"if(is_query, decodeURLFormComponent(extractURLParameter(target, '{name}')), {otherwise}) AS"


LOAD_EVENTS = f"""INSERT INTO events
SELECT assumeNotNull(moment) AS time, kind, is_head, user_agent,
  {value("c", "decodeURLComponent(path[3])")} campaign, {value("r", "decodeURLComponent(path[4])")} recipient,
  {value("s", "if(kind = 'opened', decodeURLComponent(path[5]), '')")} send, {value("v", "''")} variant,
  {value("l", "if(kind = 'clicked', decodeURLComponent(path[5]), '')")} link
FROM ({HITS})
WHERE campaign <> '' AND recipient <> ''
  AND NOT match(recipient, '%([^0-9A-Fa-f]|.[^0-9A-Fa-f]|.?$)')"""

LOAD_SENDS = """INSERT INTO sends
SELECT coalesce(sent_at, time), campaign, recipient, send, variant, template, sender, tracked
FROM file('{folder}/sends.ndjson', JSONEachRow, 'time DateTime64(3, ''UTC''), sent_at Nullable(DateTime64(3, ''UTC'')),
  campaign String, recipient String, send String, variant String, template String, sender String, tracked Bool')"""

# An event with an id is kept once. Few have one, so only those are looked at.
RECORDS = """CREATE TABLE records ENGINE = Memory AS SELECT * FROM file('{folder}/outcomes.ndjson', JSONEachRow,
  'time DateTime64(3, ''UTC''), kind String, campaign String, recipient String, send String, bounce_class String,
  code String, id String')"""
LOAD_OUTCOMES = f"""INSERT INTO outcomes
SELECT time, kind, campaign, recipient, send, {BOUNCE_CLASS.replace("NULL", "''")}, code FROM (
  SELECT * FROM records WHERE id = ''
  UNION ALL SELECT * FROM records WHERE id <> '' LIMIT 1 BY campaign, recipient, send, kind, id)"""

LOAD_RECIPIENTS = """INSERT INTO recipients
SELECT recipient, school FROM file('{folder}/recipients.csv', CSVWithNames, 'recipient String, school String')"""

PEOPLE = """SELECT * FROM events
WHERE NOT is_head AND user_agent IN (SELECT user_agent FROM agents WHERE machine_class = 'human')"""

# Codes are in the order of the names, so that ties are broken alike. Messages are numbered along campaigns.
KEYS = """SELECT campaign::String AS campaign, recipient, send::String AS send FROM sends
  UNION DISTINCT SELECT campaign::String, recipient, send::String FROM outcomes
  UNION DISTINCT SELECT campaign::String, recipient, send::String FROM events"""
NAMES = """CREATE TABLE {key}_names ENGINE = MergeTree ORDER BY code AS
SELECT toUInt32(row_number() OVER (ORDER BY name)) AS code, name
FROM (SELECT DISTINCT {key}::String AS name FROM {table} WHERE {key} <> '')"""
CODED = [
    f"CREATE TABLE keys ENGINE = Memory AS {KEYS}",
    NAMES.format(key="campaign", table="keys"),
    NAMES.format(key="recipient", table="keys"),
    NAMES.format(key="link", table="events"),
    """CREATE TABLE numbered ENGINE = Memory AS
    SELECT *, toUInt32(row_number() OVER (ORDER BY campaign, recipient, send)) AS message FROM keys""",
    """CREATE TABLE messages ENGINE = MergeTree ORDER BY (campaign, recipient, message) AS
    SELECT message, c.code AS campaign, r.code AS recipient,
      (n.campaign, n.recipient, n.send) IN (SELECT campaign, recipient, send FROM counted) AS is_counted
    FROM numbered AS n JOIN campaign_names AS c ON c.name = n.campaign
    JOIN recipient_names AS r ON r.name = n.recipient""",
    """CREATE TABLE coded ENGINE = MergeTree ORDER BY (campaign, recipient, hour) AS
    SELECT message, m.campaign AS campaign, m.recipient AS recipient, l.code AS link,
      toUInt32(intDiv(toUnixTimestamp(p.time), 3600)) AS hour, (p.kind = 'clicked')::Bool AS is_click
    FROM people AS p JOIN numbered AS n ON n.campaign = p.campaign AND n.recipient = p.recipient AND n.send = p.send
    JOIN messages AS m ON m.message = n.message LEFT JOIN link_names AS l ON l.name = p.link
    WHERE p.kind IN ('opened', 'clicked')""",
    "DROP TABLE keys SYNC",
    "DROP TABLE numbered SYNC",
    "OPTIMIZE TABLE coded FINAL",
    "OPTIMIZE TABLE messages FINAL",
]

MERGES = "SELECT count() FROM system.merges"


class ClickHouse:
    """One database in a folder of its own."""

    def __init__(self, folder, threads):
        self.base = session.Session(folder)
        self.run(f"SET max_threads = {threads}, max_insert_threads = {threads}, date_time_output_format = 'iso'")
        self.run("SET date_time_input_format = 'best_effort', format_csv_null_representation = ''")

    @staticmethod
    def version():
        return f"{chdb.__version__} (ClickHouse {chdb.engine_version})"

    def load(self, logs):
        """Loads the folder of logs into an empty table; answers the seconds until the rows are in it."""
        return self.fill(["events"], [LOAD_EVENTS.format(logs=os.path.abspath(logs))])

    def load_records(self, folder):
        """Loads sends, outcomes and attributes into empty tables; answers the seconds."""
        folder = os.path.abspath(folder)
        steps = [LOAD_SENDS.format(folder=folder), RECORDS.format(folder=folder), LOAD_OUTCOMES]
        seconds = self.fill(["sends", "outcomes", "recipients"], [*steps, LOAD_RECIPIENTS.format(folder=folder)])
        self.run("DROP TABLE records SYNC")
        return seconds

    def fill(self, tables, statements):
        """Makes the tables anew and fills them; what merges they start is waited for, but not timed."""
        for table in tables:
            self.run(f"DROP TABLE IF EXISTS {table} SYNC")
            self.run(TABLES[table])
        started = time.perf_counter()
        for statement in statements:
            self.run(statement)
        seconds = time.perf_counter() - started
        while self.ask(MERGES)[0] != [["0"]]:
            time.sleep(0.1)
        return seconds

    def classify(self, classes):
        """Makes `people`, the events of human user agents: a view, so that another list changes the past."""
        self.run("CREATE TABLE agents (user_agent String, machine_class String) ENGINE = MergeTree ORDER BY user_agent")
        rows = ", ".join(f"({quoted(agent)}, {quoted(machine_class)})" for agent, machine_class in classes)
        self.run(f"INSERT INTO agents VALUES {rows}")
        self.run(f"CREATE VIEW people AS {PEOPLE}")
        self.run(f"CREATE VIEW counted AS {CHDB_COUNTED.format(people='')}")

    def held(self):
        """The bytes of the same tables in memory, by its own account."""
        total = 0
        for table in TABLES:
            self.run(f"CREATE TABLE held ENGINE = Memory AS SELECT * FROM {table}")
            total += self.value("SELECT total_bytes FROM system.tables WHERE name = 'held'")
            self.run("DROP TABLE held SYNC")
        return total

    def stored(self, _):
        """The bytes of the same tables, every column compressed with ZSTD, after all merges."""
        total = 0
        for table, definition in TABLES.items():
            self.run(f"{definition.replace(table, 'stored', 1)} SETTINGS default_compression_codec = 'ZSTD(1)'")
            self.run(f"INSERT INTO stored SELECT * FROM {table}")
            self.run("OPTIMIZE TABLE stored FINAL")
            total += self.value("SELECT sum(bytes_on_disk) FROM system.parts WHERE table = 'stored' AND active")
            self.run("DROP TABLE stored SYNC")
        return total

    def prepare(self):
        """Makes the tables with integer keys, and drops those with strings."""
        for statement in CODED:
            self.run(statement)
        for table in ("people", "counted", *TABLES):
            self.run(f"DROP TABLE {table} SYNC")

    def names(self, key, codes):
        """What the codes of a key stand for."""
        listed = ", ".join(codes)
        return dict(self.ask(f"SELECT code, name FROM {key}_names WHERE code IN ({listed})")[0])

    def value(self, sql):
        return int(self.ask(sql)[0][0][0])

    def run(self, sql):
        return self.base.query(sql, "CSV")

    def ask(self, sql):
        """The rows of the answer as texts, and the milliseconds until all of them were there."""
        started = time.perf_counter()
        answer = self.run(sql)
        taken = (time.perf_counter() - started) * 1000
        return list(csv.reader(answer.bytes().decode().splitlines())), taken

    def close(self):
        self.base.close()


def quoted(text):
    """The text as a string of ClickHouse's SQL."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
