"""The Python environment that has the other engines, for every script here that asks one."""

import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DUCKDB = "duckdb==2.0.0"
CHDB = "chdb==4.4.0"
POLARS = "polars==2.1.0"


def enter_environment(*packages):
    """Goes on with the running script in the Python environment that has the packages; makes it on first use."""
    home = os.path.join(ROOT, ".venv")
    python = os.path.join(home, "bin", "python")
    if os.path.abspath(sys.prefix) == home:
        return
    script = os.path.abspath(sys.argv[0])
    for package in packages:
        if not has(python, package):
            print(f"{os.path.relpath(script, ROOT)}: installing {package} into .venv/ ...", file=sys.stderr)
            install(home, python, package)
    os.execv(python, [python, "-B", script, *sys.argv[1:]])


def has(python, package):
    """Whether the environment is there and has this version of the package."""
    name, version = package.split("==")
    probe = [python, "-c", f"from importlib.metadata import version; assert version('{name}') == '{version}'"]
    return os.path.exists(python) and subprocess.run(probe, capture_output=True, check=False).returncode == 0


def install(home, python, package):
    command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", package]
    is_new = not os.path.exists(python)
    try:
        if is_new:
            subprocess.run([sys.executable, "-m", "venv", "--clear", home], check=True)
        subprocess.run(command, check=True)
    except subprocess.CalledProcessError:
        if is_new:
            shutil.rmtree(home, ignore_errors=True)
        sys.exit(f"no Python environment with {package}; scripts/setup --tests installs python3-venv")
