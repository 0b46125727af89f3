"""docs/requirements.md is complete and true."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from gemba.regulations.pack import Pack, load_pack
from gemba.regulations.pack.addresses import addresses

ROOT = Path(__file__).resolve().parents[1]
ROW = re.compile(r"^\| (R-\d{3}) \| (.+?) \| (.*?) \| (.+?) \| (.*?) \|$", re.M)
PLACE = re.compile(r"`([\w-]+/[\w-]+)` (.+?) → `(.+?)`")
ROWS = ROW.findall((ROOT / "docs/requirements.md").read_text(encoding="utf-8"))
# Tables of sentences about one module, and how many they are at least.
LEAST = {"projects": 26, "proposals": 90, "plan": 100}
# Modules of the plan of the code that are still to come: a requirement may wait for these only.
COMING = {
    "meetings", "assignments", "projects", "training", "diagnostics", "contests", "replication", "surveys",
    "boards and processes", "portal", "self_assessment",
}  # fmt: skip


@cache
def pack(edition: str) -> Pack:
    return load_pack(ROOT / "regulations" / f"{edition}.yaml")


@cache
def known(edition: str) -> set[str]:
    return set(addresses(pack(edition)))


def test_every_requirement_stands_once() -> None:
    assert [code for code, *_ in ROWS] == [f"R-{number:03}" for number in range(1, 354)]


@pytest.mark.parametrize(("code", "what", "places", "product", "tests"), ROWS, ids=[row[0] for row in ROWS])
def test_a_requirement_is_where_the_table_says(
    code: str, what: str, places: str, product: str, tests: str
) -> None:
    found = PLACE.findall(places)
    assert found and len(found) == places.count("→"), "an edition, a clause and a rule"
    for edition, ref, rule in found:
        assert ref in known(edition), ref
        assert _has(pack(edition), rule), rule
    for part in product.split(";"):
        if "later" in part:
            coming = part.split("later", 1)[1].strip(" ,")
            assert not coming or coming in COMING, coming
            continue
        for name in re.sub(r"\(.*?\)", "", part).split(","):
            assert (ROOT / "gemba" / name.strip() / "__init__.py").exists(), name
    assert tests
    for path in re.findall(r"`(.+?)`", tests):
        assert (ROOT / path).exists(), path


def _has(whole: Pack, rule: str) -> bool:
    """Tell whether the first steps of a rule's place exist: the list, and the code in it."""
    list_name, _, rest = rule.partition(".")
    if list_name not in type(whole).model_fields:
        return False
    listed = getattr(whole, list_name)
    if not rest or not isinstance(listed, list):
        return listed is not None
    first = rest.split(".")[0].split("[")[0]
    codes = {str(getattr(item, "code", getattr(item, "number", ""))) for item in listed}
    codes |= {str(item.number) for item in listed if hasattr(item, "number")}
    return first in codes or first in {getattr(item, "act", "") for item in listed}


def test_every_table_of_sentences_is_checked() -> None:
    tables = {path.stem.removeprefix("requirements-") for path in (ROOT / "docs").glob("requirements-*.md")}
    assert tables == LEAST.keys()


@pytest.mark.parametrize(("module", "least"), LEAST.items())
def test_the_sentences_about_a_module_name_what_is_there(module: str, least: int) -> None:
    text = (ROOT / f"docs/requirements-{module}.md").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    rows = [line.split("|")[1:4] for line in lines if line != "| What | Where | Test |"]
    assert len(rows) >= least
    for what, places, test in rows:
        # Either it is named, or it is said that there is none.
        assert "`" in places or places.startswith(" none"), what
        assert "`" in test or test.startswith(" no test"), what
        for name in re.findall(r"`(.+?)`", places):
            assert _within(f"gemba/{module}", name).exists(), (what, name)
        for name in re.findall(r"`(.+?)`", test):
            path, _, function = name.partition("::")
            file = _within(f"gemba/{module}/tests", path)
            assert file.exists(), (what, path)
            assert not function or f"\ndef {function}(" in file.read_text(encoding="utf-8"), (what, name)


def _within(folder: str, name: str) -> Path:
    """Return a path of the table: from the root when it says so, otherwise from the folder of the module."""
    return ROOT / name if name.startswith(("gemba/", "tests/", "docs/")) else ROOT / folder / name
