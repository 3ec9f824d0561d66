"""Rows of the two engines, cell by cell."""

import csv
import os
import subprocess
from decimal import Decimal, InvalidOperation

from .tables import RATES, TIMES
from .text import Malformed, milliseconds

RELATIVE_ERROR_MOST = 1e-12
# Far more than any answer takes; it ends a program that hangs.
SECONDS_MOST = 300


class BeaconFailed(Exception):
    """The program under test ended with an error."""


def beacon_rows(beacon, data, sql):
    """The rows of the built program's answer, one character per byte."""
    command = [beacon, "query", "--data", data, "--format", "csv", sql]
    environment = os.environ | {"SWIFT_BACKTRACE": "enable=no"}
    try:
        done = subprocess.run(command, capture_output=True, check=False, env=environment, timeout=SECONDS_MOST)
    except subprocess.TimeoutExpired as error:
        raise BeaconFailed(f"no answer within {SECONDS_MOST} s") from error
    if done.returncode != 0:
        raise BeaconFailed(f"exit code {done.returncode}: {done.stderr.decode(errors='replace').strip()}")
    # Split here, not by the csv module's universal newlines: values may hold any byte.
    rows = list(csv.reader(iter_lines(done.stdout.decode("latin-1"))))
    return rows[1:]


def iter_lines(text):
    start = 0
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end + 1
        yield text[start:end]
        start = end


def key_text(name, text):
    """A key of the answer as the oracle writes it: times as milliseconds, no value as None."""
    if text == "":
        return None
    if name in TIMES:
        return moment(text)
    return BOOLEANS.get(text, text) if name == "tracked" else text


BOOLEANS = {"true": "yes", "false": "no"}


def moment(text):
    try:
        return str(milliseconds(text))
    except Malformed:
        return text


def expected_key(value):
    return None if value is None else str(value)


def is_equal(name, expected, text):
    """Whether the cell `text` says `expected`: counts and sums exactly, rates to the last digits of a double."""
    if expected is None or text == "":
        return expected is None and text == ""
    try:
        if name in RATES:
            found = float(text)
            return abs(found - expected) <= RELATIVE_ERROR_MOST * max(abs(found), abs(expected))
        if name == "revenue":
            return Decimal(text) * 1_000_000 == expected
        return int(text) == expected
    except (ValueError, InvalidOperation):
        return False


def differences(table, expected, found):
    """The cells that differ, as sentences; rows are matched by their keys."""
    width = len(table.keys)
    by_key = {}
    result = []
    for row in found:
        if len(row) != width + len(table.measures):
            result.append(f"a row of {len(row)} cells: {row}")
            continue
        key = tuple(map(key_text, table.keys, row[:width]))
        if key in by_key:
            result.append(f"{label(table, key)}: two rows")
        by_key[key] = row[width:]
    for row in expected:
        key = tuple(map(expected_key, row[:width]))
        cells = by_key.pop(key, None)
        if cells is None:
            result.append(f"{label(table, key)}: no such row in the answer")
            continue
        for name, value, text in zip(table.measures, row[width:], cells, strict=True):
            if not is_equal(name, value, text):
                result.append(f"{label(table, key)}: {name} is {shown(name, value)} here, {text or 'NULL'} there")
    result += [f"{label(table, key)}: a row that should not be" for key in by_key]
    return result


def cell_of(kind, text):
    """A cell of a listing as the oracle writes it."""
    if text == "":
        return None
    try:
        if kind == "time":
            return milliseconds(text)
        if kind == "decimal":
            return Decimal(text) * 1_000_000
        if kind == "boolean":
            return {"true": True, "false": False}.get(text, text)
        return {"integer": int, "number": float}.get(kind, str)(text)
    except (Malformed, ValueError, InvalidOperation):
        return text


def is_same(kind, expected, found):
    if kind != "number" or None in (expected, found) or isinstance(found, str):
        return expected == found
    return abs(found - expected) <= RELATIVE_ERROR_MOST * max(abs(found), abs(expected))


def listing_differences(listing, expected, found):
    """The cells that differ, as sentences; rows are matched by their place."""
    result = [] if len(expected) == len(found) else [f"{len(expected)} rows here, {len(found)} there"]
    for place, (row, texts) in enumerate(zip(expected, found, strict=False)):
        if len(texts) != len(listing.columns):
            result.append(f"row {place}: {len(texts)} cells: {texts}")
            continue
        for (name, kind), value, text in zip(listing.columns.items(), row, texts, strict=True):
            if not is_same(kind, value, cell_of(kind, text)):
                result.append(f"row {place}, {row[:2]}: {name} is {value!r} here, {text or 'NULL'} there")
    return result


def label(table, key):
    return ", ".join(f"{name} = {value!r}" for name, value in zip(table.keys, key)) or "the only row"


def shown(name, value):
    if value is None:
        return "NULL"
    return Decimal(value) / 1_000_000 if name == "revenue" else value
