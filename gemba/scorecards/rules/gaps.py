"""What is missing for more: for each criterion the nearest row that would raise it, and by how much."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from gemba.regulations.pack.procedures import Procedure, Rows
from gemba.scorecards.rules.engine import score


@dataclass(frozen=True, slots=True)
class Gap:
    """A step upwards in one criterion: which rows are missing and what they would add."""

    criterion: str
    title: str
    rows: tuple[str, ...]
    texts: tuple[str, ...]
    gain: Decimal
    evidence: str = ""
    clause: str = ""
    is_weightless: bool = False
    """The criterion has no coefficient, so the gain is in its own points."""


def gaps(
    *, procedure: Procedure, answers: Mapping[str, Any], context: Mapping[str, Any] | None = None
) -> list[Gap]:
    """Return the nearest step upwards of every criterion of rows, the largest gain first."""
    now = score(procedure=procedure, answers=answers, context=context)
    found = []
    for criterion in procedure.criteria:
        if not isinstance(criterion, Rows) or criterion.code not in now.criteria:
            continue
        chosen = chosen_rows(answers.get(criterion.code))
        best: Gap | None = None
        for rows in _steps(criterion, chosen):
            kept = [code for code in chosen if code not in _nothing(criterion)]
            tried = {**answers, criterion.code: [*rows] if criterion.kind == "one_row" else [*kept, *rows]}
            then = score(procedure=procedure, answers=tried, context=context).criteria[criterion.code]
            was = now.criteria[criterion.code]
            weightless = then.weighted is None and then.points is not None
            gain = (
                (then.points or Decimal(0)) - (was.points or Decimal(0))
                if weightless
                else (then.weighted or Decimal(0)) - (was.weighted or Decimal(0))
            )
            if gain > 0 and (best is None or (len(rows), gain) < (len(best.rows), best.gain)):
                texts = tuple(row.text for row in criterion.rows if row.code in rows)
                evidence = next(
                    (row.evidence for row in criterion.rows if row.code in rows and row.evidence),
                    criterion.evidence or "",
                )
                best = Gap(
                    criterion.code, criterion.title, rows, texts, gain, evidence or "", "; ".join(criterion.clause),
                    weightless,
                )  # fmt: skip
        if best is not None:
            found.append(best)
    return sorted(found, key=lambda gap: (gap.is_weightless, -gap.gain, gap.criterion))


def chosen_rows(answer: Any) -> list[str]:
    """Return the codes of rows an answer names."""
    if isinstance(answer, Mapping):
        return [str(code) for code, times in answer.items() if times not in (False, None, 0, "0")]
    if isinstance(answer, list):
        return [str(code) for code in answer]
    return [str(answer)] if isinstance(answer, str) and answer else []


def _nothing(criterion: Rows) -> set[str]:
    return {row.code for row in criterion.rows if row.nothing}


def _steps(criterion: Rows, chosen: list[str]) -> list[tuple[str, ...]]:
    """Return what could be added: one row; of a chain, everything missing up to a row."""
    missing = [row.code for row in criterion.rows if not row.nothing and row.code not in chosen]
    if criterion.kind != "levels":
        return [(code,) for code in missing]
    return [tuple(missing[: count + 1]) for count in range(len(missing))]
