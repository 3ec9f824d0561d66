"""The oracle against a set small enough to work out by hand: who checks must be checked."""

import gzip
import json
import os
import tempfile
import unittest

from .classes import bounce_class, is_machine
from .compare import differences, listing_differences
from .model import load
from .reading import Reader, route
from .rows import EMAIL, LISTINGS, Listing, row_answer, row_questions
from .tables import MAIN_TABLES, MORE_TABLES, Settings, Table, answer, questions
from .text import Malformed, milliseconds, millionths, percent_decode, unescape_log

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"


def record(time, kind, recipient, campaign="spring", **fields):
    key = {"time": f"2026-03-{time}Z", "kind": kind, "campaign": campaign, "recipient": recipient}
    return json.dumps(key | fields)


SENDS = [
    record("14T09:00:00", "sent", "ann@Example.COM", variant="b", template="plain"),
    record("14T09:00:00", "sent", "bob@example.com", variant="a"),
    record("14T09:00:01", "sent", "cid@example.org", tracked="no"),
    record("14T09:00:02", "sent", "dan"),
    record("15T10:00:00", "sent", "ann@Example.COM", campaign="autumn", send="again"),
]
OUTCOMES = [
    record("14T09:00:05", "delivered", "ann@Example.COM"),
    # The delivery after the bounce makes it no bounce; the other way round it stays one.
    record("14T09:10:00", "bounced", "bob@example.com", code="4.2.2"),
    record("14T09:20:00", "delivered", "bob@example.com"),
    record("14T09:10:00", "bounced", "dan", code="5.1.1", reason="no such user"),
    # An earlier bounce of another class decides nothing.
    record("14T09:05:00", "bounced", "dan", code="4.2.2"),
    record("14T09:30:00", "deferred", "cid@example.org", code="4.7.1"),
    # The same event twice, by its id.
    record("16T00:00:00", "converted", "ann@Example.COM", value="19.90", currency="EUR", id="x1"),
    record("16T00:00:00", "converted", "ann@Example.COM", value="19.90", currency="EUR", id="x1"),
    record("16T00:00:01", "converted", "ann@Example.COM", value=0.000001, id="x2"),
    record("16T01:00:00", "complained", "cid@example.org", reason="abuse"),
    record("16T01:00:00", "exploded", "cid@example.org"),
    '{"time":"2026-03-16T01:00:00Z","kind":"sent","campaign":"spring"}',
    "not json",
]


def hit(time, request, status=200, agent=PHONE):
    return f'203.0.113.9 - - [{time} +0000] "{request} HTTP/1.1" {status} 43 "-" "{agent}"'


LOG = [
    hit("14/Mar/2026:09:12:01", "GET /o?c=spring&r=ann%40Example.COM"),
    hit("14/Mar/2026:09:13:01", "GET /o?c=spring&r=ann%40Example.COM", 304),
    hit("14/Mar/2026:10:12:01", "GET /o/spring/bob%40example.com.gif", agent="Mozilla/5.0"),
    hit("14/Mar/2026:10:12:02", "HEAD /c/spring/bob%40example.com/l1", 302),
    hit("14/Mar/2026:10:12:03", "GET /c?c=spring&r=cid%40example.org&l=l1", 302, "-"),
    hit("14/Mar/2026:10:12:04", "GET /c/spring/cid%40example.org/l2", 302),
    hit("15/Mar/2026:11:12:04", "GET /o?c=autumn&r=ann%40Example.COM&s=again"),
    hit("15/Mar/2026:11:12:05", "POST /u?c=autumn&r=ann%40Example.COM&s=again&reason=too+often"),
    hit("15/Mar/2026:11:12:05", "GET /u?c=autumn&r=ann%40Example.COM&s=again"),
    hit("15/Mar/2026:11:12:05", "GET /o?c=autumn&r=ann%40Example.COM&s=again", 404),
    hit("15/Mar/2026:11:12:05", "GET /favicon.ico"),
    hit("15/Mar/2026:11:12:05", "GET /o?c=autumn"),
    hit("15/Mar/2026:11:12:05", "GET /o?c=autumn&r=%zz"),
    hit("31/Feb/2026:11:12:05", "GET /o?c=autumn&r=a"),
    '203.0.113.9 - - [15/Mar/2026:11:12:05 +0000] "GET /o?c=autumn&r=a',
    "",
]

FILES = {
    "sends.ndjson": SENDS,
    "outcomes.ndjson": OUTCOMES,
    "recipients.csv": ["recipient,school", "ann@Example.COM,Law", "bob@example.com,Arts"],
    "links.csv": ["link,url", "l1,https://example.com/ä"],
    "campaigns.csv": ["campaign,subject", "spring,Spring is here"],
}


