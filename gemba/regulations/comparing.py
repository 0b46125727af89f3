"""The difference between two editions: clauses word by word, rules fact by fact."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from gemba.regulations.pack import Pack
from gemba.regulations.pack.addresses import Address, addresses, spoken
from gemba.regulations.reading import TITLES, Rule, all_rules

State = Literal["added", "removed", "changed"]
Piece = tuple[Literal["same", "added", "removed"], str]

STATE_TITLES: dict[State, str] = {"added": "Добавлено", "removed": "Исключено", "changed": "Изменено"}


@dataclass(frozen=True)
class Difference:
    """One place that differs."""

    state: State
    section: str
    title: str
    ref: str
    pieces: tuple[Piece, ...]

    @property
    def state_title(self) -> str:
        """Return the state in words."""
        return STATE_TITLES[self.state]


def differences(old: Pack, new: Pack) -> list[Difference]:
    """Return everything that differs, texts first, in the order of the newer edition."""
    return [*_texts(old, new), *_rules(old, new)]


def _texts(old: Pack, new: Pack) -> Iterator[Difference]:
    was, became = addresses(old), addresses(new)
    names = {document.code: document.short_title for pack in (old, new) for document in pack.documents}
    for ref in [*became, *(ref for ref in was if ref not in became)]:
        before, after = was.get(ref), became.get(ref)
        if before and after and _words(before) == _words(after):
            continue
        shown = after or before
        assert shown is not None
        yield Difference(
            "changed" if before and after else "added" if after else "removed",
            names[shown.document],
            spoken(shown.number) or "Документ целиком",
            ref,
            tuple(_pieces(_words(before), _words(after))),
        )


def _words(address: Address | None) -> str:
    return f"{address.title} {address.text}".strip() if address else ""


def _rules(old: Pack, new: Pack) -> Iterator[Difference]:
    was, became = _by_place(old), _by_place(new)
    for key in [*became, *(key for key in was if key not in became)]:
        before, after = was.get(key), became.get(key)
        if before and after and _said(before) == _said(after):
            continue
        shown = after or before
        assert shown is not None
        yield Difference(
            "changed" if before and after else "added" if after else "removed",
            TITLES[shown.kind],
            shown.title or shown.text,
            shown.clauses[0] if shown.clauses else "",
            tuple(_pieces(_said(before) if before else "", _said(after) if after else "")),
        )


def _by_place(pack: Pack) -> dict[tuple[str, ...], Rule]:
    """Key rules by what stays the same between editions; inside a body the text itself is the key."""
    found: dict[tuple[str, ...], Rule] = {}
    for rule in all_rules(pack):
        inner = (rule.title, rule.text) if rule.level else ()
        found[(rule.kind, rule.group if rule.kind == "projects" else "", rule.code, *inner)] = rule
    return found


def _said(rule: Rule) -> str:
    facts = "; ".join(f"{name}: {value}" for name, value in rule.facts)
    return " ".join(part for part in (rule.title, rule.text, facts) if part)


def _pieces(before: str, after: str) -> Iterator[Piece]:
    old, new = (re.findall(r"\s+|[^\s]+", text) for text in (before, after))
    for op, i1, i2, j1, j2 in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if op == "equal":
            yield "same", "".join(old[i1:i2])
            continue
        if i2 > i1:
            yield "removed", "".join(old[i1:i2])
        if j2 > j1:
            yield "added", "".join(new[j1:j2])
