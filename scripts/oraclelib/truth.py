"""The generator's own answer sheet, `truth.json`: a third witness, who neither read the files nor asked the engine."""

import json
import os
from decimal import Decimal

from .tables import Settings, Table, answer

TOTALS = (
    "sent delivered bounced hard_bounced soft_bounced block_bounced unsubscribes unique_unsubscribes complaints "
    "unique_complaints conversions unique_conversions replies"
).split()


def truth_differences(base, counts, folder):
    """The number of cells compared and the sentences about those that differ; (0, []) without an answer sheet."""
    path = os.path.join(folder, "truth.json")
    if not os.path.exists(path):
        return 0, []
    with open(path, encoding="utf-8") as file:
        truth = json.load(file)
    pairs = [*lines(counts, truth), *totals(base, truth), *audiences(base, truth), *campaigns(base, truth)]
    return len(pairs), [f"{name} is {ours} here, {theirs} there" for name, ours, theirs in pairs if ours != theirs]


def lines(counts, truth):
    rejected = sum(count for name, count in counts.items() if name.startswith("rejected"))
    yield "rejected", rejected, truth["rejected"]
    yield "ignored", counts["ignored"], truth["ignored"]["total"]
    yield "events", counts["events"], sum(truth["events"].values()) + truth["repeats"]


def totals(base, truth):
    row = answer(base, Table("", [], [*TOTALS, "population", "revenue"]), Settings("all", "on"))[0]
    *ours, population, revenue = row
    for name, value in zip(TOTALS, ours, strict=True):
        yield name, value, truth[name]
    yield "delivered_and_tracked", population, truth["delivered_and_tracked"]
    yield "revenue", Decimal(revenue or 0) / 1_000_000, Decimal(truth["revenue"])


def audiences(base, truth):
    for audience, there in truth["audience"].items():
        for implied in ("on", "off"):
            table = Table("", [], ["opens", "clicks", "unique_clicks", "unique_opens"])
            ours = answer(base, table, Settings(audience, implied))[0]
            names = ["opens", "clicks", "unique_clicks", f"unique_opens_implied_{implied}"]
            for name, value in zip(names, ours, strict=True):
                yield f"{audience} {name}", value, there[name]


def campaigns(base, truth):
    names = ["sent", "delivered", "bounced", "unique_opens", "unique_clicks"]
    rows = answer(base, Table("", ["campaign"], names), Settings("human", "on"))
    ours = {row[0].encode("latin-1").decode(): row[1:] for row in rows}
    for there in truth["campaigns"]:
        values = ours.get(there["campaign"], (None,) * len(names))
        for name, value in zip(names, values, strict=True):
            yield f"{there['campaign']} {name}", value, there[name]
