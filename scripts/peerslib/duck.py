"""DuckDB, in memory: access logs split with its string functions into a table of hits with plain string columns."""

import os
import time

import duckdb

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


class Duck:
    """One database in memory."""

    name = "DuckDB"

    def __init__(self, threads):
        self.base = duckdb.connect()
        self.base.execute(f"SET threads = {threads}; SET preserve_insertion_order = false; SET TimeZone = 'UTC'")

    @staticmethod
    def version():
        return duckdb.__version__

    def load(self, logs):
        """Loads the folder of logs; answers the seconds. Steps are tables: filters over views repeat their work."""
        started = time.perf_counter()
        for statement in (LINES.format(logs=os.path.abspath(logs)), HITS, NAMED, EVENTS):
            self.base.execute(statement)
        seconds = time.perf_counter() - started
        self.base.execute("DROP TABLE lines; DROP TABLE hits; DROP TABLE named")
        return seconds

    def load_records(self, folder):
        """Loads sends, outcomes and attributes into tables; answers the seconds."""
        started = time.perf_counter()
        for statement in (SENDS, OUTCOMES, RECIPIENTS):
            self.base.execute(statement.format(folder=os.path.abspath(folder)))
        return time.perf_counter() - started

    def classify(self, classes, is_joined):
        """Makes `people`, the events of human user agents: a view, or a table where they are joined once for all."""
        self.base.execute("CREATE TABLE agents (user_agent VARCHAR, machine_class VARCHAR)")
        self.base.executemany("INSERT INTO agents VALUES (?, ?)", classes)
        self.base.execute(f"CREATE {'TABLE' if is_joined else 'VIEW'} people AS {PEOPLE}")

    def ask(self, sql):
        """The rows of the answer, and the milliseconds until all of them were fetched."""
        started = time.perf_counter()
        rows = self.base.execute(sql).fetchall()
        return rows, (time.perf_counter() - started) * 1000

    def close(self):
        self.base.close()
