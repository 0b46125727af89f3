"""Every full procedure in regulations/README.md is loaded, and every example in it comes out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from gemba.regulations.pack.procedures import Example, Procedure
from gemba.scorecards.examples import failures
from gemba.scorecards.findings import check_procedure

GUIDE = Path(__file__).parents[3] / "regulations" / "README.md"


def as_in_a_pack(value: object) -> object:
    """Read scalars the way the loader of packs does: everything is text, only null is nothing."""
    if isinstance(value, dict):
        return {key: as_in_a_pack(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_in_a_pack(item) for item in value]
    return None if value in ("", "~", "null") else value


def read_procedures(text: str) -> list[Procedure]:
    return [Procedure.model_validate(item) for item in as_in_a_pack(yaml.load(text, Loader=yaml.BaseLoader))]


def documented() -> list[Procedure]:
    blocks = re.findall(r"```yaml\n(.*?)```", GUIDE.read_text(encoding="utf-8"), flags=re.DOTALL)
    full = [block for block in blocks if block.startswith("- code:")]
    return [procedure for block in full for procedure in read_procedures(block)]


PROCEDURES = documented()
EXAMPLES = [(procedure, example) for procedure in PROCEDURES for example in procedure.examples]


def test_the_guide_shows_a_procedure_of_every_kind() -> None:
    kinds = {criterion.kind for procedure in PROCEDURES for criterion in procedure.criteria}
    assert kinds >= {"mark", "ranges", "per_unit", "yes_no", "sum_rows", "one_row", "value", "levels"}


@pytest.mark.parametrize(
    ("procedure", "example"),
    EXAMPLES,
    ids=[f"{procedure.code}: {example.title}" for procedure, example in EXAMPLES],
)
def test_example_comes_out(procedure: Procedure, example: Example) -> None:
    assert failures(procedure, example) == []


@pytest.mark.parametrize("procedure", PROCEDURES, ids=lambda procedure: procedure.code)
def test_the_linter_finds_no_failing_example_and_no_wrong_maximum(procedure: Procedure) -> None:
    codes = {finding.code for finding in check_procedure(procedure)}
    assert not codes & {"example-fails", "declared-maximum", "range-gap", "band-overlap", "unreachable-band"}


def test_the_shortest_procedure_is_valid() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    shortest = re.search(r"```yaml\nprocedures:\n(.*?)```", text, flags=re.DOTALL)
    assert shortest
    assert read_procedures(shortest.group(1))[0].code == "mini"
