"""DuckDB, in memory: access logs split with its string functions into a table of hits with plain string columns."""

import os
import time

import duckdb

from .rates import DUCK_COUNTED
from .records import BOUNCE_CLASS

# A line has seven parts between quotes: origin, request, status and size, referer, user agent. DuckDB's own splitting
# at quoted blanks is no faster, and a line cut inside quotes makes it lose the lines that follow.
LINES = """CREATE TEMP TABLE lines AS
WITH parts AS (
  SELECT string_split(line, '"') AS part
  FROM read_csv('{logs}/*', header = false, auto_detect = false, delim = '\x01', quote = '', escape = '',
    strict_mode = false, max_line_size = 4000000, columns = {{'line': 'VARCHAR'}}))
SELECT part[1] AS origin, string_split(part[2], ' ') AS request, substr(part[3], 2, 3) AS status, part[6] AS user_agent
FROM parts WHERE len(part) = 7"""

# nginx writes bytes beyond ASCII as \xHH; as %HH they come out of the percent-decoding that follows anyway.
HITS = r"""CREATE TEMP TABLE hits AS
SELECT
  try_strptime(split_part(origin, '[', 2), '%d/%b/%Y:%H:%M:%S %z] ')::TIMESTAMP AS time,
  CASE
    WHEN request[2][1:3] IN ('/o?', '/o/') AND request[1] IN ('GET', 'HEAD') AND (status[1] = '2' OR status = '304')
      THEN 'opened'
    WHEN request[2][1:3] IN ('/c?', '/c/') AND request[1] IN ('GET', 'HEAD') AND status[1] IN ('2', '3')
      THEN 'clicked'
    WHEN request[2][1:3] = '/u?' AND request[1] = 'POST' AND status[1] = '2' THEN 'unsubscribed'
    WHEN request[2][1:3] = '/v?' AND request[1] = 'GET' AND (status[1] = '2' OR status = '304') THEN 'converted'
  END AS kind,
  request[1] = 'HEAD' AS is_head, user_agent, replace(request[2], '\x', '%') AS target
FROM lines"""


def value(name):
    """The text of one parameter of a query string that begins with `&`; empty where there is none."""
    return f"split_part(split_part(query, '&{name}=', 2), '&', 1)"


NAMED = f"""CREATE TEMP TABLE named AS
SELECT time, kind, is_head, user_agent, {value("c")} AS campaign, {value("r")} AS recipient, {value("s")} AS send,
  {value("v")} AS variant, {value("l")} AS link
FROM (SELECT *, '&' || replace(substr(target, 4), '+', ' ') AS query FROM hits
  WHERE kind IS NOT NULL AND target[3] = '?')
UNION ALL
SELECT time, kind, is_head, user_agent, part[3], part[4], CASE WHEN kind = 'opened' THEN part[5] END, NULL,
  CASE WHEN kind = 'clicked' THEN part[5] END
FROM (SELECT *, string_split(CASE WHEN ends_with(target, '.gif') THEN left(target, -4) ELSE target END, '/') AS part
  FROM hits WHERE kind IS NOT NULL AND target[3] = '/')"""


def decoded(name):
    """A column without its percent escapes; most values have none."""
    return f"CASE WHEN contains({name}, '%') THEN url_decode({name}) ELSE {name} END"


# A text column of the whole message would be as long as the three; distinct messages are counted from the three.
EVENTS = f"""CREATE TABLE events AS
SELECT time, kind, is_head, user_agent, {decoded("campaign")} AS campaign, {decoded("recipient")} AS recipient,
  nullif({decoded("send")}, '') AS send, nullif({decoded("variant")}, '') AS variant,
  nullif({decoded("link")}, '') AS link
FROM named
WHERE time IS NOT NULL AND campaign <> '' AND recipient <> ''
  AND NOT regexp_matches(recipient, '%([^0-9A-Fa-f]|.[^0-9A-Fa-f]|.?$)')"""

