"""What both peers know of the event files: which class a bounce is of, and how far a kind takes its message.

Both are SQL that both of them read; docs/SEMANTICS.md is where it comes from.
"""

from oraclelib.classes import HARD

# The class that the record names, else that of its code. A code that is not there is of no class it could be like.
BOUNCE_CLASS = f"""CASE WHEN kind <> 'bounced' THEN NULL WHEN bounce_class <> '' THEN lower(bounce_class)
  WHEN code IN {tuple(sorted(HARD))} THEN 'hard'
  WHEN code IN ('5.1.7', '5.1.8') OR code LIKE '5.6.%' OR code LIKE '5.7.%' THEN 'block'
  WHEN code IN ('5.2.2', '5.2.3') OR code LIKE '4.%' OR code LIKE '5.3.%' OR code LIKE '5.4.%' OR code LIKE '5.5.%'
    THEN 'soft'
  ELSE 'unknown' END"""

# A message's status is the least of its events' ranks: a `sent` makes it delivered only where nothing bounced.
STATUSES = "complained unsubscribed converted replied clicked opened delivered bounced sent dropped deferred".split()


def mapped(value, pairs):
    """A CASE that turns the value into what its pair says, and into NULL where it has none."""
    return f"CASE {value} {' '.join(f'WHEN {source} THEN {target}' for source, target in pairs)} END"


RANK = mapped("kind", [(f"'{kind}'", rank) for rank, kind in enumerate(STATUSES)])
SENT_RANK = STATUSES.index("sent")
NO_RANK = len(STATUSES)
STATUS = mapped("least_rank", [(rank, f"'{kind}'") for rank, kind in enumerate(STATUSES)]).replace("sent", "delivered")
