"""What higher modules say on the head's page beside the plan: red projects, overdue proposals."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from gemba.organisation.access import Actor

log = logging.getLogger("gemba.plan")


@dataclass(frozen=True)
class Told:
    """A number with its word, the page it opens, and what it is made of."""

    number: int
    word: str
    url: str
    parts: list[str] = field(default_factory=list)
    is_bad: bool = False


@dataclass(frozen=True)
class Part:
    """A part of the head's page; without a title its number stands among those of the part `under`."""

    code: str
    title: str
    order: int
    find: Callable[[Actor], Told | None]
    under: str = ""


_parts: dict[str, Part] = {}


def register(part: Part) -> None:
    """Enter a part.

    :raises ValueError: when another part has this code.
    """
    if _parts.setdefault(part.code, part).find != part.find:
        raise ValueError(f"the head's page already has a part {part.code!r}")


def told(actor: Actor, under: str = "") -> list[tuple[Part, Told]]:
    """Return what the parts say, in their order; one that fails is logged and left out."""
    found = []
    for part in sorted(_parts.values(), key=lambda one: (one.order, one.code)):
        if part.under != under:
            continue
        try:
            said = part.find(actor)
        except Exception:
            # A part of another module that fails leaves the head's page without it, not without everything.
            log.exception("head: the part %s failed", part.code)
            continue
        if said is not None:
            found.append((part, said))
    return found
