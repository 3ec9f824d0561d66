"""Around the timing: figures run by run, what is read beforehand, and how much memory a process has."""

import json
import os
import sys
from dataclasses import dataclass, field
from statistics import median

# A median that is written as 0.000 is less than this.
LEAST = 0.0005


@dataclass
class Timing:
    """What one thing took each, run by run, in its unit; of engines Beacon comes first.

    What the first run took stands apart where it is no run like the others.
    """

    title: str
    unit: str
    times: dict
    first: dict = field(default_factory=dict)

    def add(self, name, number):
        self.times.setdefault(name, []).append(number)

    def median(self, name):
        return median(self.times[name])

    def ratios(self):
        """How many times Beacon's median goes into each peer's."""
        ours, *theirs = map(median, self.times.values())
        return dict(zip(list(self.times)[1:], [number / max(ours, LEAST) for number in theirs], strict=True))


def truth(folder):
    """How many lines the logs have and how many events everything has, by the generator's account."""
    with open(os.path.join(folder, "truth.json"), encoding="utf-8") as file:
        known = json.load(file)
    return known["log_lines"], sum(known["events"].values())


def read_once(folder):
    """Reads all files, so that nobody's first load waits for the disk."""
    for parent, _, names in os.walk(folder):
        for name in names:
            with open(os.path.join(parent, name), "rb") as file:
                while file.read(1 << 20):
                    pass


def memory(process):
    """Bytes of a process that are resident now, and that were at most."""
    with open(f"/proc/{process}/status", encoding="utf-8") as file:
        fields = dict(line.split(":", maxsplit=1) for line in file)
    return {key: int(fields[name].split()[0]) * 1024 for key, name in (("resident", "VmRSS"), ("peak", "VmHWM"))}


def child_peak(process):
    """Waits for a child; answers the bytes that were resident at most."""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_maxrss * 1024


def need_space(folder, size):
    """Stops where the disk has too little room."""
    free = os.statvfs(folder).f_bavail * os.statvfs(folder).f_frsize
    if free < size:
        sys.exit(f"scripts/peers: {folder} has {free >> 30} GiB left; this needs {(size >> 30) + 1}")
