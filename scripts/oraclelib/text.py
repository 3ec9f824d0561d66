"""Small readings of text: escapes, percent-decoding, times, decimals.

Text is held one character per byte (Latin-1), so that any bytes survive, compare byte by byte and come out equal.
"""

import calendar
import functools
import re
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

LOG_ESCAPE = re.compile(r"\\(x[0-9A-Fa-f]{2}|.|$)", re.DOTALL)
LOG_ESCAPES = {'"': '"', "\\": "\\", "n": "\n", "r": "\r", "t": "\t", "b": "\b", "v": "\v", "f": "\f"}
PERCENT = re.compile(r"%([0-9A-Fa-f]{2})?")
TIME = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?(Z|[+-]\d\d(?::?\d\d)?)?"
)


class Malformed(Exception):
    """The text is not what its format says."""


def unescape_log(text):
    """Undoes nginx's and Apache's escaping of one field."""
    if "\\" not in text:
        return text

    def undo(match):
        escape = match.group(1)
        if len(escape) == 3:
            return chr(int(escape[1:], 16))
        if escape not in LOG_ESCAPES:
            raise Malformed("escape")
        return LOG_ESCAPES[escape]

    return LOG_ESCAPE.sub(undo, text)


def percent_decode(text):
    if "%" not in text:
        return text

    def undo(match):
        if match.group(1) is None:
            raise Malformed("escape")
        return chr(int(match.group(1), 16))

    return PERCENT.sub(undo, text)


def milliseconds(text):
    """UTC milliseconds of an RFC 3339 time, or of a number whose magnitude tells its unit."""
    if re.fullmatch(r"\d+(\.\d*)?", text):
        return of_magnitude(Decimal(text))
    match = TIME.fullmatch(text)
    if not match:
        raise Malformed("time")
    year, month, day, hour, minute, second, fraction, zone = match.groups()
    hour, minute, second = int(hour or 0), int(minute or 0), int(second or 0)
    if hour > 23 or minute > 59 or second > 59:
        raise Malformed("time")
    seconds = day_start(year, month, day) + hour * 3600 + minute * 60 + second
    result = seconds * 1000 + int(((fraction or "") + "000")[:3])
    if zone and zone != "Z":
        digits = zone[1:].replace(":", "").ljust(4, "0")
        offset = (int(digits[:2]) * 60 + int(digits[2:])) * 60_000
        result -= offset if zone[0] == "+" else -offset
    return result


@functools.cache
def day_start(year, month, day):
    """Seconds from 1970 to the beginning of a day."""
    year, month, day = int(year), int(month), int(day)
    if not (year and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]):
        raise Malformed("time")
    return calendar.timegm((year, month, day, 0, 0, 0))


def of_magnitude(number):
    """Milliseconds of a number of seconds, milliseconds, microseconds or nanoseconds since 1970."""
    for bound, factor in ((10**11, Decimal(1000)), (10**14, Decimal(1)), (10**17, Decimal("0.001"))):
        if number < bound:
            return int(number * factor)
    return int(number / 1_000_000)


def millionths(text):
    """A decimal number in millionths."""
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise Malformed("number") from error
    if not value.is_finite():
        raise Malformed("number")
    return int((value * 1_000_000).quantize(Decimal(1), rounding=ROUND_HALF_EVEN))
