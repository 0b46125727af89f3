"""Gates by evidence: what must be there before a stage is left. Modules enter their checks here from `apps.ready()`.

A hard check is decided by the product, a confirmed one by a person with a comment. A check that accepts a file is
satisfied by evidence attached under its code; a module whose objects are the real evidence registers a check of the
same code and takes its place::

    gates.register(Gate("maps.current", "current_mapping", "Карта текущего состояния", check=map_is_whole))
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gemba.projects.models import Project


@dataclass(frozen=True)
class Answer:
    """What a hard check found: whether it is there, what exactly is missing, where to mend it."""

    is_there: bool
    text: str = ""
    url: str = ""


Check = Callable[["Project", date], Answer]


@dataclass(frozen=True)
class Gate:
    """One condition for leaving a stage; without `check` it is a file or, with `is_confirmed`, a person's tick."""

    code: str
    stage_code: str
    title: str
    check: Check | None = None
    is_confirmed: bool = False
    # Of files: a module that keeps the real thing takes the place.
    is_provisional: bool = False
    hint: str = ""

    @property
    def takes_file(self) -> bool:
        """Tell whether evidence is a file attached under the code."""
        return self.check is None and not self.is_confirmed


_gates: dict[str, Gate] = {}


def register(gate: Gate) -> None:
    """Enter a gate; one that stays takes the place of a provisional one, in its turn.

    :raises ValueError: when another one that stays has this code.
    """
    known = _gates.get(gate.code)
    if known is not None and known != gate and not known.is_provisional:
        if gate.is_provisional:
            return
        raise ValueError(f"the gate {gate.code!r} is already registered")
    _gates[gate.code] = gate


def gates_of(stage_code: str) -> list[Gate]:
    """Return the gates of a stage in the order of registration."""
    return [gate for gate in _gates.values() if gate.stage_code == stage_code]


def gate_of(code: str) -> Gate | None:
    """Return a gate by its code."""
    return _gates.get(code)


def all_gates() -> list[Gate]:
    """Return every gate."""
    return list(_gates.values())