SENDS = """CREATE TABLE sends AS
SELECT coalesce(sent_at, time) AS time, campaign, recipient, send, variant, template, sender, tracked AS is_tracked
FROM read_json('{folder}/sends.ndjson', format = 'newline_delimited', columns = {{time: 'TIMESTAMP',
  sent_at: 'TIMESTAMP', campaign: 'VARCHAR', recipient: 'VARCHAR', send: 'VARCHAR', variant: 'VARCHAR',
  template: 'VARCHAR', sender: 'VARCHAR', tracked: 'BOOLEAN'}})"""

# An event with an id is kept once. Few have one, so only those are looked at.
OUTCOMES = f"""CREATE TABLE outcomes AS
WITH records AS MATERIALIZED (
  SELECT * FROM read_json('{{folder}}/outcomes.ndjson', format = 'newline_delimited', columns = {{{{time: 'TIMESTAMP',
    kind: 'VARCHAR', campaign: 'VARCHAR', recipient: 'VARCHAR', send: 'VARCHAR', bounce_class: 'VARCHAR',
    code: 'VARCHAR', id: 'VARCHAR'}}}}))
SELECT time, kind, campaign, recipient, send, {BOUNCE_CLASS} AS bounce_class, code FROM (
  SELECT * FROM records WHERE id IS NULL
  UNION ALL SELECT DISTINCT ON (campaign, recipient, send, kind, id) * FROM records WHERE id IS NOT NULL)"""

RECIPIENTS = """CREATE TABLE recipients AS
SELECT recipient, school
FROM read_csv('{folder}/recipients.csv', header = true, all_varchar = true, quote = '"', delim = ',')"""

PEOPLE = "SELECT * FROM events JOIN agents USING (user_agent) WHERE machine_class = 'human' AND NOT is_head"

ALL_EVENTS = """SELECT time, kind, campaign, recipient, send, link, user_agent, NULL AS bounce_class, NULL AS code
FROM events
UNION ALL SELECT time, 'sent', campaign, recipient, send, NULL, NULL, NULL, NULL FROM sends
UNION ALL SELECT time, kind, campaign, recipient, send, NULL, NULL, bounce_class, code FROM outcomes"""

# Codes are in the order of the names, so that ties are broken alike. Messages are numbered along campaigns.
KEYS = """SELECT campaign, recipient, send FROM sends UNION SELECT campaign, recipient, send FROM outcomes
  UNION SELECT campaign, recipient, send FROM events"""
NAMES = """CREATE TABLE {key}_names AS SELECT row_number() OVER (ORDER BY name)::UINTEGER AS code, name
FROM (SELECT DISTINCT {key} AS name FROM {table} WHERE {key} IS NOT NULL)"""
CODED = [
    f"CREATE TEMP TABLE keys AS {KEYS}",
    NAMES.format(key="campaign", table="keys"),
    NAMES.format(key="recipient", table="keys"),
    NAMES.format(key="link", table="events"),
    """CREATE TEMP TABLE numbered AS
    SELECT *, row_number() OVER (ORDER BY campaign, recipient, send)::UINTEGER AS message FROM keys""",
    """CREATE TABLE messages AS
    SELECT message, c.code AS campaign, r.code AS recipient, d.campaign IS NOT NULL AS is_counted
    FROM numbered AS n JOIN campaign_names AS c ON c.name = n.campaign
    JOIN recipient_names AS r ON r.name = n.recipient
    LEFT JOIN counted AS d ON d.campaign = n.campaign AND d.recipient = n.recipient
      AND d.send IS NOT DISTINCT FROM n.send
    ORDER BY message""",
    """CREATE TABLE coded AS SELECT message, m.campaign, m.recipient, l.code AS link,
      (epoch(time)::BIGINT // 3600)::UINTEGER AS hour, p.kind = 'clicked' AS is_click
    FROM people AS p JOIN numbered AS n ON n.campaign = p.campaign AND n.recipient = p.recipient
      AND n.send IS NOT DISTINCT FROM p.send
    JOIN messages AS m USING (message) LEFT JOIN link_names AS l ON l.name = p.link
    WHERE p.kind IN ('opened', 'clicked') ORDER BY message, hour""",
    "DROP TABLE keys; DROP TABLE numbered",
]

