"""The questions as lazy expressions of polars, by name; each takes the frames, and what the data decides by keyword."""

import datetime

import polars as pl
from polars import col

from .records import STATUSES

MESSAGE = ["campaign", "recipient", "send"]
SEEN = ["opened", "clicked"]
OPENED, CLICKED = col("kind") == "opened", col("kind") == "clicked"
IS_SEEN = col("kind").is_in(SEEN)
HOUR = col("time").dt.truncate("1h").alias("hour")


def counted(sends, outcomes):
    """Messages that are delivered and tracked: bits of what is known of each say so."""
    kept = outcomes.filter(col("kind").is_in(["bounced", "delivered"]))
    bits = pl.concat(
        [
            sends.select(*MESSAGE, bits=pl.when("is_tracked").then(1).otherwise(9).cast(pl.UInt8)),
            kept.select(*MESSAGE, bits=pl.when(col("kind") == "bounced").then(2).otherwise(4).cast(pl.UInt8)),
        ]
    )
    return bits.group_by(MESSAGE).agg(col("bits").bitwise_or()).filter(col("bits").is_in([1, 4, 5, 6, 7]))


def by_message(tables):
    """Opens and clicks of people, per message."""
    return tables.people.filter(IS_SEEN).group_by(MESSAGE).agg(opens=OPENED.sum(), clicks=CLICKED.sum())


BOTH = [
    col("opens").sum(),
    (col("opens") > 0).sum().alias("unique_opens"),
    col("clicks").sum(),
    (col("clicks") > 0).sum().alias("unique_clicks"),
]


def campaigns(tables, **_):
    return by_message(tables).group_by("campaign").agg(*BOTH)


def links(tables, **_):
    clicks = tables.people.filter(CLICKED).group_by("link", *MESSAGE).len("clicks")
    return clicks.group_by("link").agg(col("clicks").sum(), pl.len().alias("unique_clicks"))


def hours(tables, **_):
    opens = tables.people.filter(OPENED).group_by(HOUR, *MESSAGE).len("opens")
    return opens.group_by("hour").agg(col("opens").sum(), pl.len().alias("unique_opens"))


def first_clickers(frame):
    return frame.sort("clicks", "recipient", descending=[True, False]).head(100)


def recipients(tables, **_):
    people = tables.people.filter(IS_SEEN).group_by("recipient").agg(opens=OPENED.sum(), clicks=CLICKED.sum())
    return first_clickers(people)


def of_campaign(tables, campaign):
    """Messages of one campaign that were opened and not clicked."""
    people = tables.people.filter((col("campaign") == campaign) & IS_SEEN)
    messages = people.group_by("recipient", "send").agg(
        opens=pl.len(), first_open_at=col("time").min(), clicks=CLICKED.sum()
    )
    return messages.filter(col("clicks") == 0)


def opened_count(tables, campaign, **_):
    return of_campaign(tables, campaign).select(pl.len())


def opened(tables, campaign, **_):
    order = ["recipient", "send"]
    first = of_campaign(tables, campaign).sort("recipient", col("send").cast(pl.String), nulls_last=True).head(100)
    found = first.join(tables.recipients, on="recipient", how="left")
    found = found.sort("recipient", col("send").cast(pl.String), nulls_last=True)
    return found.select(*order, "school", "opens", "first_open_at")


def recent(tables, since, **_):
    late = tables.sends.filter(col("time") >= datetime.datetime.fromisoformat(since)).select(MESSAGE)
    seen = tables.people.filter(IS_SEEN).join(late.select("campaign").unique(), on="campaign", how="semi")
    return late.join(seen, on=MESSAGE, how="anti", nulls_equal=True).group_by("campaign").len()


def bounces(tables, **_):
    """Only people with three soft bounces at all are looked at."""
    soft = tables.outcomes.filter((col("kind") == "bounced") & (col("bounce_class") == "soft"))
    often = soft.group_by("recipient").len().filter(col("len") >= 3).select("recipient")
    known = tables.outcomes.filter(col("kind").is_in(["bounced", "delivered"])).join(often, on="recipient", how="semi")
    bounced = known.filter(col("kind") == "bounced").with_columns(col("bounce_class").cast(pl.String))
    last = bounced.sort("time", "bounce_class", descending=[True, False]).group_by(MESSAGE, maintain_order=True).first()
    receipts = known.filter(col("kind") == "delivered").group_by(MESSAGE).agg(delivered_at=col("time").max())
    last = last.join(receipts, on=MESSAGE, how="left", nulls_equal=True)
    last = last.filter(col("bounce_class") == "soft", ~(col("delivered_at") > col("time")).fill_null(False))
    people = last.group_by("recipient").agg(bounces=pl.len(), bounced_at=col("time").max()).filter(col("bounces") >= 3)
    return people.sort("bounces", "recipient", descending=[True, False]).head(100)


