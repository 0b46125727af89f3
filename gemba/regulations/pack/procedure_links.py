"""Every code a procedure uses is declared, once, and every condition can hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from gemba.regulations.pack.base import Strict
from gemba.regulations.pack.procedure_criteria import CriterionBase, Mark, Numeric
from gemba.regulations.pack.procedure_parts import SHAPES, Amount

if TYPE_CHECKING:
    from gemba.regulations.pack.procedures import Example, ExampleSubject, Procedure


def broken_links(procedure: Procedure) -> list[str]:
    """Name every code that is used but not declared, or declared twice."""
    criteria = {criterion.code: criterion for criterion in procedure.criteria}
    blocks = {block.code for block in procedure.blocks}
    outcomes = {outcome.code for outcome in procedure.outcomes}
    variables = {variable.code: variable for variable in procedure.context}
    found: list[str] = []
    for what, codes in (
        ("критерий", [criterion.code for criterion in procedure.criteria]),
        ("блок", [block.code for block in procedure.blocks]),
        ("исход", [outcome.code for outcome in procedure.outcomes]),
        ("переменная", [variable.code for variable in procedure.context]),
    ):
        found += [
            f"{what} «{code}» записан дважды" for code in sorted({c for c in codes if codes.count(c) > 1})
        ]
    if both := sorted(blocks & set(criteria)):
        found.append(f"коды {', '.join(both)} даны и критерию, и блоку: дайте разные")

    def need(what: str, codes: Iterable[str], declared: Iterable[str], where: str) -> None:
        found.extend(
            f"{where}: кода «{code}» нет ({what}); объявлены: {', '.join(declared) or 'ни одного'}"
            for code in codes
            if code not in set(declared)
        )

    for criterion in procedure.criteria:
        need("блок", [criterion.block] if criterion.block else [], blocks, f"критерий {criterion.code}")
    for index, cutoff in enumerate(procedure.cutoffs, 1):
        need("критерий", cutoff.criteria or [], criteria, f"отсечение {index}")
        need("блок", cutoff.blocks or [], blocks, f"отсечение {index}")
        need("исход", [cutoff.outcome], outcomes, f"отсечение {index}")
        if cutoff.of == "value" and any(
            code in criteria and not isinstance(criteria[code], Numeric | Mark)
            for code in cutoff.criteria or []
        ):
            found.append(f"отсечение {index}: of: value возможно только у критериев, где вводится число")
    for index, band in enumerate(procedure.bands, 1):
        need("исход", [band.outcome], outcomes, f"диапазон итога {index}")
    if ranking := procedure.ranking:
        need("переменная", ranking.groups, variables, "рейтинг, groups")
        need("исход", ranking.only_outcomes or [], outcomes, "рейтинг, only_outcomes")
        for breaker in ranking.tie_breakers:
            need(
                "критерий",
                [breaker.criterion] if breaker.criterion else [],
                criteria,
                "рейтинг, tie_breakers",
            )
            need("блок", [breaker.block] if breaker.block else [], blocks, "рейтинг, tie_breakers")
            need(
                "переменная",
                [breaker.variable] if breaker.variable else [],
                variables,
                "рейтинг, tie_breakers",
            )
        if winners := ranking.winners:
            named = [winners.outcome] if winners.outcome else list((winners.outcomes or {}).values())
            need("исход", named, outcomes, "победители")
    by_experts = any(criterion.answered_by == "experts" for criterion in procedure.criteria)
    if by_experts != (procedure.experts is not None):
        found.append(
            "оценки ставят эксперты (answered_by: experts), но нет раздела experts: как их оценки сводятся"
            if by_experts
            else "есть раздел experts, но ни у одного критерия нет answered_by: experts"
        )
    if procedure.experts and procedure.experts.of == "totals":
        found += [
            f"критерий {criterion.code}: при experts.of: totals критерий экспертов не входит в блок, "
            "и его баллы сводятся к шкале только share_of_maximum"
            for criterion in procedure.criteria
            if criterion.answered_by == "experts"
            and (
                criterion.block or (criterion.normalise and criterion.normalise.method != "share_of_maximum")
            )
        ]
    for where, name, values, bounds in _conditions(procedure):
        if name not in variables:
            need("переменная", [name], variables, where)
            continue
        variable = variables[name]
        if variable.values is not None:
            need(f"значение переменной {name}", values, variable.values, where)
            if bounds:
                found.append(
                    f"{where}: у переменной «{name}» список закрыт, границ у неё нет: перечислите значения"
                )
        found += [
            f"{where}: «{value}» не подходит переменной «{name}», ожидается {SHAPES[variable.kind][0]}"
            for value in [*values, *bounds]
            if variable.values is None and not _is_written_as(variable.kind, value)
        ]
    for example in procedure.examples:
        several: list[Example | ExampleSubject] = [example, *example.subjects]
        for given in several:
            expect = given.expect
            named = [*(given.answers or {}), *(code for marks in given.experts.values() for code in marks)]
            named += [*expect.points, *expect.weighted] if expect else []
            need("критерий", dict.fromkeys(named), [*criteria, *blocks], f"пример «{example.title}»")
            need("переменная", given.context, variables, f"пример «{example.title}»")
    return found


def _is_written_as(kind: str, value: str) -> bool:
    if not re.fullmatch(SHAPES[kind][1], value):
        return False
    if kind != "date":
        return True
    try:
        date.fromisoformat("-".join(reversed(value.split("."))))
    except ValueError:
        return False
    return True


def _conditions(part: Any, where: str = "процедура") -> Iterator[tuple[str, str, list[str], list[str]]]:
    """Walk the procedure and yield every use of a context variable: the values and the bounds it names."""
    if isinstance(part, CriterionBase):
        where = f"критерий {part.code}"
    if isinstance(part, Amount) and part.by:
        yield where, part.by, list(part.values or {}), []
    if isinstance(part, Strict):
        for name, allowed in (getattr(part, "when", None) or {}).items():
            edges = (allowed.at_least, allowed.more_than, allowed.at_most, allowed.less_than)
            yield where, name, allowed.values or [], [edge for edge in edges if edge is not None]
        for name in type(part).model_fields:
            if name not in ("when", "examples"):
                yield from _conditions(getattr(part, name), where)
    elif isinstance(part, list | dict):
        for item in part.values() if isinstance(part, dict) else part:
            yield from _conditions(item, where)
