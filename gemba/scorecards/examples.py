"""Worked examples of a procedure: what they must give, and what they give."""

from __future__ import annotations

from collections.abc import Iterator

from gemba.regulations.pack.procedures import Example, Expected, Procedure
from gemba.scorecards.rules import Result, Subject, score_all
from gemba.scorecards.rules.exact import shown


def failures(procedure: Procedure, example: Example) -> list[str]:
    """Return in words everything the example expects and does not get."""
    if example.subjects:
        subjects = [
            Subject(each.subject, "", each.answers, each.experts, each.context) for each in example.subjects
        ]
        results = score_all(procedure=procedure, subjects=subjects, context=example.context)
        pairs = zip(example.subjects, results, strict=True)
        return [
            f"{each.subject}: {wrong}" for each, result in pairs for wrong in _compare(each.expect, result)
        ]
    subject = Subject(answers=example.answers or {}, experts=example.experts)
    result = score_all(procedure=procedure, subjects=[subject], context=example.context)[0]
    return list(_compare(example.expect, result)) if example.expect else []


def _compare(expect: Expected, result: Result) -> Iterator[str]:
    for code, points in expect.points.items():
        found = result.criteria[code].points if code in result.criteria else result.blocks[code].points
        if found != points:
            yield f"баллы {code}: ожидалось {shown(points)}, получено {shown(found)}"
    for code, weighted in expect.weighted.items():
        found = result.criteria[code].weighted if code in result.criteria else result.blocks[code].weighted
        if found != weighted:
            yield f"с коэффициентом {code}: ожидалось {shown(weighted)}, получено {shown(found)}"
    said = expect.model_fields_set
    if "total" in said and result.total != expect.total:
        yield f"итог: ожидалось {shown(expect.total)}, получено {shown(result.total)}"
    if "outcome" in said and result.outcome != expect.outcome:
        yield f"исход: ожидалось {expect.outcome}, получено {result.outcome}"
    if "award" in said and expect.award != result.award:
        yield f"победитель: ожидалось {expect.award}, получено {result.award}"
    if "place" in said and result.place != expect.place:
        yield f"место: ожидалось {expect.place}, получено {result.place}"
    if expect.cut_by is not None and list(result.cut_by) != expect.cut_by:
        yield f"отсечено: ожидалось {expect.cut_by}, получено {list(result.cut_by)}"
    if expect.undefined is not None and bool(result.undefined) != expect.undefined:
        yield f"не определено: {'; '.join(remark.text for remark in result.undefined) or 'ничего'}"
    if expect.problems is not None and bool(result.problems) != expect.problems:
        yield f"замечания: {'; '.join(problem.text for problem in result.problems) or 'нет'}"
    elif expect.problems is None and result.problems:
        yield f"замечания: {'; '.join(problem.text for problem in result.problems)}"