def unmoved(tables):
    """People with three sends or more who opened none."""
    often = tables.sends.group_by("recipient").len("sends").filter(col("sends") >= 3)
    return often.join(tables.people.filter(IS_SEEN), on="recipient", how="anti")


def silent_count(tables, **_):
    return unmoved(tables).select(pl.len())


def silent(tables, **_):
    return unmoved(tables).sort("recipient").head(100)


def timeline(tables, recipient, **_):
    of_person = col("recipient") == recipient
    columns = ["time", "kind", "campaign", "send", "link"]
    texts = [col(name).cast(pl.String) for name in columns[1:]]
    no_link = pl.lit(None, pl.String).alias("link")
    rows = pl.concat(
        [
            tables.events.filter(of_person & (~IS_SEEN | tables.is_human)).select("time", *texts),
            tables.sends.filter(of_person).select("time", pl.lit("sent").alias("kind"), *texts[1:3], no_link),
            tables.outcomes.filter(of_person).select("time", *texts[:3], no_link),
        ]
    )
    return rows.sort(columns, nulls_last=True)


def statuses(tables, **_):
    """A message's status is the least of its events' ranks."""
    ranks = {kind: rank for rank, kind in enumerate(STATUSES)}
    rank = col("kind").cast(pl.String).replace_strict(ranks, default=None, return_dtype=pl.UInt8).alias("rank")
    sent = pl.lit(ranks["sent"], pl.UInt8).alias("rank")
    events = tables.events.with_columns(rank=pl.when(~IS_SEEN | tables.is_human).then(rank))
    known = pl.concat(
        [events.select(*MESSAGE, "rank"), tables.sends.select(*MESSAGE, sent), tables.outcomes.select(*MESSAGE, rank)]
    )
    least = known.group_by(MESSAGE).agg(col("rank").min()).group_by("rank").len()
    shown = {rank: "delivered" if kind == "sent" else kind for kind, rank in ranks.items()}
    status = col("rank").replace_strict(shown, default=None, return_dtype=pl.String).alias("status")
    return least.group_by(status).agg(col("len").sum())


def campaign_hours(tables, campaign, **_):
    return tables.people.filter((col("campaign") == campaign) & OPENED).group_by(HOUR).len()


def totals(tables, **_):
    """The counts that show whether all have read the same."""
    outcomes = tables.outcomes.select(late=(col("kind") == "converted").sum(), bounced=(col("kind") == "bounced").sum())
    kinds = ["opened", "clicked", "unsubscribed", "converted"]
    seen = tables.events.select((col("kind") == kind).sum().alias(kind) for kind in kinds)
    counts = pl.concat([seen, outcomes, tables.sends.select(sent=pl.len())], how="horizontal")
    return counts.select(*kinds[:3], col("converted") + col("late"), "sent", "bounced")


def with_populations(frame, counted):
    """Rates of campaigns: each has a population of its own."""
    populations = counted.group_by("campaign").len("population")
    rates = [(col(name) / col("population")).alias(f"{name}_rate") for name in ("unique_opens", "unique_clicks")]
    return frame.join(populations, on="campaign").with_columns(rates).drop("population")


def with_population(frame, uniques, counted):
    """Rates of links or hours: all that was delivered divides."""
    frame = frame.join(counted.select(population=pl.len()), how="cross")
    return frame.with_columns(rate=col(uniques) / col("population")).drop("population")


def with_uniques(first, messages, counted):
    """The 100 people with unique counts and rates, from their messages."""
    found = first.cache()
    seen = (
        messages(found)
        .group_by("recipient")
        .agg(unique_opens=(col("opens") > 0).sum(), unique_clicks=(col("clicks") > 0).sum())
    )
    populations = counted(found).group_by("recipient").len("population")
    rates = [(col(name) / col("population")).alias(f"{name}_rate") for name in ("unique_opens", "unique_clicks")]
    joined = found.join(seen, on="recipient").join(populations, on="recipient").with_columns(rates).drop("population")
    return first_clickers(joined)


def campaign_rates(tables, **_):
    return with_populations(campaigns(tables), tables.counted)


def link_rates(tables, **_):
    return with_population(links(tables), "unique_clicks", tables.counted)


