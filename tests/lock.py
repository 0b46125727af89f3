"""Write or check the lock files: `python tests/lock.py write|check`.

The lock names every package with its hashes and no address of an index. Its first line is a fingerprint of what
pyproject.toml asks for, so that the check needs no network.
"""

import hashlib
import json
import subprocess
import sys
import tomllib
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
FILES = {"requirements.txt": [], "requirements-dev.txt": ["--extra", "dev"]}


def fingerprint() -> str:
    """Digest the dependencies that pyproject.toml asks for."""
    project = tomllib.loads((BASE / "pyproject.toml").read_text())["project"]
    asked = [project["requires-python"], project["dependencies"], project["optional-dependencies"]]
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:16]


def header() -> str:
    """Return the first line of a lock file."""
    return f"# Locked from pyproject.toml {fingerprint()}; written by `make lock`.\n"


def problems() -> list[str]:
    """Say what is wrong with the lock files."""
    found = []
    for name in FILES:
        path = BASE / name
        text = path.read_text() if path.exists() else ""
        if not text.startswith(header()):
            found.append(f"{name} does not match pyproject.toml: run `make lock`")
        if "://" in text:
            found.append(f"{name} holds an address; a lock file names packages and hashes only")
    return found


def write(upgrade: list[str]) -> None:
    """Resolve anew, keeping the versions that still fit."""
    for name, extra in FILES.items():
        path = BASE / name
        command = [
            sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml", *extra, *upgrade, "--quiet",
            "--generate-hashes", "--universal", "--python-version", "3.11",
            "--no-header", "--no-annotate", "--output-file", name,
        ]  # fmt: skip
        subprocess.run(command, cwd=BASE, check=True, stdout=subprocess.DEVNULL)
        path.write_text(header() + path.read_text().removeprefix(header()))


if __name__ == "__main__":
    if sys.argv[1:2] == ["write"]:
        write(sys.argv[2:])
    for problem in problems():
        print(problem)
    sys.exit(1 if problems() else 0)
