"""Beacon as its user has it: `beacon ingest` once, then one `beacon query` that is asked line by line."""

import csv
import os
import subprocess
import sys
import tempfile
import time

from .measure import child_peak, memory

# Asked behind every question: its header and its only row say that the answer before it is complete.
END = "end_of_answer"
END_QUERY = f"SELECT opens AS {END} FROM events WHERE campaign = ''"

# A HEAD request is of a class of its own whatever sent it: no statement about the user agent.
CLASSES = """SELECT user_agent, machine_class FROM events
WHERE kind IN ('opened', 'clicked') AND machine_class <> 'head'
GROUP BY user_agent, machine_class SETTINGS audience = all"""

RECORDS = ["sends.ndjson", "outcomes.ndjson", "recipients.csv"]


class Beacon:
    """One data directory and, once it is asked, the process that answers about it."""

    name = "Beacon"

    def __init__(self, program, data, threads, ip="prefix"):
        """What is kept of addresses is `ip`: prefix, raw or none."""
        self.program = program
        self.ip = ip
        self.data = data
        self.threads = str(threads)
        self.process = None
        self.messages = None
        self.peak = 0
        done = subprocess.run([self.program, "--version"], check=True, capture_output=True, text=True)
        self.version = done.stdout.split()[-1]

    def load(self, logs):
        """Loads the folder of logs into the empty data directory; answers the seconds until it is on disk."""
        return self.ingest([logs])

    def load_records(self, folder):
        """Loads sends, outcomes and attributes beside the logs; answers the seconds until they are on disk."""
        return self.ingest([os.path.join(folder, name) for name in RECORDS])

    def ingest(self, paths):
        command = [self.program, "ingest", "--threads", self.threads, "--ip", self.ip, "--data", self.data, *paths]
        with tempfile.TemporaryFile("w+", encoding="utf-8") as messages:
            started = time.perf_counter()
            process = subprocess.Popen(command, stdout=messages, stderr=messages)
            self.peak = max(self.peak, child_peak(process))
            seconds = time.perf_counter() - started
            if process.returncode != 0:
                messages.seek(0)
                sys.exit(f"scripts/peers: beacon ingest failed: {messages.read()}")
        return seconds

    def memory(self):
        """Bytes that are resident in the process that answers, and the most that one that loads had."""
        if not self.process:
            self.start()
            self.ask("SELECT opens, clicks, sent, delivered, bounced FROM events")
        return memory(self.process.pid) | {"peak": self.peak}

    def stored(self):
        """The bytes of the data directory's files."""
        paths = [os.path.join(parent, name) for parent, _, names in os.walk(self.data) for name in names]
        return sum(map(os.path.getsize, paths))

    def ask(self, sql):
        """The rows of the answer as texts, and the milliseconds that the program says they took."""
        if not self.process:
            self.start()
        start = self.messages.tell()
        for line in (sql, END_QUERY):
            self.process.stdin.write(" ".join(line.split()) + "\n")
        self.process.stdin.flush()
        lines = list(iter(self.process.stdout.readline, f"{END}\n"))
        self.process.stdout.readline()
        self.messages.seek(start)
        words = self.messages.readline().split()
        self.messages.seek(0, os.SEEK_END)
        if len(words) != 2 or words[1] != "ms":
            sys.exit(f"scripts/peers: beacon query said '{' '.join(words)}' to: {sql}")
        return list(csv.reader(lines))[1:], float(words[0])

    def start(self):
        command = [self.program, "query", "--threads", self.threads, "--data", self.data, "--timing", "--format", "csv"]
        self.messages = tempfile.TemporaryFile("w+", encoding="utf-8")
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.messages, encoding="utf-8"
        )

    def classes(self):
        """Every user agent, as the log writes it, with its machine class; none at all is a class too."""
        return [(agent or "-", machine_class) for agent, machine_class in self.ask(CLASSES)[0]]

    def close(self):
        if self.process:
            self.process.stdin.close()
            self.process.stdout.close()
            self.process.wait()
            self.messages.close()
            self.process = None
