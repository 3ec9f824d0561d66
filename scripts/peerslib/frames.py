"""polars, in memory: access logs split by its expressions, lazily, into data frames with categories for few values."""

import glob
import os
import time
from types import SimpleNamespace
from urllib.parse import unquote

import polars as pl
from polars import col

from . import expressions
from .records import HARD

KINDS = pl.Enum(["opened", "clicked", "unsubscribed", "converted"])
TABLES = ("events", "sends", "outcomes", "recipients")
MESSAGE = ["campaign", "recipient", "send"]
TIME = "%Y-%m-%dT%H:%M:%S%.fZ"


def part(text, separator, place, most):
    """One of the parts of a text; the last place holds only what comes before another separator."""
    return text.str.split_exact(separator, most).struct.field(f"field_{place}")


def hits(logs):
    """The lines that are hits, by route, method and status, with the target still escaped."""
    quoted = pl.scan_lines(sorted(glob.glob(f"{logs}/*"))).select(col("line").str.split_exact('"', 6)).unnest("line")
    whole = col("field_6").is_not_null() & ~col("field_6").str.contains('"', literal=True)
    lines = quoted.filter(whole).select(
        origin="field_0",
        method=part(col("field_1"), " ", 0, 2),
        target=part(col("field_1"), " ", 1, 2),
        status=col("field_2").str.slice(1, 3),
        user_agent="field_5",
    )
    method, route, status = col("method"), col("target").str.slice(0, 3), col("status")
    succeeded = status.str.starts_with("2")
    sent = succeeded | (status == "304")
    kind = (
        pl.when(route.is_in(["/o?", "/o/"]) & method.is_in(["GET", "HEAD"]) & sent)
        .then(pl.lit("opened"))
        .when(route.is_in(["/c?", "/c/"]) & method.is_in(["GET", "HEAD"]) & (succeeded | status.str.starts_with("3")))
        .then(pl.lit("clicked"))
        .when((route == "/u?") & (method == "POST") & succeeded)
        .then(pl.lit("unsubscribed"))
        .when((route == "/v?") & (method == "GET") & sent)
        .then(pl.lit("converted"))
    )
    stamp = part(col("origin"), "[", 1, 1).str.head(26)
    return lines.select(
        time=stamp.str.to_datetime("%d/%b/%Y:%H:%M:%S %z", time_unit="ms", time_zone="UTC", strict=False),
        kind=kind.cast(KINDS),
        is_head=method == "HEAD",
        user_agent=col("user_agent").cast(pl.Categorical),
        target=col("target").str.replace_all("\\x", "%", literal=True),
    ).filter(col("kind").is_not_null() & col("time").is_not_null())


def named(logs):
    """The hits with their parameters, from query strings and from paths, not yet decoded."""
    known = ["time", "kind", "is_head", "user_agent"]
    target, form = col("target"), col("target").str.slice(2, 1)
    query = "&" + target.str.slice(3).str.replace_all("+", " ", literal=True)
    names = {"campaign": "c", "recipient": "r", "send": "s", "link": "l"}
    asked = hits(logs).filter(form == "?").with_columns(query=query)
    values = {name: part(part(col("query"), f"&{key}=", 1, 1), "&", 0, 1) for name, key in names.items()}
    path = target.str.strip_suffix(".gif").str.split_exact("/", 5)
    paths = hits(logs).filter(form == "/").with_columns(path=path)
    places = {name: col("path").struct.field(f"field_{place}") for name, place in zip(names, (2, 3, 4, 4), strict=True)}
    places["send"] = pl.when(col("kind") == "opened").then(places["send"])
    places["link"] = pl.when(col("kind") == "clicked").then(places["link"])
    return pl.concat([asked.select(*known, **values), paths.select(*known, **places)])


def decoded(texts):
    """Texts without percent escapes; each distinct one that has some is decoded once."""
    escaped = texts.filter(texts.str.contains("%", literal=True)).unique()
    if escaped.is_empty():
        return texts
    return texts.replace(escaped, pl.Series([unquote(text) for text in escaped], dtype=pl.String))


def events(logs):
    """The table of hits with plain columns."""
    found = named(logs).filter(col("campaign") != "", col("recipient") != "")
    broken = col("recipient").str.contains(r"%([^0-9A-Fa-f]|.[^0-9A-Fa-f]|.?$)")
    frame = found.filter(~broken).collect(engine="streaming")
    for name in ("campaign", "recipient", "send", "link"):
        texts = decoded(frame[name]).replace("", None)
        frame = frame.with_columns(texts if name == "recipient" else texts.cast(pl.Categorical))
    return frame.with_columns(col("time").dt.replace_time_zone(None))


