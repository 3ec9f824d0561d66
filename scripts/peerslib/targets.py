"""What Beacon is to reach beside the best peer of each row, and whether it did."""

from dataclasses import dataclass


@dataclass
class Target:
    """One thing to reach: at least, or at most, in its unit."""

    title: str
    aim: float
    unit: str
    reached: float
    is_most: bool = False

    @property
    def is_ok(self):
        return self.reached <= self.aim if self.is_most else self.reached >= self.aim


def at_most(title, aim, unit, reached):
    return Target(title, aim, unit, reached, True)


def least(timing, peers=None):
    """The ratio to the best peer, or to the best of these."""
    return min(ratio for name, ratio in timing.ratios().items() if not peers or name in peers)


def targets(run):
    """All rows, from a finished run."""
    load, floor, memory = run.timing("logs"), run.floor, run.memory
    cores_to_floor = load.median("Beacon") * run.facts["threads"] / sum(map(floor.median, floor.times))
    rows = [
        Target("load logs, to the best of DuckDB and chdb", 10, "x", least(load, ("DuckDB", "chdb"))),
        Target("load logs, to polars", 10, "x", load.ratios()["polars"]),
        Target("load logs, to GoAccess", 100, "x", run.goaccess.median("GoAccess") / load.median("Beacon")),
        at_most("load logs, seconds of cores to wc -l and memcpy", 8, "x", cores_to_floor),
    ]
    rows += [Target(f"strings: {timing.title}", 20, "x", least(timing)) for timing in run.families]
    rows += [Target(f"integers: {timing.title}", 10, "x", least(timing)) for timing in run.coded]
    for timing in run.results:
        if timing.title in ("one person's timeline", "opens of one campaign, by hour"):
            rows.append(Target(timing.title, 10, "x", least(timing)))
            rows.append(at_most(timing.title, 1, "ms", timing.median("Beacon")))
    held = min(memory[name]["held"] for name in memory if "held" in memory[name])
    bare = memory["Beacon without addresses"]
    rows += [
        at_most("resident, to the best peer's tables in memory", 1 / 3, "x", memory["Beacon"]["resident"] / held),
        at_most("resident without addresses, bytes an event", 8, "", bare["resident"] / run.facts["events"]),
        at_most("the same, to the columns' entropy", 1.25, "x", bare["resident"] / run.facts["entropy"]),
        at_most("on disk, to MergeTree with ZSTD", 1 / 2, "x", memory["Beacon"]["stored"] / memory["chdb"]["stored"]),
    ]
    return rows
