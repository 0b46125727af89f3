"""Where each kind of rule acts in the product: modules say it here, the regulation page shows it beside the rule."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Usage:
    """A place of the product in which rules of a kind act."""

    title: str
    url_name: str = ""


_usages: dict[str, list[Usage]] = {}


def register(kind: str, title: str, url_name: str = "") -> None:
    """Say that rules of this kind act in a place; `kind` is a list of the pack: `deadlines`, `plan`, `glossary`."""
    usage = Usage(title, url_name)
    known = _usages.setdefault(kind, [])
    if usage not in known:
        known.append(usage)


def of(kind: str) -> list[Usage]:
    """Return the places in which rules of the kind act; none means that they are shown for reading only."""
    return list(_usages.get(kind, []))