def sends(folder):
    texts = dict.fromkeys(("time", "sent_at", *MESSAGE, "variant", "template", "sender"), pl.String)
    frame = pl.scan_ndjson(f"{folder}/sends.ndjson", schema=texts | {"tracked": pl.Boolean})
    words = ["campaign", "send", "variant", "template", "sender"]
    moment = pl.coalesce("sent_at", "time").str.to_datetime(TIME, time_unit="ms")
    return frame.select(
        "recipient", time=moment, is_tracked="tracked", **{word: col(word).cast(pl.Categorical) for word in words}
    ).collect(engine="streaming")


def outcomes(folder):
    """Deliveries, bounces and the like; an event with an id is kept once."""
    names = ["time", "kind", *MESSAGE, "bounce_class", "code", "id"]
    frame = pl.scan_ndjson(f"{folder}/outcomes.ndjson", schema=dict.fromkeys(names, pl.String))
    code = col("code")
    by_code = (
        pl.when(code.is_in(HARD))
        .then(pl.lit("hard"))
        .when(code.is_in(["5.1.7", "5.1.8"]) | code.str.contains(r"^5\.[67]\."))
        .then(pl.lit("block"))
        .when(code.is_in(["5.2.2", "5.2.3"]) | code.str.contains(r"^4\.|^5\.[345]\."))
        .then(pl.lit("soft"))
        .otherwise(pl.lit("unknown"))
    )
    bounce_class = pl.when(kind_is("bounced")).then(pl.coalesce(col("bounce_class").str.to_lowercase(), by_code))
    columns = {word: col(word).cast(pl.Categorical) for word in ("kind", "campaign", "send", "code")}
    frame = frame.with_columns(
        time=col("time").str.to_datetime(TIME, time_unit="ms"),
        bounce_class=bounce_class.cast(pl.Categorical),
        **columns,
    ).collect(engine="streaming")
    with_id = frame.filter(col("id").is_not_null()).unique([*MESSAGE, "kind", "id"])
    return pl.concat([frame.filter(col("id").is_null()), with_id]).drop("id")


def kind_is(kind):
    return col("kind") == kind


class Frames:
    """A handful of data frames."""

    def __init__(self, threads):
        if pl.thread_pool_size() != threads:
            raise RuntimeError(f"polars has {pl.thread_pool_size()} threads, not {threads}")
        self.frames = {}
        self.tables = SimpleNamespace()

    @staticmethod
    def version():
        return pl.__version__

    def load(self, logs):
        """Loads the folder of logs; answers the seconds."""
        started = time.perf_counter()
        self.frames["events"] = events(logs)
        return time.perf_counter() - started

    def load_records(self, folder):
        """Loads sends, outcomes and attributes; answers the seconds."""
        started = time.perf_counter()
        self.frames["sends"] = sends(folder)
        self.frames["outcomes"] = outcomes(folder)
        people = pl.scan_csv(f"{folder}/recipients.csv").select("recipient", col("school").cast(pl.Categorical))
        self.frames["recipients"] = people.collect()
        return time.perf_counter() - started

    def classify(self, classes):
        """Makes `people`, the events of human user agents, and `counted`: lazily, as views are."""
        kept = [agent for agent, machine_class in classes if machine_class == "human"]
        tables = SimpleNamespace(**{name: frame.lazy() for name, frame in self.frames.items()})
        tables.is_human = ~col("is_head") & col("user_agent").is_in(pl.Series(kept, dtype=pl.Categorical).implode())
        tables.people = tables.events.filter(tables.is_human)
        tables.counted = expressions.counted(tables.sends, tables.outcomes)
        self.tables = tables

    def held(self):
        """The bytes of the frames, by their own account."""
        return sum(frame.estimated_size() for frame in self.frames.values())

    def stored(self, folder):
        """The bytes of the frames as Parquet with ZSTD."""
        path, total = os.path.join(folder, "stored.parquet"), 0
        for frame in self.frames.values():
            frame.write_parquet(path, compression="zstd")
            total += os.path.getsize(path)
        os.remove(path)
        return total

    def prepare(self):
        """Makes the frames with integer keys, and drops those with strings."""
        self.frames = expressions.coded(self.tables)
        self.tables = SimpleNamespace(**{name: frame.lazy() for name, frame in self.frames.items()})

    def names(self, key, codes):
        """What the codes of a key stand for."""
        found = self.frames[f"{key}_names"].filter(col("code").is_in([int(code) for code in codes]))
        return dict(found.select("code", "name").iter_rows())

    def ask(self, question):
        """The rows of the answer, and the milliseconds until Python has them."""
        name, values = question
        started = time.perf_counter()
        rows = getattr(expressions, name)(self.tables, **values).collect(engine="streaming").rows()
        return rows, (time.perf_counter() - started) * 1000

    def close(self):
        self.frames.clear()
