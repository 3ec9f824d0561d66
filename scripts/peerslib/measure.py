"""Around the timing: what is read beforehand, and the table of what came out."""

import glob
import json
import os
from statistics import median

from .questions import QUESTIONS

COLUMNS = "{:<46}{:>12}{:>12}{:>12}{:>12}{:>9}"


def line_count(folder):
    """How many lines the logs have, by the generator's account."""
    with open(os.path.join(folder, "truth.json"), encoding="utf-8") as file:
        return json.load(file)["log_lines"]


def read_once(logs):
    """Reads all files, so that nobody's first load waits for the disk."""
    for path in glob.glob(os.path.join(logs, "*")):
        with open(path, "rb") as file:
            while file.read(1 << 20):
                pass


def report(lines, options, seconds, milliseconds):
    """The table: medians and best of both, and how many times Beacon's median goes into DuckDB's."""
    rows = [
        f"{lines:,} log lines, {options.threads} threads each, {options.runs} rounds after a first one untimed",
        COLUMNS.format("", "Beacon", "best", "DuckDB", "best", "ratio"),
        row("load, seconds", *seconds, "{:.2f}"),
        COLUMNS.format("load, lines a second", *speeds(lines, seconds), ""),
    ]
    for question, times in zip(QUESTIONS, milliseconds, strict=True):
        rows.append(row(f"{question.title}, ms", *times, "{:.1f}"))
    return "\n".join(line.rstrip() for line in rows)


def row(title, ours, theirs, form):
    cells = [form.format(number) for times in (ours, theirs) for number in (median(times), min(times))]
    return COLUMNS.format(title, *cells, f"{median(theirs) / median(ours):.1f}")


def speeds(lines, seconds):
    return [f"{lines / number:,.0f}" for times in seconds for number in (median(times), min(times))]
