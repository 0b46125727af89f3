"""From the fields of a form to answers of the engine, and from a procedure to what a page shows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from gemba.regulations.models import Edition
from gemba.regulations.pack.procedures import (
    Criterion,
    Mark,
    Numeric,
    Procedure,
    Rows,
    Variable,
    When,
    YesNo,
)
from gemba.regulations.queries import addresses_of, clause_url, pack_of
from gemba.scorecards.answers import as_json
from gemba.scorecards.rules import Result, score
from gemba.scorecards.rules.criteria import is_not_applicable
from gemba.scorecards.rules.exact import shown
from gemba.scorecards.rules.gaps import chosen_rows

MOST_COMMENT = 2000


@dataclass(frozen=True)
class Hint:
    """What records of the product say about a criterion: which rows they show, where it is written."""

    criterion: str
    rows: tuple[str, ...]
    text: str
    source: str = ""
    url: str = ""


@dataclass
class RowView:
    """A row as the page shows it, in the words of the act."""

    code: str
    text: str
    points: Any
    is_nothing: bool
    is_chosen: bool
    is_each: bool
    times: str
    evidence: str
    hints: list[Hint] = field(default_factory=list)
    proofs: list[Any] = field(default_factory=list)


@dataclass
class CriterionView:
    """A criterion as the page shows it."""

    code: str
    key: str
    title: str
    clauses: list[str]
    kind: str
    evidence: str
    is_chain: bool
    is_single: bool
    rows: list[RowView]
    value: str = ""
    numerator: str = ""
    denominator: str = ""
    parts: tuple[str, str] | None = None
    unit: str = ""
    scale: tuple[Any, Any, Any] | None = None
    may_be_not_applicable: bool = False
    is_not_applicable: bool = False
    comment: str = ""
    maximum: Any = None
    hints: list[Hint] = field(default_factory=list)
    proofs: list[Any] = field(default_factory=list)
    note: str = ""


@dataclass
class VariableView:
    """Something else that must be known, as a field."""

    code: str
    title: str
    kind: str
    values: list[tuple[str, str]]
    value: str


class ClauseNames:
    """Addresses and names of the clauses of an edition, as a page needs them."""

    def __init__(self, edition: Edition) -> None:
        self._edition = edition
        self._known = addresses_of(edition)
        self._titles = {each.code: each.short_title for each in pack_of(edition).documents}

    def __call__(self, ref: str) -> str:
        """Return the address of a clause, or nothing where the edition has no text of it."""
        return clause_url(self._edition, ref) if ref in self._known else ""

    def name(self, refs: str) -> str:
        """Write references as people do: «п. 6.2 Положения»; several are parted by `; `."""
        return "; ".join(self._name(ref) for ref in refs.split("; "))

    def _name(self, ref: str) -> str:
        code, _, number = ref.partition(" ")
        title = self._titles.get(code, code)
        if not number:
            return title
        return f"{title}, п. {number.lstrip('/')}" if number != "*" else f"{title}, сноска «*»"


def clean(text: str) -> str:
    """Take away characters no database keeps."""
    return "".join(char for char in text if char in "\n\t" or char.isprintable()).strip()


def read(procedure: Procedure, sent: Mapping[str, Any], many: Callable[[str], list[str]]) -> dict[str, Any]:
    """Return the answers of a sent form; what was not answered is absent, rows that do not exist are kept and refused.

    `many` gives all values of a repeated field.
    """
    answers: dict[str, Any] = {}
    for criterion in procedure.criteria:
        if sent.get(f"na-{criterion.code}"):
            answers[criterion.code] = "n/a"
            continue
        found = _read_one(criterion, sent, many)
        if found is not None:
            answers[criterion.code] = found
    return answers


def _read_one(criterion: Criterion, sent: Mapping[str, Any], many: Callable[[str], list[str]]) -> Any:
    name = f"a-{criterion.code}"
    if isinstance(criterion, Rows):
        chosen = list(dict.fromkeys(clean(str(code))[:40] for code in many(name) if str(code).strip()))
        each = {row.code for row in criterion.rows if row.each}
        if not each:
            return chosen
        times: dict[str, Any] = {code: True for code in chosen if code not in each}
        for code in each:
            given = clean(str(sent.get(f"n-{criterion.code}-{code}", "")))[:20]
            if given and given != "0":
                times[code] = given
        return times
    if isinstance(criterion, YesNo):
        return {"yes": True, "no": False}.get(str(sent.get(name)))
    if isinstance(criterion, Numeric) and criterion.fraction is not None:
        top = clean(str(sent.get(f"{name}-top", "")))[:40]
        bottom = clean(str(sent.get(f"{name}-bottom", "")))[:40]
        if top or bottom:
            return {"numerator": top, "denominator": bottom}
    given = clean(str(sent.get(name, "")))[:40]
    return given or None


def read_context(procedure: Procedure, sent: Mapping[str, Any]) -> dict[str, str]:
    """Return the values of the variables that were sent."""
    found = {
        variable.code: clean(str(sent.get(f"x-{variable.code}", "")))[:60] for variable in procedure.context
    }
    return {code: value for code, value in found.items() if value}


def read_comments(procedure: Procedure, sent: Mapping[str, Any]) -> dict[str, str]:
    """Return the comments by criterion."""
    found = {
        criterion.code: clean(str(sent.get(f"c-{criterion.code}", "")))[:MOST_COMMENT]
        for criterion in procedure.criteria
    }
    return {code: text for code, text in found.items() if text}


def scored(
    procedure: Procedure,
    answers: Mapping[str, Any],
    context: Mapping[str, Any],
    assessor: str = "",
) -> Result:
    """Score one sheet; criteria that experts mark are answered by the one assessor."""
    by_experts = {criterion.code for criterion in procedure.criteria if criterion.answered_by == "experts"}
    mine = {code: answer for code, answer in answers.items() if code not in by_experts}
    marks = {code: answer for code, answer in answers.items() if code in by_experts}
    experts = {assessor or "оценщик": marks} if marks else {}
    return score(procedure=procedure, answers=mine, context=context, experts=experts)


def frozen(procedure: Procedure, result: Result) -> dict[str, Any]:
    """Return a result as it is kept."""
    return as_json(procedure, result)


def for_page(result: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return a kept result with its numbers as people read them."""
    if not result:
        return {}
    criteria = {
        code: {
            **each,
            **{name: _number(each.get(name)) for name in ("points", "weighted", "coefficient", "maximum")},
        }
        for code, each in (result.get("criteria") or {}).items()
    }
    numbers = {name: _number(result.get(name)) for name in ("known_total", "maximum", "minimum")}
    total = result.get("total")
    has_status = bool(result.get("status")) or bool(result.get("status_title"))
    return {
        **result,
        **numbers,
        "total": None if total is None else _number(total),
        "maximum": None if result.get("maximum") is None else numbers["maximum"],
        "criteria": criteria,
        "status_title": result.get("status_title", "") if has_status else "",
    }


