"""GoAccess, which counts hits and knows nothing of campaigns: it is timed loading the same logs, and asked nothing."""

import glob
import json
import os
import subprocess
import sys
import time

from .measure import child_peak


def version():
    done = subprocess.run(["goaccess", "--version"], check=True, capture_output=True, text=True)
    return done.stdout.split("\n", maxsplit=1)[0].split()[-1].strip(".")


def load(logs, report, lines):
    """Reads the folder of logs in one thread, gzipped ones through zcat; answers seconds and bytes at its peak."""
    started = time.perf_counter()
    source = subprocess.Popen(["zcat", "-f", *sorted(glob.glob(f"{logs}/*"))], stdout=subprocess.PIPE)
    command = ["goaccess", "--log-format=COMBINED", "--no-progress", f"--output={report}", "-"]
    reader = subprocess.Popen(command, stdin=source.stdout, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    source.stdout.close()
    peak = child_peak(reader)
    seconds = time.perf_counter() - started
    if source.wait() or reader.returncode:
        sys.exit("scripts/peers: GoAccess did not read the logs")
    with open(report, encoding="utf-8", errors="replace") as file:
        counted = json.load(file)["general"]["total_requests"]
    os.remove(report)
    if counted != lines:
        sys.exit(f"scripts/peers: GoAccess counts {counted} lines of {lines} that are not empty")
    return seconds, peak
