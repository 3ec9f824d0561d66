"""Raw files to flat events: access logs in the combined format, and event files of JSON lines."""

import csv
import gzip
import hashlib
import json
import re
from collections import Counter

from .classes import bounce_class, is_machine
from .text import Malformed, milliseconds, millionths, percent_decode, unescape_log

COLUMNS = (
    "time kind campaign recipient send variant template sender subject untracked domain link user_agent "
    "machine bounce_class code reason value currency id"
).split()

# What a record may state; the other columns follow from these.
STATED = [name for name in COLUMNS if name not in ("untracked", "machine")] + ["tracked", "sent_at"]

KINDS = set(
    "sent delivered deferred bounced dropped opened clicked unsubscribed complained converted replied responded".split()
)

LINE_BYTES_MOST = 65_536
FIELD_BYTES_MOST = 8192

# Numbers stay the text they are: no digit is lost on the way.
JSON = json.JSONDecoder(parse_int=str, parse_float=str)

LOG_LINE = re.compile(
    r"(\S+) \S+ .*?\[(\d\d/[A-Z][a-z]{2}/\d{4}:\d\d):([0-5]\d):([0-5]\d) ([+-]\d{4})\] "
    r'"((?:[^"\\]|\\.)*)" (\d{3}) (?:\d+|-) "((?:[^"\\]|\\.)*)" "((?:[^"\\]|\\.)*)"'
)
MONTHS = {name: i + 1 for i, name in enumerate("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split())}


def lines_of(path):
    """The lines of a file, decompressed where its name says so, one character per byte."""
    opened = gzip.open(path, "rb") if path.endswith(".gz") else open(path, "rb")
    with opened as file:
        for line in file:
            yield line.rstrip(b"\n").decode("latin-1")


def content_hash(path):
    """What tells one file's content from another's, whatever the compression."""
    digest = hashlib.sha256()
    with gzip.open(path, "rb") if path.endswith(".gz") else open(path, "rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.digest()


class Reader:
    """Reads files of one kind; remembers what it decoded, for logs repeat themselves."""

    def __init__(self):
        self.counts = Counter()
        self.hours = {}
        self.agents = {}

    def copy(self, path, target):
        """Writes the events of the file `path` as CSV rows to the file `target`."""
        parse = self.log_line if re.search(r"\.log(\.gz)?$", path) else self.record
        with open(target, "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            for line in lines_of(path):
                event = self.outcome(parse, line)
                if event:
                    writer.writerow(map(event.get, COLUMNS))

    def outcome(self, parse, line):
        """The line's event, or None, counted with its reason."""
        self.counts["lines"] += 1
        try:
            if len(line) > LINE_BYTES_MOST:
                raise Malformed("too long")
            event = parse(line)
            if event and len(line) > FIELD_BYTES_MOST:
                check_lengths(event)
        except Malformed as error:
            self.counts[f"rejected: {error}"] += 1
            return None
        if event is None:
            self.counts["ignored"] += 1
            return None
        self.counts["events"] += 1
        return event

    # Access logs

    def log_line(self, line):
        if not line or line.startswith("#"):
            return None
        match = LOG_LINE.fullmatch(line.rstrip("\r"))
        if not match:
            raise Malformed("malformed")
        _, hour, minute, second, zone, request, status, _, agent = match.groups()
        time = self.hour(hour, zone) + int(minute) * 60_000 + int(second) * 1000
        request = unescape_log(request).split(" ")
        if len(request) != 3:
            return None
        event = route(request[0], request[1], int(status))
        if event is None:
            return None
        event["time"] = time
        event["user_agent"], event["machine"] = self.agent(agent)
        if request[0] == "HEAD":
            event["machine"] = 1
        if not event["campaign"] or not event["recipient"]:
            raise Malformed("missing key")
        return event

    def hour(self, text, zone):
        key = text + zone
        if key not in self.hours:
            day, month, year = text[:2], MONTHS.get(text[3:6]), text[7:11]
            if month is None:
                raise Malformed("time")
            stamp = f"{year}-{month:02}-{day} {text[12:14]}:00{zone}"
            self.hours[key] = milliseconds(stamp)
        return self.hours[key]

    def agent(self, raw):
        """The user agent and whether it is a machine's."""
        if raw not in self.agents:
            agent = unescape_log(raw)
            if agent in ("", "-"):
                agent = None
            self.agents[raw] = (agent, int(agent is not None and is_machine(agent)))
        return self.agents[raw]

    # Event files

    def record(self, line):
        if not line.strip():
            return None
        try:
            fields = JSON.decode(line if line.isascii() else line.encode("latin-1").decode("utf-8", "surrogateescape"))
        except ValueError as error:
            raise Malformed("malformed") from error
        if not isinstance(fields, dict):
            raise Malformed("malformed")
        event = {name: plain(fields[name]) for name in STATED if name in fields}
        field = event.get
        if field("kind") not in KINDS:
            raise Malformed("kind")
        if not field("campaign") or not field("recipient"):
            raise Malformed("missing key")
        event["time"] = milliseconds(field("time") or "")
        event["untracked"] = untracked(field("tracked"))
        # SEMANTICS.md, Events: a send that states when it was sent happened then.
        if field("sent_at"):
            sent_at = milliseconds(event.pop("sent_at"))
            if event["kind"] == "sent":
                event["time"] = sent_at
        if field("value"):
            event["value"] = millionths(event["value"])
        if field("user_agent"):
            event["machine"] = int(is_machine(event["user_agent"]))
        stated = bounce_class(field("bounce_class"), field("code"))
        event["bounce_class"] = stated if event["kind"] == "bounced" else None
        return event


def plain(value):
    """A JSON value as text of one character per byte; None for null and for the empty string."""
    if isinstance(value, str):
        if value.isascii():
            return value or None
        return value.encode("utf-8", "surrogateescape").decode("latin-1")
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    raise Malformed("malformed")


def untracked(text):
    """1 where a record says that its message carries no pixel."""
    if text is None or text.lower() in ("true", "yes", "1"):
        return 0
    if text.lower() in ("false", "no", "0"):
        return 1
    raise Malformed("malformed")


def check_lengths(event):
    for value in event.values():
        if isinstance(value, str) and len(value) > FIELD_BYTES_MOST:
            raise Malformed("field too long")


def route(method, target, status):
    """The hit that a request is, without its time and agent; None for what is no hit."""
    path, _, query = target.partition("?")
    verb = path[1:2] if path.startswith("/") else ""
    if verb not in ("o", "c", "u", "v") or path[2:3] not in ("", "/"):
        return None
    succeeded = 200 <= status < 300
    if verb == "o" and method in ("GET", "HEAD") and (succeeded or status == 304):
        return keys("opened", path, query, ("campaign", "recipient", "send"), 2, ".gif")
    if verb == "c" and method in ("GET", "HEAD") and (succeeded or 300 <= status < 400):
        return keys("clicked", path, query, ("campaign", "recipient", "link"), 3, "")
    if verb == "u" and method == "POST" and succeeded and path == "/u":
        return keys("unsubscribed", path, query, (), 0, "")
    if verb == "v" and method == "GET" and (succeeded or status == 304) and path == "/v":
        return keys("converted", path, query, (), 0, "")
    return None


PARAMETERS = {
    "opened": {"c": "campaign", "r": "recipient", "s": "send", "v": "variant"},
    "clicked": {"c": "campaign", "r": "recipient", "l": "link", "s": "send", "v": "variant"},
    "unsubscribed": {"c": "campaign", "r": "recipient", "s": "send", "reason": "reason"},
    "converted": {"c": "campaign", "r": "recipient", "s": "send", "value": "value", "currency": "currency"},
}


def keys(kind, path, query, names, fewest, suffix):
    """The fields in a hit's path or query, decoded."""
    event = {"kind": kind, "campaign": None, "recipient": None}
    if len(path) > 2:
        if not path.endswith(suffix):
            return None
        parts = path[3 : len(path) - len(suffix)].split("/")
        if not fewest <= len(parts) <= len(names):
            return None
        for name, part in zip(names, parts):
            event[name] = percent_decode(part) or None
        return event
    for pair in query.split("&"):
        name, _, value = pair.partition("=")
        column = PARAMETERS[kind].get(name)
        if column and not event.get(column):
            event[column] = percent_decode(value.replace("+", " ")) or None
    if event.get("value"):
        event["value"] = millionths(event["value"])
    return event