def write_files(folder):
    for name, lines in FILES.items():
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
    os.mkdir(os.path.join(folder, "logs"))
    text = "\n".join(LOG) + "\n"
    with open(os.path.join(folder, "logs", "edge1.log"), "w", encoding="latin-1") as file:
        file.write(text)
    # The same content under another name counts once.
    with gzip.open(os.path.join(folder, "logs", "edge1-again.log.gz"), "wt", encoding="latin-1") as file:
        file.write(text)


# Of Ann's email of the spring.
OPENED = {
    "sent_at": "14T09:00:00",
    "delivered_at": "14T09:00:05",
    "first_open_at": "14T09:12:01",
    "last_open_at": "14T09:13:01",
    "converted_at": "16T00:00:00",
}
# Nobody's status is shared in so small a set.
EMPTY = {"hours to the first open by status"}


class HandMadeSet(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as scratch:
            write_files(folder)
            cls.base, cls.counts = load(folder, scratch, 2)

    def answer(self, keys, measures, settings, **conditions):
        table = Table("", keys, measures, **conditions)
        rows = answer(self.base, table, settings)
        return {row[: len(keys)] if len(keys) != 1 else row[0]: row[len(keys) :] for row in rows}

    def test_lines_are_counted_by_what_became_of_them(self):
        rejected = {name: count for name, count in self.counts.items() if name.startswith("rejected")}
        self.assertEqual(self.counts["lines"], len(SENDS) + len(OUTCOMES) + len(LOG))
        self.assertEqual(
            rejected,
            {
                "rejected: kind": 1,
                "rejected: missing key": 2,
                "rejected: malformed": 2,
                "rejected: escape": 1,
                "rejected: time": 1,
            },
        )
        self.assertEqual(self.counts["ignored"], 4)

    def test_totals_of_people(self):
        measures = "sent delivered bounced hard_bounced soft_bounced opens clicks unique_opens unique_clicks".split()
        row = self.answer([], measures, Settings("human", "on"))[()]
        # Ann twice and Cid by his clicks opened; what Bob's machines did does not exist.
        self.assertEqual(row, (5, 4, 1, 1, 0, 3, 2, 3, 1))

    def test_totals_of_everybody_without_implied_opens(self):
        measures = "opens clicks unique_opens unique_clicks openers clickers recipients population revenue".split()
        row = self.answer([], measures, Settings("all", "off"))[()]
        self.assertEqual(row, (4, 3, 3, 2, 2, 2, 4, 3, 19_900_001))

    def test_rates_of_a_campaign(self):
        measures = "open_rate ctr ctor conversion_rate complaint_rate unsubscribe_rate bounce_rate".split()
        answer = self.answer(["campaign"], measures, Settings("human", "on"))
        self.assertEqual(answer["spring"], (2 / 2, 1 / 2, 1 / 2, 1 / 3, 1 / 3, 0, 1 / 4))
        self.assertEqual(answer["autumn"], (1, 0, 0, 0, 0, 1, 0))

    def test_denominators(self):
        measures = ["population", "unsubscribe_rate"]
        of = {name: self.answer([], measures, Settings("human", "on", name))[()] for name in ("sent", "tracked")}
        self.assertEqual(of, {"sent": (5, 1 / 5), "tracked": (4, 1 / 5)})

    def test_numerators_follow_event_keys_and_denominators_do_not(self):
        measures = ["clicks", "ctr", "population", "ctor"]
        answer = self.answer(["campaign", "link"], measures, Settings("all", "on"))
        # Ann, Bob and Cid opened; of the clickers of l1 one is not tracked, and counts all the same.
        self.assertEqual(answer["spring", "l1"], (2, 2 / 2, 2, 2 / 3))
        self.assertEqual(answer["spring", "l2"], (1, 1 / 2, 2, 1 / 3))
        self.assertEqual(answer["spring", None], (0, 0, 2, 0))

    def test_rows_are_the_keys_of_events_and_states(self):
        hours = self.answer(["hour"], ["opens"], Settings("human", "on"))
        wanted = "14T09 14T10 15T10 15T11 16T00 16T01".split()
        self.assertEqual(set(hours), {milliseconds(f"2026-03-{hour}:00:00Z") for hour in wanted})

    def test_a_state_has_the_place_of_its_event(self):
        answer = self.answer(["bounce_class", "code"], ["bounced", "delivered"], Settings("human", "on"))
        self.assertEqual(answer["hard", "5.1.1"], (1, 0))
        self.assertEqual(answer["soft", "4.2.2"], (0, 0))
        self.assertEqual(answer[None, None], (0, 4))
        # The class is a bounce's alone; a deferral keeps its code.
        self.assertEqual(answer[None, "4.7.1"], (0, 0))

    def test_attributes(self):
        schools = self.answer(["recipient.school"], ["sent", "open_rate"], Settings("human", "on"))
        self.assertEqual(schools, {"Law": (2, 1.0), "Arts": (1, 0.0), None: (2, None)})
        domains = self.answer(["domain"], ["sent"], Settings("human", "on"))
        self.assertEqual(domains, {"example.com": (3,), "example.org": (1,), None: (1,)})
        variants = self.answer(["variant", "template"], ["sent"], Settings("human", "on"))
        self.assertEqual(variants, {("b", "plain"): (1,), ("a", None): (1,), (None, None): (3,)})

    def test_any_bytes_come_through(self):
        answer = self.answer(["link.url"], ["clicks"], Settings("human", "on"))
        self.assertEqual(answer["https://example.com/ä".encode().decode("latin-1")], (1,))

    def test_conditions(self):
        of_school = {"on_messages": "recipient.school = 'Law'"}
        answer = self.answer(["campaign"], ["sent", "population"], Settings("human", "on"), **of_school)
        self.assertEqual(answer, {"spring": (1, 1), "autumn": (1, 1)})
        of_clicks = {"on_events": "link IS NOT NULL"}
        answer = self.answer(["campaign"], ["sent", "clicks", "ctr"], Settings("human", "on"), **of_clicks)
        self.assertEqual(answer, {"spring": (0, 2, 1 / 2)})

    def emails(self, settings):
        rows = row_answer(self.base, LISTINGS[0], settings)
        return [dict(zip(EMAIL, row, strict=True)) for row in rows]

    def test_emails_are_listed_by_their_keys_with_the_furthest_they_got(self):
        found = [(row["campaign"], row["recipient"], row["status"]) for row in self.emails(Settings("human", "on"))]
        wanted = [
            ("autumn", "ann@Example.COM", "unsubscribed"),
            ("spring", "ann@Example.COM", "converted"),
            ("spring", "bob@example.com", "delivered"),
            ("spring", "cid@example.org", "complained"),
            ("spring", "dan", "bounced"),
        ]
        self.assertEqual(found, wanted)
        self.assertEqual([row["status"] for row in self.emails(Settings("all", "on"))][2], "clicked")

    def test_every_column_of_an_email(self):
        autumn, spring, bob, cid, dan = self.emails(Settings("human", "on"))
        at = {name: milliseconds(f"2026-03-{text}Z") for name, text in OPENED.items()}
        self.assertEqual({name: spring[name] for name in at}, at)
        self.assertEqual((spring["opens"], spring["conversions"], spring["revenue"]), (2, 2, 19_900_001))
        self.assertEqual((autumn["send"], autumn["domain"]), ("again", "example.com"))
        self.assertEqual((autumn["unsubscribe_reason"], spring["unsubscribe_reason"]), ("too often", None))
        self.assertEqual((bob["opens"], bob["clicks"], bob["bounced_at"], bob["bounce_class"]), (0, 0, None, None))
        self.assertEqual((cid["clicks"], cid["links_clicked"], cid["opens"]), (2, 2, 0))
        self.assertEqual((dan["bounce_class"], dan["bounce_code"], dan["delivered_at"]), ("hard", "5.1.1", None))

    def test_every_listing_can_be_asked_and_has_rows(self):
        for listing, settings in row_questions():
            rows = row_answer(self.base, listing, settings)
            self.assertTrue(rows or listing.title in EMPTY, listing.title)
            self.assertTrue(all(len(row) == len(listing.columns) for row in rows), listing.title)

    def test_every_question_can_be_asked(self):
        for table, settings in questions():
            self.assertIsNotNone(answer(self.base, table, settings), table.title)


class Comparison(unittest.TestCase):
    table = Table("", ["hour"], ["opens", "open_rate", "revenue"])
    expected = [(3_600_000, 3, 1 / 3, 19_900_000), (None, 0, None, None)]
    found = [["1970-01-01T01:00:00Z", "3", "0.3333333333333333", "19.9"], ["", "0", "", ""]]

    def test_equal_answers_have_no_differences(self):
        self.assertEqual(differences(self.table, self.expected, self.found), [])

    def test_every_other_cell_is_a_difference(self):
        for row, column, text in ((0, 1, "4"), (0, 1, ""), (0, 2, "0.33333"), (0, 3, "19.90001"), (1, 2, "0")):
            found = [list(cells) for cells in self.found]
            found[row][column] = text
            self.assertEqual(len(differences(self.table, self.expected, found)), 1, text)

    def test_missing_repeated_and_extra_rows_are_differences(self):
        self.assertEqual(len(differences(self.table, self.expected, self.found[:1])), 1)
        self.assertEqual(len(differences(self.table, self.expected, self.found + self.found[:1])), 1)
        self.assertEqual(len(differences(self.table, self.expected[:1], self.found)), 1)
        self.assertEqual(len(differences(self.table, self.expected, [*self.found, ["x"]])), 1)


class RowComparison(unittest.TestCase):
    listing = Listing("", {"a": "text", "b": "time", "c": "decimal", "d": "number", "e": "boolean"}, "", "")
    expected = [("x", 3_600_000, 1_500_000, 1 / 3, True), (None, None, None, None, None)]
    found = [["x", "1970-01-01T01:00:00Z", "1.5", "0.3333333333333333", "true"], [""] * 5]

    def test_equal_rows_have_no_differences(self):
        self.assertEqual(listing_differences(self.listing, self.expected, self.found), [])

    def test_every_other_cell_is_a_difference(self):
        for place, text in enumerate(("y", "1970-01-01T01:00:01Z", "1.500001", "0.3334", "false")):
            for other in (text, ""):
                found = [list(cells) for cells in self.found]
                found[0][place] = other
                self.assertEqual(len(listing_differences(self.listing, self.expected, found)), 1, other)
            found = [list(cells) for cells in self.found]
            found[1][place] = text
            self.assertEqual(len(listing_differences(self.listing, self.expected, found)), 1, text)

    def test_order_and_number_of_rows_count(self):
        self.assertEqual(len(listing_differences(self.listing, self.expected, self.found[:1])), 1)
        self.assertTrue(listing_differences(self.listing, self.expected, self.found[::-1]))
        self.assertEqual(len(listing_differences(self.listing, self.expected, [self.found[0], ["x"]])), 1)


class Readings(unittest.TestCase):
    def test_escapes_are_undone_once(self):
        self.assertEqual(unescape_log(r"a\x22b\"\\x41"), 'a"b"\\x41')
        self.assertEqual(percent_decode("%2541+"), "%41+")
        for text in (r"\x2", r"\q", "\\"):
            self.assertRaises(Malformed, unescape_log, text)
        for text in ("%", "%4", "%g0"):
            self.assertRaises(Malformed, percent_decode, text)

    def test_times(self):
        same = ("2026-03-14T09:12:01Z", "2026-03-14 11:12:01+02:00", "1773479521", "1773479521000", "1773479521000000")
        self.assertEqual({milliseconds(text) for text in same}, {1_773_479_521_000})
        for text in ("2026-02-29", "2026-03-14T24:00:00Z", "soon"):
            self.assertRaises(Malformed, milliseconds, text)

    def test_decimals(self):
        self.assertEqual(millionths("-0.000001"), -1)
        for text in ("1,5", "nan", ""):
            self.assertRaises(Malformed, millionths, text)

    def test_machines_and_bounces(self):
        self.assertTrue(is_machine("Mozilla/5.0") and is_machine("curl/8.0"))
        self.assertFalse(is_machine(PHONE) or is_machine("Mozilla/5.0 (via ggpht.com GoogleImageProxy)"))
        classes = {"5.1.1": "hard", "5.1.7": "block", "5.7.13": "hard", "5.7.1": "block", "5.2.2": "soft"}
        classes |= {"4.4.4": "soft", "5.4.4": "hard", "5.4.1": "soft", "5.1.5": "unknown", "x": "unknown"}
        self.assertEqual({code: bounce_class(None, code) for code in classes}, classes)
        self.assertEqual(bounce_class("Hard", "4.2.2"), "hard")

    def test_routes(self):
        good = {"kind": "clicked", "campaign": "a b", "recipient": "r+", "link": "l", "send": "s"}
        self.assertEqual(route("GET", "/c?l=l&c=a+b&r=r%2B&s=s&x=%", 200), good)
        self.assertEqual(route("GET", "/o/c/r/s.gif", 204)["send"], "s")
        for method, target, status in (("GET", "/o/c/r", 200), ("POST", "/o?c=c&r=r", 200), ("GET", "/c/a/b", 302)):
            self.assertIsNone(route(method, target, status), target)

    def test_every_table_has_a_title_of_its_own(self):
        tables = MAIN_TABLES + MORE_TABLES
        self.assertEqual(len({table.title for table in tables}), len(tables))

    def test_a_raw_line_never_stops_the_reading(self):
        reader = Reader()
        for text in ("\x16\x03\x01", '"', "{", '{"time":{}}', "[1]", "\\x", "a" * 70_000):
            for parse in (reader.log_line, reader.record):
                reader.outcome(parse, text)
        self.assertEqual(reader.counts["events"], 0)


def main():
    suite = unittest.defaultTestLoader.loadTestsFromModule(__import__(__name__, fromlist=["main"]))
    return 0 if unittest.TextTestRunner().run(suite).wasSuccessful() else 1
