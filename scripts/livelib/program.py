"""The program under test: where a build leaves it, and whether it is there."""

import os
import shutil
import sys

from oraclelib.environment import ROOT

BEACON = os.path.join(ROOT, ".build/release/beacon")


def need_program(path):
    """Stops where there is no such program, and says how to get it."""
    if not shutil.which(path):
        sys.exit(f"{path} is no program: build it (swift build -c release --product beacon), or name one (--beacon)")


def need_installed(*names):
    """Stops where the tests' programs are not installed."""
    missing = [name for name in names if not shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin")]
    if missing:
        sys.exit(f"{' and '.join(missing)} not installed: run scripts/setup --tests")
