"""The Python environment that has DuckDB, for every script here that asks it."""

import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DUCKDB = "2.0.0"


def enter_environment():
    """Goes on with the running script in the Python environment that has DuckDB; makes it on first use."""
    home = os.path.join(ROOT, ".venv")
    python = os.path.join(home, "bin", "python")
    if os.path.abspath(sys.prefix) == home:
        return
    script = os.path.abspath(sys.argv[0])
    probe = [python, "-c", f"import duckdb; assert duckdb.__version__ == '{DUCKDB}'"]
    if not os.path.exists(python) or subprocess.run(probe, capture_output=True, check=False).returncode != 0:
        print(f"{os.path.relpath(script, ROOT)}: installing DuckDB into .venv/ ...", file=sys.stderr)
        make_environment(home, python)
    os.execv(python, [python, "-B", script, *sys.argv[1:]])


def make_environment(home, python):
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", f"duckdb=={DUCKDB}"]
    try:
        subprocess.run([sys.executable, "-m", "venv", "--clear", home], check=True)
        subprocess.run(install, check=True)
    except subprocess.CalledProcessError:
        shutil.rmtree(home, ignore_errors=True)
        sys.exit("no Python environment with DuckDB; scripts/setup --tests installs python3-venv")