# Of the machine's memory, for the others hold their tables at the same time; beyond it DuckDB writes to disk.
MEMORY_SHARE = 0.45


class Duck:
    """One database in memory."""

    def __init__(self, folder, threads):
        self.base = duckdb.connect()
        self.base.execute(f"SET threads = {threads}; SET preserve_insertion_order = false; SET TimeZone = 'UTC'")
        limit = int(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") * MEMORY_SHARE)
        self.base.execute(f"SET temp_directory = '{folder}'; SET memory_limit = '{limit}B'")

    @staticmethod
    def version():
        return duckdb.__version__

    def load(self, logs):
        """Loads the folder of logs; answers the seconds. Steps are tables: filters over views repeat their work."""
        started = time.perf_counter()
        self.base.execute(LINES.format(logs=os.path.abspath(logs)))
        for statement, source in ((HITS, "lines"), (NAMED, "hits"), (EVENTS, "named")):
            self.base.execute(f"{statement}; DROP TABLE {source}")
        return time.perf_counter() - started

    def load_records(self, folder):
        """Loads sends, outcomes and attributes into tables; answers the seconds."""
        started = time.perf_counter()
        for statement in (SENDS, OUTCOMES, RECIPIENTS):
            self.base.execute(statement.format(folder=os.path.abspath(folder)))
        return time.perf_counter() - started

    def classify(self, classes):
        """Makes `people`, the events of human user agents: a view, so that another list changes the past."""
        self.base.execute("CREATE TABLE agents (user_agent VARCHAR, machine_class VARCHAR)")
        self.base.executemany("INSERT INTO agents VALUES (?, ?)", classes)
        self.base.execute(f"CREATE VIEW people AS {PEOPLE}; CREATE VIEW counted AS {DUCK_COUNTED.format(people='')}")

    def held(self):
        """The bytes of its tables in memory, by its own account."""
        return self.value("SELECT sum(memory_usage_bytes)::BIGINT FROM duckdb_memory() WHERE tag = 'IN_MEMORY_TABLE'")

    def stored(self, folder):
        """The bytes of a compressed database file with the same tables."""
        path = os.path.join(folder, "stored.duckdb")
        self.base.execute(f"ATTACH '{path}' AS stored")
        for table in ("events", "sends", "outcomes", "recipients"):
            self.base.execute(f"CREATE TABLE stored.{table} AS FROM {table}")
        self.base.execute("CHECKPOINT stored; DETACH stored")
        size = os.path.getsize(path)
        os.remove(path)
        return size

    def prepare(self):
        """Makes the tables with integer keys, and drops those with strings."""
        for statement in CODED:
            self.base.execute(statement)
        for table in ("events", "sends", "outcomes", "recipients"):
            self.base.execute(f"DROP TABLE {table} CASCADE")

    def names(self, key, codes):
        """What the codes of a key stand for."""
        listed = ", ".join(codes)
        return dict(self.base.execute(f"SELECT code, name FROM {key}_names WHERE code IN ({listed})").fetchall())

    def entropy(self):
        """The bytes that the columns of all events need by their values' shares, and the texts of their keys."""
        columns = "epoch_ms(time) kind campaign recipient send link user_agent bounce_class code".split()
        self.base.execute(f"CREATE TEMP VIEW together AS {ALL_EVENTS}")
        total = 0
        for column in columns:
            counts = f"SELECT count(*) AS number FROM together GROUP BY {column}"
            bits = f"SELECT -sum(number * log2(number / (SELECT count(*) FROM together))) FROM ({counts})"
            total += self.value(bits) / 8
            if column != columns[0]:
                total += self.value(f"SELECT sum(strlen({column})) FROM (SELECT DISTINCT {column} FROM together)")
        self.base.execute("DROP VIEW together")
        return round(total)

    def value(self, sql):
        return self.base.execute(sql).fetchone()[0]

    def ask(self, sql):
        """The rows of the answer, and the milliseconds until all of them were fetched."""
        started = time.perf_counter()
        rows = self.base.execute(sql).fetchall()
        return rows, (time.perf_counter() - started) * 1000

    def close(self):
        self.base.close()
