"""What became of individual emails: a sender's everyday questions, over messages in Beacon and by joins in the peers.

Here a click makes its message opened, as Beacon has it by default: `opened` in `NOT opened`, and in the peers an event
of either kind. A message is sent once in the generated data, so the peers may take a row of `sends` for a message.
"""

from .questions import Question
from .records import NO_RANK, RANK, SENT_RANK, STATUS

# What the questions are about; DuckDB is asked before anything is timed.
VALUES = {
    "campaign": "SELECT campaign FROM sends GROUP BY campaign ORDER BY count(*) DESC, campaign LIMIT 1",
    "recipient": """SELECT recipient FROM (SELECT recipient FROM sends UNION ALL SELECT recipient FROM outcomes
      UNION ALL SELECT recipient FROM events) GROUP BY recipient ORDER BY count(*) DESC, recipient LIMIT 1""",
    "since": "SELECT strftime(max(time) - INTERVAL 2 DAY, '%Y-%m-%d %H:%M:%S.%g') FROM sends",
}
CAMPAIGN_CODE = "SELECT code FROM campaign_names WHERE name = {campaign}"

SEEN = "kind IN ('opened', 'clicked')"
DUCK_MACHINE = f"{SEEN} AND (is_head OR machine_class <> 'human')"
CHDB_MACHINE = f"""{SEEN}
  AND (is_head OR user_agent IN (SELECT user_agent FROM agents WHERE machine_class <> 'human'))"""

OPENED_COUNT = Question(
    "opened, not clicked, of one campaign: count",
    None,
    "SELECT count(*) FROM messages WHERE campaign = {campaign} AND opens > 0 AND clicks = 0",
    f"""SELECT count(*) FROM (SELECT recipient, send FROM people WHERE campaign = {{campaign}} AND {SEEN}
      GROUP BY recipient, send HAVING count(*) FILTER (kind = 'clicked') = 0)""",
    f"""SELECT count() FROM (SELECT recipient, send FROM people WHERE campaign = {{campaign}} AND {SEEN}
      GROUP BY recipient, send HAVING countIf(kind = 'clicked') = 0)""",
    "opened_count",
)

OPENED = Question(
    "opened, not clicked: the first 100",
    None,
    """SELECT recipient, send, recipient.school, opens, first_open_at FROM messages
    WHERE campaign = {campaign} AND opens > 0 AND clicks = 0 ORDER BY recipient, send LIMIT 100""",
    f"""SELECT recipient, send, school, opens, first_open_at
    FROM (SELECT recipient, send, count(*) AS opens, min(time) AS first_open_at
      FROM people WHERE campaign = {{campaign}} AND {SEEN} GROUP BY recipient, send
      HAVING count(*) FILTER (kind = 'clicked') = 0 ORDER BY recipient, send LIMIT 100)
    LEFT JOIN recipients USING (recipient) ORDER BY recipient, send""",
    f"""SELECT recipient, send, school, opens, first_open_at
    FROM (SELECT recipient, send, count() AS opens, min(time) AS first_open_at
      FROM people WHERE campaign = {{campaign}} AND {SEEN} GROUP BY recipient, send
      HAVING countIf(kind = 'clicked') = 0 ORDER BY recipient, send = '', send LIMIT 100) AS found
    LEFT JOIN recipients USING (recipient) ORDER BY recipient, send = '', send""",
    "opened",
)

RECENT = Question(
    "sent in the last 2 days, not opened, per campaign",
    1,
    """SELECT campaign, count(*) FROM messages WHERE sent_at >= TIMESTAMP {since} AND NOT opened GROUP BY campaign""",
    f"""WITH recent AS (SELECT campaign, recipient, send FROM sends WHERE time >= {{since}})
    SELECT campaign, count(*) FROM recent AS s
    ANTI JOIN (FROM people WHERE {SEEN} AND campaign IN (SELECT campaign FROM recent)) AS p
      ON p.campaign = s.campaign AND p.recipient = s.recipient AND p.send IS NOT DISTINCT FROM s.send
    GROUP BY campaign""",
    f"""WITH recent AS (SELECT campaign, recipient, send FROM sends WHERE time >= {{since}})
    SELECT campaign, count() FROM recent
    WHERE (campaign, recipient, send) NOT IN (
      SELECT campaign, recipient, send FROM people WHERE {SEEN} AND campaign IN (SELECT campaign FROM recent))
    GROUP BY campaign""",
    "recent",
)

# The last bounce decides, of several at that time the smallest class; a later receipt takes it back.
BOUNCES = Question(
    "3 soft bounces or more: the first 100 people",
    None,
    """SELECT recipient, count(*) AS bounces, max(bounced_at) FROM messages WHERE bounce_class = 'soft'
    GROUP BY recipient HAVING count(*) >= 3 ORDER BY bounces DESC, recipient LIMIT 100""",
    """WITH bounces AS (SELECT campaign, recipient, send, max(time) AS bounced_at FROM outcomes WHERE kind = 'bounced'
      GROUP BY ALL HAVING first(bounce_class ORDER BY time DESC, bounce_class) = 'soft')
    SELECT recipient, count(*) AS bounces, max(bounced_at) FROM bounces AS b
    ANTI JOIN (FROM outcomes WHERE kind = 'delivered') AS d ON d.campaign = b.campaign
      AND d.recipient = b.recipient AND d.send IS NOT DISTINCT FROM b.send AND d.time > b.bounced_at
    GROUP BY recipient HAVING count(*) >= 3 ORDER BY bounces DESC, recipient LIMIT 100""",
    """SELECT recipient, count() AS bounces, max(bounced_at)
    FROM (SELECT recipient, maxIf(time, kind = 'bounced') AS bounced_at FROM outcomes
      WHERE kind IN ('bounced', 'delivered') AND recipient IN (
        SELECT recipient FROM outcomes WHERE kind = 'bounced' AND bounce_class = 'soft'
        GROUP BY recipient HAVING count() >= 3)
      GROUP BY campaign, recipient, send
      HAVING argMinIf(bounce_class, (-toUnixTimestamp64Milli(time), bounce_class), kind = 'bounced') = 'soft'
        AND maxIf(time, kind = 'delivered') <= bounced_at)
    GROUP BY recipient HAVING bounces >= 3 ORDER BY bounces DESC, recipient LIMIT 100""",
    "bounces",
)