def _number(value: Any) -> str:
    return "—" if value is None else shown(Decimal(str(value)))


def chosen_with_points(procedure: Procedure, answers: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return (criterion, row) of everything ticked that says something is fulfilled."""
    found = []
    for criterion in procedure.criteria:
        if not isinstance(criterion, Rows):
            continue
        nothing = {row.code for row in criterion.rows if row.nothing}
        known = {row.code for row in criterion.rows}
        found += [
            (criterion.code, code)
            for code in chosen_rows(answers.get(criterion.code))
            if code in known and code not in nothing
        ]
    return found


def key_of(code: str) -> str:
    """Return the code of a criterion as an HTML id."""
    return "".join(char if char.isalnum() else "-" for char in code)


def views_of(
    procedure: Procedure,
    *,
    answers: Mapping[str, Any],
    comments: Mapping[str, str],
    proofs: Iterable[Any] = (),
    hints: Iterable[Hint] = (),
    result: Mapping[str, Any] | None = None,
    context: Mapping[str, Any] | None = None,
) -> list[CriterionView]:
    """Return every criterion that may apply here, in the order of the act."""
    kept, told = list(proofs), list(hints)
    notes = {code: each.get("state", "") for code, each in ((result or {}).get("criteria") or {}).items()}
    return [
        _view(criterion, answers, comments, kept, told, notes.get(criterion.code, ""), context or {})
        for criterion in procedure.criteria
        if _applies(criterion.when, context or {})
    ]


def _applies(when: When, context: Mapping[str, Any]) -> bool:
    """Tell whether a condition may hold; unknown values hide nothing."""
    for name, allowed in when.items():
        if allowed.values and context.get(name) and str(context[name]) not in allowed.values:
            return False
    return True


def _view(
    criterion: Criterion,
    answers: Mapping[str, Any],
    comments: Mapping[str, str],
    proofs: list[Any],
    hints: list[Hint],
    note: str,
    context: Mapping[str, Any],
) -> CriterionView:
    answer = answers.get(criterion.code)
    mine = [proof for proof in proofs if proof.criterion == criterion.code]
    told = [hint for hint in hints if hint.criterion == criterion.code]
    view = CriterionView(
        code=criterion.code,
        key=key_of(criterion.code),
        title=criterion.title,
        clauses=list(criterion.clause),
        kind=criterion.kind,
        evidence=criterion.evidence or "",
        is_chain=criterion.kind == "levels",
        is_single=criterion.kind == "one_row",
        rows=[],
        may_be_not_applicable=criterion.may_be_not_applicable,
        is_not_applicable=is_not_applicable(answer),
        comment=comments.get(criterion.code, ""),
        maximum=criterion.declared_maximum,
        hints=[hint for hint in told if not hint.rows],
        proofs=[proof for proof in mine if not proof.row],
        note=note,
    )
    if isinstance(criterion, Rows):
        chosen = chosen_rows(answer)
        for row in criterion.rows:
            if not _applies(row.when, context):
                continue
            times: Any = answer.get(row.code, "") if isinstance(answer, Mapping) else ""
            view.rows.append(
                RowView(
                    code=row.code,
                    text=row.text,
                    points=row.points.fixed if row.points.is_fixed else None,
                    is_nothing=row.nothing,
                    is_chosen=row.code in chosen,
                    is_each=row.each,
                    times="" if times in (True, False, None) else str(times),
                    evidence=row.evidence or "",
                    hints=[hint for hint in told if row.code in hint.rows],
                    proofs=[proof for proof in mine if proof.row == row.code],
                )
            )
        return view
    if isinstance(criterion, YesNo):
        view.value = ("yes" if answer else "no") if isinstance(answer, bool) else ""
    elif isinstance(answer, Mapping):
        view.numerator = str(answer.get("numerator", ""))
        view.denominator = str(answer.get("denominator", ""))
    elif answer is not None and not view.is_not_applicable:
        view.value = str(answer)
    if isinstance(criterion, Numeric):
        view.unit = criterion.unit or ""
        if criterion.fraction is not None:
            view.parts = (criterion.fraction.numerator, criterion.fraction.denominator)
    if isinstance(criterion, Mark):
        view.scale = (criterion.minimum, criterion.maximum, criterion.step)
    return view


def variables_of(
    procedure: Procedure, context: Mapping[str, Any], hidden: Iterable[str] = ()
) -> list[VariableView]:
    """Return what else must be known, as fields."""
    return [
        _variable(variable, context) for variable in procedure.context if variable.code not in set(hidden)
    ]


def _variable(variable: Variable, context: Mapping[str, Any]) -> VariableView:
    return VariableView(
        variable.code,
        variable.title,
        variable.kind,
        list((variable.values or {}).items()),
        str(context.get(variable.code, "")),
    )
