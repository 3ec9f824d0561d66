"""Whether two answers to a question are the same."""

import datetime
import re

NUMBER = re.compile(r"-?\d+(\.\d+(e-?\d+)?|e-?\d+)")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


def differences(question, peer, ours, theirs):
    """The cells that differ between Beacon and the peer of this name, as sentences."""
    ours, theirs = keyed(question, ours), keyed(question, theirs)
    result = [f"{question.title}: {label(key)} is missing in {peer}" for key in ours.keys() - theirs.keys()]
    result += [f"{question.title}: {label(key)} is missing in Beacon" for key in theirs.keys() - ours.keys()]
    for key in ours.keys() & theirs.keys():
        if ours[key] != theirs[key]:
            result.append(f"{question.title}: {label(key)} is {ours[key]} in Beacon, {theirs[key]} in {peer}")
    return result


def keyed(question, rows):
    """The cells of each row by its key, or by its place; a key that comes twice is an answer of its own."""
    result = {}
    for place, row in enumerate(rows):
        cells = tuple(map(text, row))
        key = (f"row {place + 1}",) if question.keys is None else cells[: question.keys]
        while key in result:
            key += ("again",)
        result[key] = cells
    return result


def text(value):
    """A cell as the comparison has it: times in milliseconds, no value as nothing."""
    if isinstance(value, str) and TIME.fullmatch(value):
        value = datetime.datetime.fromisoformat(value[:-1])
    if isinstance(value, datetime.datetime):
        return str(round(value.replace(tzinfo=datetime.UTC).timestamp() * 1000))
    if isinstance(value, str) and NUMBER.fullmatch(value):
        value = float(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value)


def named(question, engine, rows):
    """The rows with the names that the codes in their first column stand for."""
    codes = [str(row[0]) for row in rows if text(row[0])]
    if question.names == "hour":
        names = {code: str(int(code) * 3_600_000) for code in codes}
    else:
        found = engine.names(question.names, codes) if codes else {}
        names = {str(code): name for code, name in found.items()}
    return [(names[str(code)] if text(code) else None, *cells) for code, *cells in rows]


def label(key):
    return ", ".join(key) or "the row without a key"
