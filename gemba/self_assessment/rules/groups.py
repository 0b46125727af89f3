"""Rating groups: which value of the regulation's variable a kind of organisation belongs to."""

from __future__ import annotations

from collections.abc import Sequence

from gemba.regulations.pack.procedures import Procedure, Variable

# Bodies of power first, what is subordinate to them last: so do the acts list them.
BODIES = ("omsu", "structural_unit")


def group_variable(procedure: Procedure) -> Variable | None:
    """Return the variable by which organisations are rated apart, or None when all are rated together."""
    names = procedure.ranking.groups if procedure.ranking else []
    return next((each for each in procedure.context if each.code in names and each.values), None)


def usual_groups(variable: Variable | None, kinds: Sequence[str]) -> dict[str, str]:
    """Return the group of each kind as it is offered; the municipality confirms it when it opens the campaign."""
    values = list(variable.values or {}) if variable else []
    if not values:
        return {}
    return {kind: values[0] if kind in BODIES else values[-1] for kind in kinds}


def group_title(variable: Variable | None, value: str) -> str:
    """Return the group in the words of the regulation."""
    return (variable.values or {}).get(value, "") if variable else ""