def hour_rates(tables, **_):
    return with_population(hours(tables), "unique_opens", tables.counted)


def own(frame, found):
    """What is of the people found."""
    return frame.join(found.select("recipient"), on="recipient", how="semi")


def recipient_rates(tables, **_):
    def messages(found):
        people = own(tables.people.filter(IS_SEEN), found)
        return people.group_by(MESSAGE).agg(opens=OPENED.sum(), clicks=CLICKED.sum())

    return with_uniques(
        recipients(tables), messages, lambda found: counted(own(tables.sends, found), own(tables.outcomes, found))
    )


def numbered(frame, key):
    """The distinct texts of a column with their places in order."""
    names = frame.select(name=col(key).cast(pl.String)).drop_nulls().unique().sort("name")
    return names.with_row_index("code", offset=1).collect(engine="streaming")


def coded(tables):
    """The frames with integer keys: names in their order, messages along campaigns, people's opens and clicks."""
    keys = [col(name).cast(pl.String) for name in MESSAGE]
    known = pl.concat([frame.select(keys) for frame in (tables.events, tables.sends, tables.outcomes)])
    known = known.unique().sort(MESSAGE, nulls_last=True).with_row_index("message").collect(engine="streaming").lazy()
    frames = {f"{key}_names": numbered(known, key) for key in ("campaign", "recipient")}
    frames["link_names"] = numbered(tables.events, "link")
    code = {
        key: frames[f"{key}_names"].lazy().rename({"name": key, "code": f"{key}_code"})
        for key in ("campaign", "recipient", "link")
    }
    is_counted = tables.counted.select(*keys, is_counted=pl.lit(True))
    messages = known.join(is_counted, on=MESSAGE, how="left", nulls_equal=True)
    messages = messages.join(code["campaign"], on="campaign").join(code["recipient"], on="recipient").sort("message")
    kept = ["message", col("campaign_code").alias("campaign"), col("recipient_code").alias("recipient")]
    frames["messages"] = messages.select(*kept, col("is_counted").fill_null(False)).collect(engine="streaming")
    hour = (col("time").dt.epoch("s") // 3600).cast(pl.UInt32)
    people = tables.people.filter(IS_SEEN).select(*keys, col("link").cast(pl.String), hour=hour, is_click=CLICKED)
    people = people.join(known, on=MESSAGE, nulls_equal=True).join(code["link"], on="link", how="left")
    people = people.select("message", "hour", "is_click", link="link_code").collect(engine="streaming").lazy()
    people = people.join(frames["messages"].lazy().drop("is_counted"), on="message")
    frames["coded"] = people.sort("message", "hour").collect(engine="streaming")
    return frames


OPEN_COUNT, CLICK_COUNT = (~col("is_click")).sum().alias("opens"), col("is_click").sum().alias("clicks")


def coded_campaigns(tables, **_):
    messages = tables.coded.group_by("campaign", "message").agg(OPEN_COUNT, CLICK_COUNT)
    return messages.group_by("campaign").agg(*BOTH)


def coded_links(tables, **_):
    clicks = tables.coded.filter("is_click").group_by("link", "message").len("clicks")
    return clicks.group_by("link").agg(col("clicks").sum(), pl.len().alias("unique_clicks"))


def coded_hours(tables, **_):
    opens = tables.coded.filter(~col("is_click")).group_by("hour", "message").len("opens")
    return opens.group_by("hour").agg(col("opens").sum(), pl.len().alias("unique_opens"))


def coded_recipients(tables, **_):
    return first_clickers(tables.coded.group_by("recipient").agg(OPEN_COUNT, CLICK_COUNT))


def coded_counted(tables):
    return tables.messages.filter("is_counted")


def coded_campaign_rates(tables, **_):
    return with_populations(coded_campaigns(tables), coded_counted(tables))


def coded_link_rates(tables, **_):
    return with_population(coded_links(tables), "unique_clicks", coded_counted(tables))


def coded_hour_rates(tables, **_):
    return with_population(coded_hours(tables), "unique_opens", coded_counted(tables))


def coded_recipient_rates(tables, **_):
    def messages(found):
        return own(tables.coded, found).group_by("recipient", "message").agg(OPEN_COUNT, CLICK_COUNT)

    return with_uniques(coded_recipients(tables), messages, lambda found: own(coded_counted(tables), found))


def coded_campaign_hours(tables, campaign_code, **_):
    return tables.coded.filter((col("campaign") == campaign_code) & ~col("is_click")).group_by("hour").len()