SILENT_COUNT = Question(
    "3 sends or more, none opened: count of people",
    None,
    """SELECT count(*) FROM recipients WHERE recipient IN (SELECT recipient FROM messages GROUP BY recipient
      HAVING count(sent_at) >= 3 AND count(*) FILTER (WHERE opened) = 0)""",
    f"""SELECT count(*) FROM (SELECT recipient FROM sends GROUP BY recipient HAVING count(*) >= 3)
    ANTI JOIN (SELECT recipient FROM people WHERE {SEEN}) USING (recipient)""",
    f"""SELECT count() FROM (SELECT recipient FROM sends GROUP BY recipient HAVING count() >= 3)
    WHERE recipient NOT IN (SELECT recipient FROM people WHERE {SEEN})""",
    "silent_count",
)

SILENT = Question(
    "3 sends or more, none opened: the first 100",
    None,
    """SELECT recipient, count(sent_at) AS sends FROM messages GROUP BY recipient
    HAVING count(sent_at) >= 3 AND count(*) FILTER (WHERE opened) = 0 ORDER BY recipient LIMIT 100""",
    f"""SELECT recipient, sends
    FROM (SELECT recipient, count(*) AS sends FROM sends GROUP BY recipient HAVING count(*) >= 3)
    ANTI JOIN (SELECT recipient FROM people WHERE {SEEN}) USING (recipient) ORDER BY recipient LIMIT 100""",
    f"""SELECT recipient, sends
    FROM (SELECT recipient, count() AS sends FROM sends GROUP BY recipient HAVING sends >= 3)
    WHERE recipient NOT IN (SELECT recipient FROM people WHERE {SEEN}) ORDER BY recipient LIMIT 100""",
    "silent",
)

TIMELINE = Question(
    "one person's timeline",
    None,
    """SELECT time, kind, campaign, send, link FROM events WHERE recipient = {recipient}
    ORDER BY time, kind, campaign, send, link""",
    f"""SELECT time, kind, campaign, send, link FROM events LEFT JOIN agents USING (user_agent)
    WHERE recipient = {{recipient}} AND ({DUCK_MACHINE}) IS NOT TRUE
    UNION ALL SELECT time, 'sent', campaign, send, NULL FROM sends WHERE recipient = {{recipient}}
    UNION ALL SELECT time, kind, campaign, send, NULL FROM outcomes WHERE recipient = {{recipient}}
    ORDER BY ALL""",
    f"""SELECT * FROM (
      SELECT time::DateTime64(3, 'UTC') AS time, kind, campaign, send, link FROM events
      WHERE recipient = {{recipient}} AND NOT ({CHDB_MACHINE})
      UNION ALL SELECT time, 'sent', campaign, send, '' FROM sends WHERE recipient = {{recipient}}
      UNION ALL SELECT time, kind, campaign, send, '' FROM outcomes WHERE recipient = {{recipient}})
    ORDER BY time, kind, campaign, send = '', send, link = '', link""",
    "timeline",
)

STATUSES = Question(
    "messages by status",
    1,
    "SELECT status, count(*) FROM messages GROUP BY status",
    f"""SELECT {STATUS} AS status, count(*)
    FROM (SELECT min(rank) AS least_rank
      FROM (SELECT campaign, recipient, send, CASE WHEN ({DUCK_MACHINE}) IS NOT TRUE THEN {RANK} END::UTINYINT AS rank
          FROM events LEFT JOIN agents USING (user_agent)
        UNION ALL SELECT campaign, recipient, send, {SENT_RANK}::UTINYINT FROM sends
        UNION ALL SELECT campaign, recipient, send, {RANK}::UTINYINT FROM outcomes)
      GROUP BY campaign, recipient, send)
    GROUP BY status""",
    f"""SELECT {STATUS} AS status, count()
    FROM (SELECT min(rank) AS least_rank
      FROM (SELECT campaign, recipient, send,
            toUInt8(if({CHDB_MACHINE}, {NO_RANK}, coalesce({RANK}, {NO_RANK}))) AS rank FROM events
        UNION ALL SELECT campaign, recipient, send, toUInt8({SENT_RANK}) FROM sends
        UNION ALL SELECT campaign, recipient, send, toUInt8(coalesce({RANK}, {NO_RANK})) FROM outcomes)
      GROUP BY campaign, recipient, send)
    GROUP BY status""",
    "statuses",
)

CAMPAIGN_HOURS = Question(
    "opens of one campaign, by hour",
    1,
    "SELECT hour, opens FROM events WHERE campaign = {campaign} AND kind = 'opened' GROUP BY hour",
    """SELECT date_trunc('hour', time) AS hour, count(*) FROM people
    WHERE campaign = {campaign} AND kind = 'opened' GROUP BY hour""",
    """SELECT toStartOfHour(time) AS hour, count() FROM people
    WHERE campaign = {campaign} AND kind = 'opened' GROUP BY hour""",
    "campaign_hours",
)

RESULTS = [OPENED_COUNT, OPENED, RECENT, BOUNCES, SILENT_COUNT, SILENT, TIMELINE, STATUSES, CAMPAIGN_HOURS]
