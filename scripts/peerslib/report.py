"""The tables of what came out, the file with every figure, and the folder that a recorded run gets."""

import datetime
import json
import os
import re
import subprocess
from dataclasses import asdict

from oraclelib.environment import ROOT

WIDTH = 64
MEGA = 1_000_000


def report(run):
    """Everything as text: medians, Beacon's ratio to each peer with a star at the best peer, sizes, targets."""
    facts = run.facts
    lines = [
        f"{facts['lines']:,} log lines, {facts['events']:,} events; threads of each: {facts['threads']}; "
        f"loads: {facts['loads']}; rounds: {facts['runs']}",
        ", ".join(f"{name} {version}" for name, version in facts["versions"].items()),
    ]
    lines += section("load", run.loads, facts["lines"])
    lines += others(run)
    lines += section("families, string keys", run.families)
    lines += section("individual email results, string keys", run.results)
    lines += section("families, integer keys prepared for the peers", run.coded)
    lines += sizes(run)
    lines += aims(run)
    return "\n".join(line.rstrip() for line in lines)


def figure(value):
    """Seconds or milliseconds: two decimals where they say something."""
    return f"{value:.2f}" if value < 100 else f"{value:.1f}"


def section(title, timings, line_count=None):
    """Timings of all engines under their names."""
    names = list(timings[0].times)
    heads = [*(f"{name:>10}" for name in names), *(f"{'/ ' + name:>10}" for name in names[1:])]
    if timings[0].first:
        heads.append(f"{'first time':>12}")
    lines = ["", title.ljust(WIDTH) + "".join(heads)]
    for timing in timings:
        cells = [figure(timing.median(name)) for name in names]
        first = "".join(f"{figure(timing.first[name]):>12}" for name in names[:1] if timing.first)
        lines.append(row(f"{timing.title}, {timing.unit}", cells, timing.ratios()) + first)
        if timing.title == "logs":
            speeds = [f"{line_count / 1000 / timing.median(name):,.0f}" for name in names]
            lines.append(row("  thousand lines a second", speeds, {}))
    return lines


def row(title, cells, ratios):
    best = min(ratios.values(), default=None)
    stars = [f"{ratio:.1f}{'*' if ratio == best else ' '}" for ratio in ratios.values()]
    return title.ljust(WIDTH) + "".join(f"{cell:>10}" for cell in [*cells, *stars])


def others(run):
    """GoAccess, and the least that any reader needs."""
    seconds = run.goaccess.median("GoAccess")
    lines = [row("GoAccess, one thread, s", [f"{seconds:.2f}"], {})]
    lines.append(row("  thousand lines a second", [f"{run.facts['lines'] / 1000 / seconds:,.0f}"], {}))
    for name in run.floor.times:
        title = f"{name} of the {run.facts['bytes'] / MEGA:,.0f} MB of plain lines, s"
        lines.append(row(title, [f"{run.floor.median(name):.2f}"], {}))
    return lines


SIZES = {
    "resident": "resident after load",
    "asked": "  after all questions",
    "peak": "  at most while loading",
    "empty": "  before loading",
    "held": "tables in memory, by the engine's account",
    "stored": "on disk, compressed",
}


def sizes(run):
    """Memory and disk, in megabytes and in bytes an event."""
    names = list(run.memory)
    heads = [f"{name.replace('without addresses', 'less IP'):>16}" for name in names]
    lines = ["", "MB (bytes an event)".ljust(WIDTH) + "".join(heads)]
    for key, title in SIZES.items():
        cells = [cell(run.memory[name].get(key), run.facts["events"]) for name in names]
        lines.append(title.ljust(WIDTH) + "".join(f"{text:>16}" for text in cells))
    entropy = cell(run.facts["entropy"], run.facts["events"])
    return [*lines, "entropy of the columns, and the texts of their keys".ljust(WIDTH) + f"{entropy:>16}"]


def cell(size, events):
    return f"{size / MEGA:,.0f} ({size / events:.1f})" if size else "-"


def aims(run):
    lines = ["", "target".ljust(WIDTH) + f"{'aim':>14}{'reached':>12}"]
    for target in run.targets:
        aim = f"{'at most' if target.is_most else 'at least'} {target.aim:.3g}{target.unit}"
        result = "ok" if target.is_ok else "missed"
        lines.append(target.title.ljust(WIDTH) + f"{aim:>14}{target.reached:>11.3g}{target.unit:<2} {result}")
    return lines


def figures(run):
    """Every figure of the run, for a file."""
    timings = {
        name: [asdict(timing) for timing in getattr(run, name)] for name in ("loads", "families", "results", "coded")
    }
    alone = {"goaccess": asdict(run.goaccess), "floor": asdict(run.floor), "memory": run.memory}
    aims = [asdict(target) | {"is_ok": target.is_ok} for target in run.targets]
    return run.facts | timings | alone | {"targets": aims, "differences": run.unlike}


def write_json(path, run):
    with open(path, "w", encoding="utf-8") as file:
        json.dump(figures(run), file, ensure_ascii=False, indent=1)
        file.write("\n")


def record(run, command):
    """Writes a run of one size to docs/runs/DATE-PROCESSOR/: the tables, how they came about, and every figure."""
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    name = re.sub(r"[^a-z0-9]+", "-", processor().lower()).strip("-")
    folder = os.path.join(ROOT, "docs", "runs", f"{today}-{name}")
    os.makedirs(folder, exist_ok=True)
    stem = f"{size(run.facts['lines'])}-{run.facts['threads']}-threads"
    write_json(os.path.join(folder, f"{stem}.json"), run)
    text = f"""# Beacon beside its peers, {today}

`{command}` at commit {commit()}, on {os.cpu_count()} processors ({processor()}) with
{installed() / (1 << 30):.0f} GiB of memory, {os.uname().sysname} {os.uname().release.split('-')[0]}.
[BENCHMARKS.md](../../BENCHMARKS.md) says what is measured; [{stem}.json]({stem}.json) has every figure.

```
{report(run)}

{len(run.unlike)} differences
```
"""
    with open(os.path.join(folder, f"{stem}.md"), "w", encoding="utf-8") as file:
        file.write(text)
    return os.path.relpath(os.path.join(folder, f"{stem}.md"), ROOT)


def size(lines):
    """A number of lines as part of a file's name."""
    return f"{round(lines / 1e6)}-million" if lines >= 1e6 else f"{round(lines / 1000)}-thousand"


def processor():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        names = [line.split(":", maxsplit=1)[1].strip() for line in file if line.startswith("model name")]
    return names[0] if names else os.uname().machine


def installed():
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def commit():
    """The commit of the working tree, and whether it is more than that."""
    name = git("rev-parse", "--short=12", "HEAD")
    return f"{name} with changes" if git("status", "--porcelain", "--untracked-files=no") else name


def git(*arguments):
    return subprocess.run(["git", "-C", ROOT, *arguments], check=True, capture_output=True, text=True).stdout.strip()
