"""The source files as the laws see them."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

BASE = Path(__file__).resolve().parents[2]
GEMBA = BASE / "gemba"
MODULES = sorted(place.name for place in GEMBA.iterdir() if (place / "__init__.py").exists())


@dataclass(frozen=True)
class Source:
    """One Python file of the product."""

    path: Path
    tree: ast.Module
    text: str

    @property
    def name(self) -> str:
        """Return the path from the root of the repository."""
        return self.path.relative_to(BASE).as_posix()

    @property
    def module(self) -> str:
        """Return the module of Гемба the file belongs to."""
        return self.path.relative_to(GEMBA).parts[0]

    @property
    def part(self) -> str:
        """Return the file, or package, of the module: `actions`, `models`, `tests`…"""
        parts = self.path.relative_to(GEMBA).parts
        return parts[1].removesuffix(".py") if len(parts) > 1 else ""

    def imports(self) -> Iterator[tuple[int, str]]:
        """Yield the line and the full dotted name of everything imported."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    yield node.lineno, alias.name
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                for alias in node.names:
                    yield node.lineno, f"{node.module}.{alias.name}"


@cache
def sources() -> list[Source]:
    """Read every Python file of the product but migrations."""
    found = []
    for path in sorted(GEMBA.rglob("*.py")):
        if "migrations" in path.parts:
            continue
        text = path.read_text(encoding="utf-8")
        found.append(Source(path, ast.parse(text, str(path)), text))
    return found


def product() -> list[Source]:
    """Return the files that are not tests."""
    return [source for source in sources() if source.part not in {"tests", "conftest"}]


@cache
def tracked() -> list[Path]:
    """List the files of the repository; without git, those that lie here."""
    try:
        done = subprocess.run(["git", "ls-files", "-z"], cwd=BASE, capture_output=True, check=True)
        return [BASE / name for name in done.stdout.decode().split("\0") if name and (BASE / name).is_file()]
    except (OSError, subprocess.CalledProcessError):
        skipped = {".venv", "var", "__pycache__", ".git", "node_modules", "build"}
        return [path for path in BASE.rglob("*") if path.is_file() and not skipped & set(path.parts)]
