"""The events as SEMANTICS.md sees them: repeats dropped, messages with their attributes and states, one flat table."""

import csv
import glob
import os
from multiprocessing import Pool

import duckdb

from .reading import COLUMNS, Reader, content_hash

INTEGERS = {"time", "untracked", "machine", "value"}
UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ATTRIBUTE_FILES = {"campaign": "campaigns.csv", "recipient": "recipients.csv", "link": "links.csv"}


def read_one(job):
    path, target = job
    reader = Reader()
    reader.copy(path, target)
    return reader.counts


def input_files(folder):
    """Logs and event files, each content once."""
    paths = sorted(glob.glob(os.path.join(folder, "logs", "*")))
    paths += [os.path.join(folder, name) for name in ("sends.ndjson", "outcomes.ndjson")]
    distinct = {}
    for path in paths:
        if os.path.exists(path):
            distinct.setdefault(content_hash(path), path)
    # The largest first, so that two readers end at about the same time.
    return sorted(distinct.values(), key=os.path.getsize, reverse=True)


def load(folder, scratch, readers):
    """Reads everything in `folder`; answers the database and the counts of lines."""
    jobs = [(path, os.path.join(scratch, f"{i}.csv")) for i, path in enumerate(input_files(folder))]
    with Pool(readers) as pool:
        counts = sum(pool.imap_unordered(read_one, jobs), start=Reader().counts)
    base = duckdb.connect()
    base.execute(f"SET temp_directory = '{scratch}'")
    columns = {name: "BIGINT" if name in INTEGERS else "VARCHAR" for name in COLUMNS}
    base.execute(
        f"""CREATE TABLE raw AS FROM read_csv('{scratch}/*.csv', header = false, delim = ',', quote = '"',
        escape = '"', auto_detect = false, strict_mode = false, max_line_size = 4000000, columns = {columns})"""
    )
    for key, name in ATTRIBUTE_FILES.items():
        load_attributes(base, key, os.path.join(folder, name), os.path.join(scratch, f"{key}.attributes"))
    build(base)
    return base, counts


def load_attributes(base, key, path, copy):
    """The table `<key>_attributes`, empty where there is no file; text of one character per byte."""
    if not os.path.exists(path):
        base.execute(f'CREATE TABLE {key}_attributes ("{key}" VARCHAR)')
        return
    with open(path, newline="", encoding="latin-1") as file, open(copy, "w", newline="", encoding="utf-8") as target:
        csv.writer(target).writerows(csv.reader(file))
    base.execute(
        f"""CREATE TABLE {key}_attributes AS
        FROM read_csv('{copy}', header = true, delim = ',', quote = '"', escape = '"', all_varchar = true)"""
    )


def build(base):
    for statement in (KEPT, MESSAGES, RECIPIENTS, EVENTS, BOUNCES, STATES, DESCRIBED, PLACED):
        base.execute(statement)
    base.execute("DROP TABLE raw; DROP TABLE kept; DROP TABLE events; DROP TABLE bounces; DROP TABLE states")


# An event with an id is kept once. Messages are numbered; "no send tag" is a value of its own.
KEPT = """
CREATE TABLE kept AS
SELECT * FROM raw WHERE id IS NULL
UNION ALL
SELECT * FROM raw WHERE id IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY campaign, recipient, send, kind, id ORDER BY time) = 1
"""


def stated(column):
    """What `sent` events of the message state; if none does, what its other events state."""
    return f"coalesce(min({column}) FILTER (kind = 'sent'), min({column})) AS {column}"


MESSAGES = f"""
CREATE TABLE messages_raw AS
SELECT row_number() OVER () AS message, * FROM (
  SELECT campaign, recipient, send,
    {stated("variant")}, {stated("template")}, {stated("sender")}, {stated("subject")},
    CASE WHEN max(untracked) = 1 THEN 'no' ELSE 'yes' END AS tracked,
    min(time) FILTER (kind = 'sent') AS sent_time
  FROM kept GROUP BY campaign, recipient, send)
"""

RECIPIENTS = f"""
CREATE TABLE people AS
SELECT row_number() OVER () AS person, recipient,
  coalesce(min(domain), CASE WHEN contains(recipient, '@')
    THEN nullif(translate(regexp_extract(recipient, '@([^@]*)$', 1, 's'), '{UPPER}', '{UPPER.lower()}'), '')
    END) AS domain
FROM kept GROUP BY recipient
"""

# `sent`, `delivered` and `bounced` keep their class, code and reason, and nothing else.
EVENTS = """
CREATE TABLE events AS
SELECT message, time, kind, machine = 1 AS machine, bounce_class, code, reason,
  CASE WHEN NOT is_state THEN value END AS value,
  CASE WHEN NOT is_state THEN link END AS link,
  CASE WHEN NOT is_state THEN user_agent END AS user_agent
FROM (SELECT *, kind IN ('sent', 'delivered', 'bounced') AS is_state FROM kept) k
JOIN messages_raw m ON k.campaign = m.campaign AND k.recipient = m.recipient
  AND coalesce(k.send, '') = coalesce(m.send, '')
"""

# The last bounce decides, unless a delivery came after it.
BOUNCES = """
CREATE TABLE bounces AS
SELECT * FROM (
  SELECT message, time, bounce_class, code, reason FROM events WHERE kind = 'bounced'
  QUALIFY row_number() OVER (PARTITION BY message ORDER BY time DESC,
    bounce_class NULLS FIRST, code NULLS FIRST, reason NULLS FIRST) = 1) b
WHERE NOT EXISTS (FROM events d WHERE d.kind = 'delivered' AND d.message = b.message AND d.time > b.time)
"""

STATES = """
CREATE TABLE states AS
WITH delivered AS (SELECT message, min(time) AS time FROM events WHERE kind = 'delivered' GROUP BY message)
SELECT message, sent_time AS time, 'sent' AS state, NULL AS bounce_class, NULL AS code, NULL AS reason
FROM messages_raw WHERE sent_time IS NOT NULL
UNION ALL
SELECT message, time, 'bounced', bounce_class, code, reason FROM bounces
UNION ALL
SELECT message, coalesce(d.time, m.sent_time), 'delivered', NULL, NULL, NULL
FROM messages_raw m LEFT JOIN delivered d USING (message) LEFT JOIN bounces b USING (message)
WHERE d.message IS NOT NULL OR (m.sent_time IS NOT NULL AND b.message IS NULL)
"""

# Messages with every attribute; `was_*` says which populations they belong to.
DESCRIBED = """
CREATE TABLE messages AS
SELECT m.*, p.person, p.domain, m.sent_time IS NOT NULL AS was_sent,
  m.message IN (SELECT message FROM states WHERE state = 'delivered') AS was_delivered,
  m.sent_time // 86400000 * 86400000 AS sent_day, m.sent_time // 3600000 * 3600000 AS sent_hour
FROM messages_raw m JOIN people p USING (recipient)
"""

# Events and states in one table: a state has the place of an event of its kind.
PLACED = """
CREATE TABLE placed AS
SELECT *, time // 3600000 * 3600000 AS hour, time // 86400000 * 86400000 AS day,
  (time // 86400000 + 3) % 7 + 1 AS weekday, time // 3600000 % 24 AS hour_of_day
FROM (
  SELECT message, time, kind, NULL AS state, machine, bounce_class, code, reason, value, link, user_agent FROM events
  UNION ALL
  SELECT message, time, state, state, false, bounce_class, code, reason, NULL, NULL, NULL FROM states)
"""
