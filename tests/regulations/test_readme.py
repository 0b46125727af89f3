"""What regulations/README.md teaches is true: its example loads, and every key of the schema is explained."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from gemba.regulations.pack import Pack, load_pack
from gemba.regulations.pack.lint import lint
from gemba.regulations.pack.procedures import Procedure

ROOT = Path(__file__).resolve().parents[2] / "regulations"
README = (ROOT / "README.md").read_text(encoding="utf-8")


def example() -> str:
    found = re.search(r"```yaml\n(municipality:.*?)```", README, re.S)
    assert found
    return found[1]


def test_the_example_loads_and_its_only_finding_is_explained() -> None:
    pack = load_pack(example(), name="пример.yaml")
    assert len(pack.plan_rows()) == 1
    assert {finding.code for finding in lint(pack)} <= {
        "open-question", "scope-not-said", "inclusive-not-said", "rule-not-set"
    }  # fmt: skip


def models(root: type[BaseModel], without: set[type[BaseModel]]) -> list[type[BaseModel]]:
    seen: list[type[BaseModel]] = []

    def walk(kind: Any) -> None:
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            if kind in seen or kind in without:
                return
            seen.append(kind)
            for field in kind.model_fields.values():
                walk(field.annotation)
                for extra in field.metadata:
                    walk(extra)
        for inner in get_args(kind):
            walk(inner)

    walk(root)
    return seen


@pytest.mark.parametrize("model", models(Pack, {Procedure}), ids=lambda model: model.__name__)
def test_every_key_is_explained(model: type[BaseModel]) -> None:
    missing = [name for name in model.model_fields if not re.search(rf"\b{name}\b", README)]
    assert not missing


@pytest.mark.parametrize("model", models(Pack, {Procedure}), ids=lambda model: model.__name__)
def test_every_word_of_a_closed_list_is_named(model: type[BaseModel]) -> None:
    schema = model.model_json_schema()
    words = [word for part in schema.get("properties", {}).values() for word in part.get("enum", [])]
    words += [
        part["const"] for part in schema.get("properties", {}).values() if isinstance(part.get("const"), str)
    ]
    assert not [word for word in words if not re.search(rf"(?<!\w){re.escape(str(word))}(?!\w)", README)]
