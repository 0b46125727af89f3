"""Modules meet only at their doors, and imports point downwards."""

import ast
import subprocess
import sys

import pytest

from tests.architecture.sources import BASE, GEMBA, Source, product

DOORS = {"models", "queries", "access", "actions"}
# Public modules beyond the four doors; ARCHITECTURE.md describes them.
PUBLIC: dict[str, set[str]] = {
    "kernel": {"problems", "periods", "calendar", "numbers", "words", "typos"},
    "ui": {
        "pages", "guards", "frame", "exports", "charts", "fields", "forms", "uploads", "engine", "drafts", "owner",
        "samples", "small",
    },
    "search": {"fields"},
    "statements": {"written"},
    "jobs": {"schedule", "worker"},
    "audit": {"words"},
    # forms: fields that choose a person, a unit; requests: who asks, what was sent, refusals at the fields
    "organisation": {"acts", "roles", "words", "rules", "forms", "requests"},
    "regulations": {"pack", "usage", "glossary", "frame", "deadlines"},
    "workspace": {"menu", "panels", "search", "calendar"},
    "documents": {"kinds", "files", "paper", "rendering"},
    "notices": {"register", "kinds", "registry", "reminders", "ics"},
    "plan": {"beside", "metrics", "reports", "rules"},
    "scorecards": {"rules", "entering", "papers", "subjects"},
    "proposals": {"rules"},
    "projects": {"gates", "objects"},
    "self_assessment": set(),
    "demo": set(),
    "cli": {"running"},
}  # fmt: skip


def test_the_contracts_of_import_linter_hold() -> None:
    from importlinter.cli import lint_imports

    result = subprocess.run(
        [sys.executable, "-c", "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())"],
        cwd=BASE, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert lint_imports and result.returncode == 0, result.stdout[-4000:]


def _strangers(source: Source) -> list[str]:
    found = []
    for line, name in source.imports():
        parts = name.split(".")
        if parts[0] != "gemba" or len(parts) < 2 or parts[1] == source.module:
            continue
        module, part = parts[1], parts[2] if len(parts) > 2 else ""
        is_module = bool(part) and (
            (GEMBA / module / f"{part}.py").exists() or (GEMBA / module / part).is_dir()
        )
        if is_module and part not in DOORS | PUBLIC.get(module, set()):
            found.append(f"{source.name}:{line} enters {module} by {part}")
    return found


@pytest.mark.parametrize("source", product(), ids=lambda source: source.name)
def test_a_module_is_entered_by_its_doors(source: Source) -> None:
    if source.module in {"demo", "cli"} and source.part != "cli":
        # The highest modules set scenes and start processes; they still may not reach into pages.
        assert not [place for place in _strangers(source) if place.endswith((" views", " urls", " forms"))]
        return
    assert _strangers(source) == []


@pytest.mark.parametrize(
    "source", [source for source in product() if source.part == "forms"], ids=lambda source: source.name
)
def test_a_form_knows_the_shape_of_an_act_but_does_not_act(source: Source) -> None:
    """A form builds the value an action takes (a class beside the action); the view does the act."""
    acts = [
        f"{source.name}:{line} imports {name}"
        for line, name in source.imports()
        if ".actions" in name and not name.rpartition(".")[2][0].isupper()
    ]
    assert acts == []


def test_a_pure_command_line_needs_no_django() -> None:
    """`gemba regulation check` runs beside a text editor, without settings or database."""
    code = (
        "import importlib, sys; from gemba.cli.main import PURE; [importlib.import_module(name) for name in PURE];"
        "heavy = {'django', 'openpyxl', 'granian', 'psycopg'} & set(sys.modules);"
        "sys.exit(' '.join(sorted(heavy)) or 0)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=BASE, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr


def test_every_command_line_is_reached() -> None:
    from gemba.cli.main import WORDS

    files = {f"gemba.{path.parent.name}.cli" for path in GEMBA.glob("*/cli.py")}
    assert files - set(WORDS.values()) == set()


def test_ready_only_registers() -> None:
    """`apps.ready()` runs at every start: it enters things into frames and asks the database nothing."""
    found = []
    for source in product():
        if source.part != "apps":
            continue
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Attribute) and node.attr in {"objects", "execute"}:
                found.append(f"{source.name}:{node.lineno}")
    assert found == []
