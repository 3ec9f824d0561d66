"""Around the timing: what is read beforehand, and the table of what came out."""

import json
import os
from dataclasses import asdict, dataclass
from statistics import median

COLUMNS = "{:<54}" + "{:>9}{:>8}" * 3 + "{:>14}" * 2


@dataclass
class Timing:
    """What one thing took each engine, run by run, in its unit; Beacon's name is the first."""

    title: str
    unit: str
    times: dict

    def ratios(self):
        """How many times Beacon's median goes into each peer's."""
        ours, *theirs = map(median, self.times.values())
        return [number / ours for number in theirs]


def line_count(folder):
    """How many lines the logs have, by the generator's account."""
    with open(os.path.join(folder, "truth.json"), encoding="utf-8") as file:
        return json.load(file)["log_lines"]


def read_once(folder):
    """Reads all files, so that nobody's first load waits for the disk."""
    for parent, _, names in os.walk(folder):
        for name in names:
            with open(os.path.join(parent, name), "rb") as file:
                while file.read(1 << 20):
                    pass


def report(facts, timings):
    """The table: medians and bests, and Beacon's ratio to each peer; a star stands at the faster peer."""
    ours, *theirs = facts["versions"]
    rows = [f"{facts['lines']:,} log lines, {facts['threads']} threads each, {facts['runs']} rounds after a first one"]
    rows += [f"{name} {version}" for name, version in facts["versions"].items()]
    heads = [head for name in (ours, *theirs) for head in (name, "best")]
    rows.append(COLUMNS.format("", *heads, *(f"{name} ratio" for name in theirs)))
    for timing in timings:
        rows.append(row(timing))
        if timing.title == "logs":
            speeds = [number for times in timing.times.values() for number in (median(times), min(times))]
            speeds = [f"{facts['lines'] / 1000 / number:,.0f}" for number in speeds]
            rows.append(COLUMNS.format("  thousand lines a second", *speeds, "", ""))
    return "\n".join(line.rstrip() for line in rows)


def row(timing):
    form = "{:.2f}" if timing.unit == "s" else "{:.1f}"
    cells = [form.format(number) for times in timing.times.values() for number in (median(times), min(times))]
    ratios = timing.ratios()
    stars = [f"{ratio:.1f}{'*' if ratio == min(ratios) else ' '}" for ratio in ratios]
    return COLUMNS.format(f"{timing.title}, {timing.unit}", *cells, *stars)


def write_json(path, facts, timings, unlike):
    """Writes every figure of the run."""
    figures = facts | {"timings": [asdict(timing) for timing in timings], "differences": unlike}
    with open(path, "w", encoding="utf-8") as file:
        json.dump(figures, file, ensure_ascii=False, indent=1)
        file.write("\n")
